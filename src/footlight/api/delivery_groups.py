"""Delivery groups. Source: rest-api.md section 7.3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row

from footlight.api import listing, render_groups
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.render_groups import Beside
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.site import entitlement, folders, group_changes, groups, scoping
from footlight.site.entitlement import OPEN
from footlight.site.groups import Counts
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.catalog import CheckNameRequest
from footlight.wire.rest.delivery_group import (
    GROUP_FIELDS,
    GROUP_V2_FIELDS,
    CreateGroupRequest,
    DeliveryGroup,
    EditGroupRequest,
)
from footlight.wire.rest.paging import Collection, named_fields, projected

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
Render = Callable[[Connection, Sequence[Row[Any]]], list[DeliveryGroup]]


@routes.add(
    "GET",
    "/DeliveryGroups",
    job="GetDeliveryGroups",
    gives=Collection[DeliveryGroup],
    statuses=(200, 400, 401, 403),
)
async def list_groups(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
    adminFolder: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The groups that the caller sees, by uid; of one folder if it is named."""
    defaults = GROUP_FIELDS
    return await _page(caller, parts, limit, continuationToken, fields, adminFolder, defaults)


@routes.add(
    "GET",
    "/DeliveryGroupsV2",
    job="GetDeliveryGroups",
    gives=Collection[DeliveryGroup],
    statuses=(200, 400, 401, 403),
)
async def list_groups_v2(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
    adminFolder: FromQuery[str | None] = None,
) -> Collection[Any]:
    """As `GET /DeliveryGroups`; without `fields` only V2's own members."""
    defaults = GROUP_V2_FIELDS
    return await _page(caller, parts, limit, continuationToken, fields, adminFolder, defaults)


async def _page(
    caller: Caller,
    parts: Parts,
    limit: int | None,
    token: str | None,
    fields: str | None,
    folder: str | None,
    defaults: frozenset[str],
) -> Collection[Any]:
    caller.require(Permission.GROUP_READ)
    query = groups.seen(caller)
    if folder is not None:
        place = await parts.store.read(lambda c: folders.get(c, folder))
        query = query.where(folders.in_folder(schema.delivery_groups, place))
    return await listing.page(
        parts,
        f"groups:{folder}",
        query,
        schema.delivery_groups.c.uid,
        rendered(caller, parts.site.name),
        limit=limit,
        token=token,
        fields=fields,
        default_fields=defaults,
    )


def rendered(caller: Caller, site_name: str) -> Render:
    """Renders joined rows as list items, to be cut to GROUP_FIELDS."""

    def render(connection: Connection, rows: Sequence[Row[Any]]) -> list[DeliveryGroup]:
        ids = [row.id for row in rows]
        counts = groups.counts(connection, caller, ids)
        scopes = scoping.of_objects(connection, caller, Permission.GROUP_READ, ids)
        return [
            render_groups.group(
                row, Beside(site_name, counts.get(row.id, Counts()), scopes.get(row.id, ()))
            )
            for row in rows
        ]

    return render


def detailed(
    connection: Connection, caller: Caller, row: Row[Any], site_name: str
) -> DeliveryGroup:
    """The whole group of a joined row, as the caller sees it."""
    machines = schema.machines.c
    scopes = scoping.of_objects(connection, caller, Permission.GROUP_READ, [row.id])
    beside = Beside(
        site_name,
        groups.counts(connection, caller, [row.id]).get(row.id, Counts()),
        scopes.get(row.id, ()),
        entitlement.rules(connection, [row.id]).get(row.id, OPEN),
        groups.systems(connection, row.id, machines.os_type),
        groups.systems(connection, row.id, machines.agent_version),
    )
    return render_groups.group(row, beside)


@routes.add(
    "POST",
    "/DeliveryGroups",
    job="CreateDeliveryGroup",
    takes=CreateGroupRequest,
    gives=DeliveryGroup,
    statuses=(200, 400, 401, 403, 404, 409, 415),
)
async def create_group(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    detailResponseRequired: FromQuery[bool] = True,
) -> Response[bytes]:
    """Make a group, with the machines, desktops and applications that are named."""
    caller.require(Permission.GROUP_CREATE)
    wanted = await json_body(request, CreateGroupRequest)

    def write(tx: Tx) -> DeliveryGroup:
        made = group_changes.create(tx, caller, wanted, parts.site.name)
        return detailed(tx.connection, caller, made, parts.site.name)

    shown = await parts.store.write(write)
    cut = projected(shown, None if detailResponseRequired else GROUP_FIELDS)
    return Response(msgspec.json.encode(cut), media_type="application/json")


@routes.add(
    "POST",
    "/DeliveryGroups/$checkName",
    status=204,
    takes=CheckNameRequest,
    statuses=(204, 400, 401, 403, 404),
)
async def check_group_name(request: Call, caller: GivenCaller, parts: GivenParts) -> None:
    """204 when there is a group of that name, 404 when not: what HEAD says, for names that no path holds."""
    caller.require(Permission.GROUP_READ)
    wanted = await json_body(request, CheckNameRequest)
    await parts.store.read(lambda c: groups.get(c, caller, wanted.name))


@routes.add(
    "GET",
    "/DeliveryGroups/{nameOrId}",
    gives=DeliveryGroup,
    statuses=(200, 401, 403, 404),
)
async def get_group(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    fields: FromQuery[str | None] = None,
) -> Response[bytes]:
    """One group."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> DeliveryGroup:
        row = groups.get(connection, caller, name)
        return detailed(connection, caller, row, parts.site.name)

    shown = projected(await parts.store.read(read), named_fields(fields))
    return Response(msgspec.json.encode(shown), media_type="application/json")


@routes.add("HEAD", "/DeliveryGroups/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def group_exists(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Whether there is such a group that the caller sees."""
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: groups.get(c, caller, name))


@routes.add(
    "PATCH",
    "/DeliveryGroups/{nameOrId}",
    status=204,
    job="UpdateDeliveryGroup",
    takes=EditGroupRequest,
    statuses=(204, 400, 401, 403, 404, 409),
)
async def update_group(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Change what the body names; the rest stays."""
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, EditGroupRequest)
    await parts.store.write(
        lambda tx: group_changes.change(
            tx, caller, groups.get(tx.connection, caller, name), wanted, parts.site.name
        )
    )


@routes.add(
    "DELETE",
    "/DeliveryGroups/{nameOrId}",
    status=204,
    job="DeleteDeliveryGroup",
    statuses=(204, 401, 403, 404, 409),
)
async def delete_group(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    force: FromQuery[bool] = False,
) -> None:
    """Forget a group; its machines are in no group any more."""
    name = decode_parameter(nameOrId)
    await parts.store.write(
        lambda tx: group_changes.delete(
            tx, caller, groups.get(tx.connection, caller, name), force=force
        )
    )
