"""Administrators and their rights, one's own among them. Source: rest-api.md section 7.5."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row, Select

from footlight.access import accounts, administrators, directory, groups
from footlight.access.accounts import Account
from footlight.access.administrators import Administrator as Known
from footlight.access.administrators import Wanted
from footlight.access.directory import Wanted as DirectoryWanted
from footlight.api import render_rights
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.listing import page
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.admin import (
    Administrator,
    AdministratorReport,
    AdministratorRequest,
    AdministratorRight,
    AdministratorUpdate,
    DeleteConsequence,
    NamePreview,
    RightRequest,
)
from footlight.wire.rest.paging import Collection

routes = Routes(cvad=True)
Call = Request[Any, Any, Any]


@routes.add(
    "GET",
    "/Admin/EffectiveRights",
    gives=Collection[AdministratorRight],
    statuses=(200, 304, 401),
    reads=("If-None-Match",),
)
async def get_effective_rights(
    request: Call, caller: GivenCaller, parts: GivenParts
) -> Response[bytes]:
    """What the caller may do, and where; an account that is no administrator has no rights."""

    def read(connection: Connection) -> list[AdministratorRight]:
        held = administrators.own_rights(
            connection, caller.account_id, with_groups=not caller.client_id
        )
        return render_rights.rights(connection, held, separate_duties=caller.separate_duties)

    items = await parts.store.read(read)
    body = msgspec.json.encode(Collection(items=items, total_items=len(items)))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or f"W/{tag}" in known or "*" in known:
        return Response(b"", status_code=304, headers={"etag": tag})
    return Response(body, headers={"etag": tag}, media_type="application/json")


@routes.add(
    "GET",
    "/Admin/Administrators",
    job="GetAdminAdministrators",
    gives=Collection[Administrator],
    statuses=(200, 400, 401, 403),
)
async def list_administrators(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[Any]:
    """Administrators with rights in scopes in which the caller may read them."""
    query = administrators.listed(caller)
    return await page_of(caller, parts, "administrators", query, limit, continuationToken)


async def page_of(
    caller: Caller,
    parts: Parts,
    name: str,
    query: Select[Any],
    limit: int | None,
    token: str | None,
) -> Collection[Any]:
    """A page of administrators (access/administrators.py listed) of a list that goes by `name`."""
    caller.require(Permission.ADMIN_READ)

    def rendered(connection: Connection, rows: Sequence[Row[Any]]) -> list[Administrator]:
        found: list[Administrator] = []
        for row in rows:
            account = accounts.by_id(connection, row.id)
            assert account is not None  # joined
            held = administrators.rights_of(connection, caller, row.id)
            found.append(_wire(connection, parts, caller, Known(account, row.is_enabled, held)))
        return found

    return await page(
        parts, name, query, schema.administrators.c.uid, rendered, limit=limit, token=token
    )


@routes.add(
    "POST",
    "/Admin/Administrators",
    status=204,
    job="CreateAdmin",
    takes=AdministratorRequest,
    statuses=(204, 400, 401, 403, 404, 409),
)
async def create_administrator(request: Call, caller: GivenCaller, parts: GivenParts) -> None:
    """Make an account an administrator with rights that the caller has."""
    caller.require(Permission.ADMIN_MANAGE)
    wanted = await json_body(request, AdministratorRequest)
    enabled = True if wanted.enabled is None else wanted.enabled
    rights = _wanted(wanted.rights or [])
    group = await _group_of_host(parts, wanted.user or "")

    def write(tx: Tx) -> None:
        if group is not None and groups.find(tx.connection, group.domain, group.name) is None:
            groups.keep(tx, group)
        administrators.create(tx, caller, parts.site.name, wanted.user, rights, enabled)

    await parts.store.write(write)


async def _group_of_host(parts: Parts, user: str) -> Account | None:
    """The group that HOST\\name means in this host's operating system; None for another text."""
    host = directory.host_name()
    if user.strip().rpartition("\\")[0].upper() != host or host == parts.site.name.upper():
        return None
    wanted = DirectoryWanted(names=(user.strip(),), kinds=frozenset(("Group",)), domain=host)
    found = await directory.look(parts.store, parts.site.name, host, wanted)
    return groups.fresh("os", host, found[0].name) if found else None


