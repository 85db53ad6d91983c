"""Searching and counting machines. Source: rest-api.md sections 5 and 7.1."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.params import FromQuery
from sqlalchemy import Connection

from footlight.api import machines
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.moments import moment
from footlight.api.routing import Routes
from footlight.api.session_search import checked_skip
from footlight.api.tokens import page_limit
from footlight.caller import Permission
from footlight.sessions.positions import Position, read_position, write_position
from footlight.site import inventory_search, machine_rows, machine_search
from footlight.store import schema, sight
from footlight.wire.rest.machine import Machine
from footlight.wire.rest.machine_request import GroupMachinesRequest
from footlight.wire.rest.paging import (
    DEFAULT_LIMIT,
    MAXIMUM_LIMIT,
    Collection,
    named_fields,
    projected,
)
from footlight.wire.rest.search import SearchRequest

routes = Routes(cvad=True)


@routes.add(
    "POST",
    "/Machines/$search",
    job="DoMachineSearch",
    takes=SearchRequest,
    gives=Collection[Machine],
    statuses=(200, 400, 401, 403, 415),
    reads=("X-TimeZone",),
)
async def search_machines(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
    skip: FromQuery[int | None] = None,
) -> Collection[Any]:
    """The machines in catalogs that match, in the order asked for. `skip` counts before the first page only."""
    caller.require(Permission.MACHINE_READ)
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    passed = checked_skip(skip)
    now = moment(request, parts.clock.now_ms())
    asked = machine_search.translate(await json_body(request, SearchRequest), caller, now)
    key, names = parts.site.token_key, named_fields(fields)
    after = read_position(key, asked, continuationToken) if continuationToken else None
    seen = sight.machines(caller) & machine_rows.configured(True)

    def read(connection: Connection) -> tuple[list[Machine], int, Position | None]:
        uids, total, end = inventory_search.page(
            connection,
            machine_rows.TABLES,
            schema.machines.c.uid,
            seen,
            asked,
            size,
            after=after,
            skip=passed,
        )
        rows = machine_rows.by_uid(connection, uids)
        return machines.rendered(caller, names)(connection, rows), total, end

    items, total, end = await parts.store.read(read)
    return Collection(
        items=[projected(item, names) for item in items],
        continuation_token=write_position(key, asked, end) if end else None,
        total_items=total,
    )


@routes.add(
    "POST",
    "/Machines/$group",
    takes=GroupMachinesRequest,
    gives=dict[str, int],
    statuses=(200, 400, 401, 403, 415),
    reads=("X-TimeZone",),
)
async def group_machines(
    request: Request[Any, Any, Any], caller: GivenCaller, parts: GivenParts
) -> dict[str, int]:
    """How many matching machines there are of each value of one property."""
    caller.require(Permission.MACHINE_READ)
    wanted = await json_body(request, GroupMachinesRequest)
    now = moment(request, parts.clock.now_ms())
    return await parts.store.read(lambda c: machine_search.grouped(c, wanted, caller, now))
