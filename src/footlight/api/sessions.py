"""Sessions on the wire. Source: rest-api.md sections 3 and 4."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import ColumnElement

from footlight.api import render
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.caller import Caller
from footlight.errors import Invalid, NotFound
from footlight.sessions import queries
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.wire.rest.paging import (
    DEFAULT_LIMIT,
    MAXIMUM_LIMIT,
    Collection,
    named_fields,
    projected,
)
from footlight.wire.rest.session import RecordingStatus, Session

routes = Routes(cvad=True)


@routes.add("GET", "/Sessions")
async def list_sessions(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The live sessions that the caller may see, by uid."""
    return await list_page(caller, parts, limit, continuationToken, named_fields(fields))


async def list_page(
    caller: Caller,
    parts: Parts,
    limit: int | None,
    token: str | None,
    fields: frozenset[str] | None,
    *,
    name: str = "sessions",
    of: ColumnElement[bool] | None = None,
) -> Collection[Any]:
    """A page of live sessions by uid: of all, or of those for which `of` holds, a list that goes by `name`."""
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    key = parts.site.token_key
    after = read_token(key, name, token) if token else None
    page = await parts.store.read(
        lambda c: queries.live_page(
            c, caller, size, after.after_uid if after else 0, after.total if after else None, of=of
        )
    )
    following = PageToken(page.rows[-1].uid, page.total) if page.more else None
    return Collection(
        items=[projected(render.session(row), fields) for row in page.rows],
        continuation_token=write_token(key, name, following) if following else None,
        total_items=page.total,
    )


@routes.add("GET", "/Sessions/RecordingStatus")
async def recording_status(
    caller: GivenCaller, parts: GivenParts, id: FromQuery[str | None] = None
) -> RecordingStatus:
    """Whether the session is being recorded now: what the host last reported, never what is wanted."""
    if not id:
        raise Invalid("The query value id is missing.", name="id", problem="missing")
    row = await seen_session(caller, parts, id)
    return RecordingStatus(is_session_being_recorded=queries.recording_shown(row, caller))


@routes.add("GET", "/Sessions/{id}")
async def get_session(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], fields: FromQuery[str | None] = None
) -> Response[bytes]:
    """One live session."""
    row = await seen_session(caller, parts, decode_parameter(id))
    return _json(projected(render.session(row), named_fields(fields)))


@routes.add("POST", "/Sessions/{id}/$disconnect")
async def disconnect_session(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Session:
    """Close the session's viewers; the session stays."""
    return render.session(await parts.actions.disconnect(caller, decode_parameter(id)))


@routes.add("POST", "/Sessions/{id}/$logoff", status=204)
async def log_off_session(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> None:
    """End the session; 204 once its host has begun to."""
    await parts.actions.log_off(caller, decode_parameter(id))


@routes.add("POST", "/Sessions/{id}/$startRecording")
async def start_recording(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], notifyUser: FromQuery[bool] = True
) -> Session:
    """Record the session from now on; answers once the first key frame is on disk."""
    row = await parts.actions.start_recording(caller, decode_parameter(id), notify=notifyUser)
    return render.session(row)


@routes.add("POST", "/Sessions/{id}/$stopRecording")
async def stop_recording(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Session:
    """End the recording; answers once its last segment is sealed."""
    return render.session(await parts.actions.stop_recording(caller, decode_parameter(id)))


async def seen_session(caller: Caller, parts: Parts, session_id: str) -> Any:
    """The live session's joined row. Raises NotFound, also for one that the caller may not see."""
    row = await parts.store.read(lambda c: queries.get(c, caller, session_id))
    if row is None:
        raise NotFound(
            "There is no such session.", code="UnknownSession", entityType="Session", id=session_id
        )
    return row


def _json(value: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json")
