"""Searching sessions, and the second generation of their list. Source: rest-api.md sections 3.2, 3.4 and 5."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.params import FromQuery
from sqlalchemy import Connection

from footlight.api import container_scopes, halves
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.moments import moment
from footlight.api.routing import Routes
from footlight.api.sessions import json_response, list_page
from footlight.api.tokens import page_limit
from footlight.errors import Invalid
from footlight.sessions import pieces, search
from footlight.sessions.positions import read_position, write_position
from footlight.wire.rest.paging import (
    DEFAULT_LIMIT,
    MAXIMUM_LIMIT,
    Collection,
    named_fields,
)
from footlight.wire.rest.search import SearchRequest
from footlight.wire.rest.session import V2_FIELDS, Session

MAXIMUM_SKIP = 2**31 - 1

routes = Routes(cvad=True)


@routes.add(
    "GET", "/SessionsV2", job="GetSessions", gives=Collection[Session], statuses=(200, 400, 401)
)
async def list_sessions_v2(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The live sessions that the caller may see; without `fields` only V2's own members."""
    wanted = named_fields(fields) or V2_FIELDS
    return json_response(await list_page(caller, parts, limit, continuationToken, wanted))


@routes.add(
    "POST",
    "/Sessions/$search",
    job="DoSessionSearch",
    takes=SearchRequest,
    gives=Collection[Session],
    statuses=(200, 400, 401, 415),
    reads=("X-TimeZone",),
)
async def search_sessions(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
    skip: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The live sessions that match, in the order asked for. `skip` counts before the first page only."""
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    passed = checked_skip(skip)
    now = moment(request, parts.clock.now_ms())
    wanted = await json_body(request, SearchRequest)
    asked = search.translate(wanted, caller, now)
    key = parts.site.token_key
    after = read_position(key, asked, continuationToken) if continuationToken else None
    names = named_fields(fields)

    def read(connection: Connection) -> bytes:
        found = search.page(connection, caller, asked, size, after=after, skip=passed)
        following = write_position(key, asked, found.end) if found.end else None
        shown = pieces.of_uids(connection, found.uids)
        held = container_scopes.held(connection, caller, shown.machines.values())
        return halves.page(shown, held, following, found.total, names)

    return json_response(await parts.store.read(read))


def checked_skip(skip: int | None) -> int:
    """How many matches are passed over before the first page. Raises Invalid."""
    if skip is not None and not 0 <= skip <= MAXIMUM_SKIP:
        raise Invalid("skip is 0 or more.", name="skip", value=str(skip), problem="outOfRange")
    return skip or 0
