"""Zones. Source: rest-api.md section 7.5."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row, false, select

from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.listing import page
from footlight.api.paths import decode_parameter
from footlight.api.render_machines import scopes
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.site import metadata, scoping, zones
from footlight.store import schema, sight
from footlight.store.text import folded, holds
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.zone import (
    Zone,
    ZoneDetail,
    ZonedItem,
    ZonedItemSearch,
    ZonedItemsRequest,
    ZoneRequest,
)

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
_z = schema.zones
_c = schema.catalogs


@routes.add("GET", "/Zones", gives=Collection[Zone], statuses=(200, 401, 403))
async def list_zones(
    caller: GivenCaller, parts: GivenParts, fields: FromQuery[str | None] = None
) -> Collection[Zone]:
    """All zones, the primary one first."""
    caller.require(Permission.ZONE_READ)

    def read(connection: Connection) -> list[Zone]:
        rows = list(
            connection.execute(select(_z).order_by(_z.c.is_primary.desc(), folded(_z.c.name)))
        )
        sick = zones.sick(connection, caller, [row.id for row in rows])
        return [Zone(**_members(row, sick)) for row in rows]

    items = await parts.store.read(read)
    return Collection(items=items, total_items=len(items))


@routes.add(
    "POST",
    "/Zones",
    status=201,
    job="CreateZone",
    takes=ZoneRequest,
    statuses=(201, 400, 401, 403, 409),
)
async def create_zone(request: Call, caller: GivenCaller, parts: GivenParts) -> Response[bytes]:
    """Make a zone."""
    caller.require(Permission.ZONE_MANAGE)
    wanted = await json_body(request, ZoneRequest)
    zone_id = await parts.store.write(lambda tx: zones.create(tx, caller, wanted))
    location = f"{entry_of(request.scope).base_url}/Zones/{zone_id}"
    return Response(b"", status_code=201, headers={"location": location})


@routes.add("GET", "/Zones/{nameOrId}", statuses=(200, 401, 403, 404))
async def get_zone(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> ZoneDetail:
    """A zone, by name or id, with the servers in it."""
    caller.require(Permission.ZONE_READ)
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> ZoneDetail:
        row = zones.get(connection, name)
        here = [Ref(id=parts.site.id, name=socket.gethostname())] if row.is_primary else []
        sick = zones.sick(connection, caller, [row.id])
        return ZoneDetail(**_members(row, sick), controllers=here)

    return await parts.store.read(read)


@routes.add("HEAD", "/Zones/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def zone_exists(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Whether there is a zone of that name."""
    caller.require(Permission.ZONE_READ)
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: zones.get(c, name))


@routes.add(
    "PATCH",
    "/Zones/{nameOrId}",
    status=204,
    job="EditZone",
    takes=ZoneRequest,
    statuses=(204, 400, 401, 403, 404, 409),
)
async def change_zone(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Rename or describe a zone."""
    caller.require(Permission.ZONE_MANAGE)
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, ZoneRequest)
    await parts.store.write(
        lambda tx: zones.change(tx, caller, zones.get(tx.connection, name), wanted)
    )


@routes.add(
    "DELETE", "/Zones/{nameOrId}", status=204, job="DeleteZone", statuses=(204, 401, 403, 404, 409)
)
async def delete_zone(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Take an empty zone away."""
    caller.require(Permission.ZONE_MANAGE)
    name = decode_parameter(nameOrId)
    await parts.store.write(lambda tx: zones.delete(tx, caller, zones.get(tx.connection, name)))


@routes.add(
    "POST",
    "/Zones/{nameOrId}/$addItems",
    status=204,
    job="AddItemsIntoZone",
    takes=ZonedItemsRequest,
    statuses=(204, 400, 401, 403, 404),
)
async def add_items(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Put machine catalogs, with their machines, into the zone."""
    await _put(request, caller, parts, decode_parameter(nameOrId))


@routes.add(
    "POST",
    "/Zones/{nameOrId}/$moveItems",
    status=204,
    job="MoveItemsIntoZone",
    takes=ZonedItemsRequest,
    statuses=(204, 400, 401, 403, 404),
)
async def move_items(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Put machine catalogs, with their machines, into the zone."""
    await _put(request, caller, parts, decode_parameter(nameOrId))


@routes.add(
    "POST",
    "/Zones/$removeItems",
    status=204,
    job="RemoveItemsFromZone",
    takes=ZonedItemsRequest,
    statuses=(204, 400, 401, 403, 404),
)
async def remove_items(request: Call, caller: GivenCaller, parts: GivenParts) -> None:
    """Put machine catalogs, with their machines, back into the primary zone."""
    await _put(request, caller, parts, None)


@routes.add(
    "POST",
    "/Zones/$search",
    job="DoZoneSearch",
    takes=ZonedItemSearch,
    gives=Collection[ZonedItem],
    statuses=(200, 400, 401, 403),
)
async def search_zones(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[Any]:
    """What lies in zones: the machine catalogs that the caller sees."""
    caller.require(Permission.ZONE_READ)
    wanted = await json_body(request, ZonedItemSearch)
    query = select(_c, _z.c.name.label("zone_name")).join(_z, _c.c.zone_id == _z.c.id)
    query = query.where(sight.catalogs(caller))
    if wanted.zone_id:
        query = query.where(_c.c.zone_id == wanted.zone_id.lower())
    if wanted.item_type not in (None, "Unknown", "MachineCatalog"):
        query = query.where(false())
    text = (wanted.basic_search_string or "").strip().lower()
    if text:
        query = query.where(holds(folded(_c.c.name), text))

    def render(connection: Connection, rows: Sequence[Row[Any]]) -> list[ZonedItem]:
        held = scoping.of_objects(
            connection, caller, Permission.CATALOG_READ, [row.id for row in rows]
        )
        return [_item(row, held.get(row.id, ())) for row in rows]

    return await page(
        parts,
        f"zoned:{wanted}",
        query,
        _c.c.uid,
        render,
        limit=limit,
        token=continuationToken,
    )


async def _put(request: Call, caller: Caller, parts: GivenParts, name: str | None) -> None:
    caller.require(Permission.ZONE_MANAGE)
    wanted = await json_body(request, ZonedItemsRequest)
    await parts.store.write(
        lambda tx: zones.put(
            tx,
            caller,
            None if name is None else zones.get(tx.connection, name),
            wanted.items,
        )
    )


def _members(row: Row[Any], sick: set[str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "is_primary": row.is_primary,
        "is_healthy": row.id not in sick,
        "metadata": metadata.pairs(row.metadata),
    }


def _item(row: Row[Any], held: Sequence[Row[Any]]) -> ZonedItem:
    return ZonedItem(
        id=row.id,
        name=row.name,
        description=row.description,
        item_type="MachineCatalog",
        scopes=scopes(held),
        zone_id=row.zone_id,
        zone_name=row.zone_name,
    )