@routes.add(
    "POST",
    "/Admin/Administrators/$PreviewReport",
    takes=AdministratorRequest,
    statuses=(200, 400, 401, 403, 404),
)
async def preview_report(
    request: Call, caller: GivenCaller, parts: GivenParts
) -> AdministratorReport:
    """The report that an administrator would have; nothing is made."""
    caller.require(Permission.ADMIN_READ)
    wanted = await json_body(request, AdministratorRequest)

    def read(connection: Connection) -> AdministratorReport:
        account = administrators.require_account(connection, parts.site.name, wanted.user)
        held = administrators.named_rights(connection, caller, _wanted(wanted.rights or []))
        known = Known(account, wanted.enabled is not False, tuple(held))
        return render_rights.report(_wire(connection, parts, caller, known))

    return await parts.store.read(read)


@routes.add("GET", "/Admin/Administrators/{nameOrId}", statuses=(200, 401, 403, 404))
async def get_administrator(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Administrator:
    """An administrator, by account id, name, DOMAIN\\name or SID."""
    return await _read(caller, parts, nameOrId)


@routes.add("HEAD", "/Admin/Administrators/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def administrator_exists(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Whether there is an administrator of that name."""
    await _read(caller, parts, nameOrId)


@routes.add(
    "PATCH",
    "/Admin/Administrators/{nameOrId}",
    status=204,
    job="UpdateAdmin",
    takes=AdministratorUpdate,
    statuses=(204, 400, 401, 403, 404, 409),
)
async def change_administrator(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Replace rights, enable or disable; at once for tokens that are out."""
    caller.require(Permission.ADMIN_MANAGE)
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, AdministratorUpdate)
    rights = None if wanted.rights is None else _wanted(wanted.rights)

    def write(tx: Tx) -> None:
        known = administrators.get(tx.connection, caller, parts.site.name, name)
        administrators.change(tx, caller, known, wanted=rights, enabled=wanted.enabled)

    await parts.store.write(write)


@routes.add(
    "DELETE",
    "/Admin/Administrators/{nameOrId}",
    status=204,
    job="DeleteAdmin",
    statuses=(204, 401, 403, 404, 409),
)
async def delete_administrator(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """The account is no administrator any more."""
    caller.require(Permission.ADMIN_MANAGE)
    name = decode_parameter(nameOrId)

    def write(tx: Tx) -> None:
        known = administrators.get(tx.connection, caller, parts.site.name, name)
        administrators.delete(tx, caller, known)

    await parts.store.write(write)


@routes.add("GET", "/Admin/Administrators/{nameOrId}/Report", statuses=(200, 401, 403, 404))
async def get_report(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> AdministratorReport:
    """What an administrator may do, as an HTML page in base 64."""
    return render_rights.report(await _read(caller, parts, nameOrId))


@routes.add(
    "GET",
    "/Admin/Administrators/{nameOrId}/PreviewDeleteConsequence",
    statuses=(200, 401, 403, 404),
)
async def preview_delete(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> DeleteConsequence:
    """What deleting an administrator would take away."""
    caller.require(Permission.ADMIN_READ)
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> DeleteConsequence:
        known = administrators.get(connection, caller, parts.site.name, name)
        return DeleteConsequence(consequence=administrators.loss(connection, known).value)

    return await parts.store.read(read)


@routes.add("GET", "/Admin/Administrators/{nameOrId}/NamePreview", statuses=(200, 401, 403))
async def preview_name(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> NamePreview:
    """Whether an account of that name can be made an administrator."""
    caller.require(Permission.ADMIN_READ)
    name = decode_parameter(nameOrId)
    error = await parts.store.read(
        lambda c: administrators.objection(c, caller, parts.site.name, name)
    )
    return NamePreview(name=name, error=error)


async def _read(caller: Caller, parts: Parts, name_or_id: str) -> Administrator:
    caller.require(Permission.ADMIN_READ)
    name = decode_parameter(name_or_id)

    def read(connection: Connection) -> Administrator:
        known = administrators.get(connection, caller, parts.site.name, name)
        return _wire(connection, parts, caller, known)

    return await parts.store.read(read)


def _wire(connection: Connection, parts: Parts, caller: Caller, known: Known) -> Administrator:
    return render_rights.administrator(
        connection, known, parts.site.name, separate_duties=caller.separate_duties
    )


def _wanted(rights: Sequence[RightRequest]) -> list[Wanted]:
    return [Wanted(one.role, one.scope) for one in rights]
