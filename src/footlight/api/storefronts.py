"""StoreFront servers: a stored list. Source: rest-api.md section 11."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request
from litestar.params import FromPath
from sqlalchemy import Connection, Row, select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Permission
from footlight.site import storefronts
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.site import StoreFront, StoreFrontRequest

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
_f = schema.storefronts


@routes.add("GET", "/StoreFrontServers", statuses=(200, 401, 403))
async def list_storefronts(caller: GivenCaller, parts: GivenParts) -> Collection[StoreFront]:
    """All of them."""
    caller.require(Permission.SITE_READ)
    rows = await parts.store.read(lambda c: c.execute(select(_f).order_by(_f.c.uid)).all())
    return Collection(items=_wire(rows), total_items=len(rows))


@routes.add(
    "POST",
    "/StoreFrontServers",
    job="CreateStoreFrontServer",
    takes=StoreFrontRequest,
    statuses=(200, 400, 401, 403, 409),
)
async def create_storefront(request: Call, caller: GivenCaller, parts: GivenParts) -> StoreFront:
    """Keep an address."""
    caller.require(Permission.SITE_CONFIGURE)
    wanted = await json_body(request, StoreFrontRequest)

    def write(tx: Tx) -> StoreFront:
        return _one(tx.connection, storefronts.create(tx, caller, wanted))

    return await parts.store.write(write)


@routes.add("GET", "/StoreFrontServers/{nameOrId}", statuses=(200, 401, 403, 404))
async def get_storefront(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> StoreFront:
    """One, by name or id."""
    caller.require(Permission.SITE_READ)
    name = decode_parameter(nameOrId)
    return await parts.store.read(lambda c: _one(c, name))


@routes.add(
    "PATCH",
    "/StoreFrontServers/{nameOrId}",
    job="UpdateStoreFrontServer",
    takes=StoreFrontRequest,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def change_storefront(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> StoreFront:
    """Change what the body names."""
    caller.require(Permission.SITE_CONFIGURE)
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, StoreFrontRequest)

    def write(tx: Tx) -> StoreFront:
        row = storefronts.get(tx.connection, name)
        storefronts.change(tx, caller, row, wanted)
        return _one(tx.connection, row.id)

    return await parts.store.write(write)


@routes.add(
    "DELETE",
    "/StoreFrontServers/{nameOrId}",
    job="DeleteStoreFrontServer",
    status=204,
    statuses=(204, 401, 403, 404),
)
async def delete_storefront(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Forget an address."""
    caller.require(Permission.SITE_CONFIGURE)
    name = decode_parameter(nameOrId)
    await parts.store.write(
        lambda tx: storefronts.delete(tx, caller, storefronts.get(tx.connection, name))
    )


@routes.add("GET", "/StoreFrontServers/{nameOrId}/DeliveryGroups", statuses=(200, 401, 403, 404))
async def groups_of_storefront(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Collection[Ref]:
    """None: delivery groups here name no StoreFront servers."""
    caller.require(Permission.SITE_READ)
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: storefronts.get(c, name))
    return Collection(items=[], total_items=0)


def _one(connection: Connection, name_or_id: str) -> StoreFront:
    return _wire([storefronts.get(connection, name_or_id)])[0]


def _wire(rows: Sequence[Row[Any]]) -> list[StoreFront]:
    return [
        StoreFront(
            id=row.id, name=row.name, description=row.description, url=row.url, enabled=row.enabled
        )
        for row in rows
    ]
