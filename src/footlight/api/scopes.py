"""Scopes and what they hold. Source: rest-api.md sections 4.6 and 7.5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row, literal, select

from footlight.access import scopes
from footlight.access.scopes import Named
from footlight.api import render_rights
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.listing import page
from footlight.api.paths import decode_parameter
from footlight.api.roles import created
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.errors import Conflict
from footlight.ids import ZERO_GUID
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.admin import ScopedObject, ScopedObjectRequest, ScopeRequest
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.scope import ALL_SCOPE, Scope

routes = Routes(cvad=True)
Call = Request[Any, Any, Any]
_s = schema.scopes


@routes.add("GET", "/Admin/Scopes", gives=Collection[Scope], statuses=(200, 400, 401, 403))
async def list_scopes(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The scope All, and those in which the caller may read administrators."""
    caller.require(Permission.ADMIN_READ)
    # All is no row. It stands first, in the place before that of the first row.
    places = select(literal(ZERO_GUID).label("id"), literal(1).label("uid")).union_all(
        select(_s.c.id, _s.c.uid + 1).where(scopes.seen(caller))
    )
    both = places.subquery()

    def rendered(connection: Connection, found: Sequence[Row[Any]]) -> list[Scope]:
        ids = [row.id for row in found]
        rows = {row.id: row for row in connection.execute(select(_s).where(_s.c.id.in_(ids)))}
        return [ALL_SCOPE if id == ZERO_GUID else render_rights.scope(rows[id]) for id in ids]

    return await page(
        parts,
        "scopes",
        select(both),
        both.c.uid,
        rendered,
        limit=limit,
        token=continuationToken,
    )


@routes.add(
    "POST",
    "/Admin/Scopes",
    status=201,
    job="CreateAdminScope",
    takes=ScopeRequest,
    gives=Scope,
    statuses=(201, 400, 401, 403, 404, 409),
)
async def create_scope(request: Call, caller: GivenCaller, parts: GivenParts) -> Response[bytes]:
    """Make a scope."""
    caller.require(Permission.ADMIN_MANAGE)
    wanted = await json_body(request, ScopeRequest)
    named = _named(wanted.scoped_objects or [])

    def write(tx: Tx) -> Scope:
        scope_id = scopes.create(tx, caller, wanted.name, wanted.description, named)
        return _wire(tx.connection, caller, scope_id)

    return created(request, "Scopes", await parts.store.write(write))


@routes.add("GET", "/Admin/Scopes/{nameOrId}", statuses=(200, 401, 403, 404))
async def get_scope(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> Scope:
    """A scope, by name or id."""
    caller.require(Permission.ADMIN_READ)
    name = decode_parameter(nameOrId)
    return await parts.store.read(lambda c: _wire(c, caller, name))


@routes.add("HEAD", "/Admin/Scopes/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def scope_exists(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Whether there is a scope of that name."""
    caller.require(Permission.ADMIN_READ)
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: _wire(c, caller, name))


@routes.add(
    "GET",
    "/Admin/Scopes/{nameOrId}/ScopedObjects",
    gives=Collection[ScopedObject],
    statuses=(200, 401, 403, 404),
)
async def list_scoped_objects(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[ScopedObject]:
    """What a scope holds, in one answer: of what the caller sees."""
    caller.require(Permission.ADMIN_READ)
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> list[ScopedObject]:
        scope_id = _wire(connection, caller, name).id
        return [
            ScopedObject(
                object=Ref(id=one.id, uid=one.uid, name=one.name),
                object_description=one.description,
                object_type=one.kind,  # type: ignore[arg-type]
            )
            for one in scopes.objects(connection, caller, scope_id)
        ]

    items = await parts.store.read(read)
    return Collection(items=items, total_items=len(items))


@routes.add(
    "PATCH",
    "/Admin/Scopes/{nameOrId}",
    status=204,
    job="UpdateAdminScope",
    takes=ScopeRequest,
    statuses=(204, 400, 401, 403, 404, 409),
)
async def change_scope(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Change a scope; `ScopedObjects` replaces what it holds."""
    caller.require(Permission.ADMIN_MANAGE)
    name = decode_parameter(nameOrId)
    _refuse_all(name)
    wanted = await json_body(request, ScopeRequest)
    named = None if wanted.scoped_objects is None else _named(wanted.scoped_objects)
    await parts.store.write(
        lambda tx: scopes.change(
            tx,
            caller,
            scopes.get(tx.connection, caller, name),
            name=wanted.name,
            description=wanted.description,
            wanted=named,
        )
    )


@routes.add(
    "DELETE",
    "/Admin/Scopes/{nameOrId}",
    status=204,
    job="DeleteAdminScope",
    statuses=(204, 401, 403, 404, 409),
)
async def delete_scope(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Remove a scope in which no administrator has rights."""
    caller.require(Permission.ADMIN_MANAGE)
    name = decode_parameter(nameOrId)
    _refuse_all(name)
    await parts.store.write(
        lambda tx: scopes.delete(tx, caller, scopes.get(tx.connection, caller, name))
    )


def _wire(connection: Connection, caller: Caller, name_or_id: str) -> Scope:
    if scopes.is_all(name_or_id):
        return ALL_SCOPE
    return render_rights.scope(scopes.get(connection, caller, name_or_id))


def _named(wanted: Sequence[ScopedObjectRequest]) -> list[Named]:
    return [
        Named(scopes.checked_kind(one.object_type), one.object)
        for one in wanted[: scopes.MAX_OBJECTS]
    ]


def _refuse_all(name_or_id: str) -> None:
    if scopes.is_all(name_or_id):
        raise Conflict("The scope All is the same on every site.", id=ZERO_GUID)
