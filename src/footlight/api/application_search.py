"""Searching applications, and names for copies. Source: rest-api.md sections 5 and 7.4."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from footlight.api import render_applications
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.moments import moment
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.caller import Permission
from footlight.sessions.positions import Position, read_position, write_position
from footlight.site import application_changes, application_rows, application_search
from footlight.store import schema
from footlight.wire.rest.application import Application, RecommendedName
from footlight.wire.rest.application_request import ApplicationSearchRequest
from footlight.wire.rest.paging import (
    DEFAULT_LIMIT,
    MAXIMUM_LIMIT,
    Collection,
    named_fields,
    projected,
)

routes = Routes(cvad=True)

_r = schema.resources


@routes.add(
    "POST",
    "/Applications/$search",
    job="SearchApplications",
    takes=ApplicationSearchRequest,
    gives=Collection[Application],
    statuses=(200, 400, 401, 403, 404, 415),
    reads=("X-TimeZone",),
)
async def search_applications(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The applications that match, in the order asked for."""
    caller.require(Permission.APPLICATION_READ)
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    wanted = await json_body(request, ApplicationSearchRequest)
    asked = application_search.translate(wanted, caller, moment(request, parts.clock.now_ms()))
    key, names = parts.site.token_key, named_fields(fields)
    after = read_position(key, asked, continuationToken) if continuationToken else None

    def read(connection: Connection) -> tuple[list[Application], int, Position | None]:
        uids, total, end = application_search.page(
            connection, caller, wanted, asked, size, after=after
        )
        chosen = application_rows.rows().where(_r.c.uid.in_(uids))
        rows = {row.uid: row for row in connection.execute(chosen)}
        ordered = [rows[uid] for uid in uids]
        return render_applications.applications(connection, caller, ordered), total, end

    items, total, end = await parts.store.read(read)
    return Collection(
        items=[projected(item, names) for item in items],
        continuation_token=write_position(key, asked, end) if end else None,
        total_items=total,
    )


@routes.add("GET", "/Applications/{nameOrId}/RecommendName", statuses=(200, 401, 403, 404))
async def recommend_name(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> RecommendedName:
    """A free name for a copy of the application."""
    caller.require(Permission.APPLICATION_READ)
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> str:
        row = application_rows.get(connection, caller, name)
        return application_changes.recommended_name(connection, row.name)

    return RecommendedName(name=await parts.store.read(read))
