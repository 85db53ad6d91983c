"""Sessions on the wire. Source: rest-api.md sections 3 and 4."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, QueryParameter
from sqlalchemy import ColumnElement, Connection

from footlight.api import container_scopes, halves
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.broker.action import (
    Action,
    Disconnect,
    Hide,
    LogOff,
    SendMessage,
    StartRecording,
    StopRecording,
    Unhide,
)
from footlight.caller import Caller, Permission
from footlight.errors import Invalid, NotFound
from footlight.sessions import pieces, queries
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.wire.rest.message import SendMessageRequest, read_message
from footlight.wire.rest.paging import (
    DEFAULT_LIMIT,
    MAXIMUM_LIMIT,
    Collection,
    named_fields,
)
from footlight.wire.rest.session import RecordingStatus, Session

routes = Routes(cvad=True)

Call = Request[Caller, object, State]
Async = Annotated[bool, QueryParameter(name="async")]


@routes.add(
    "GET",
    "/Sessions",
    job="GetSessions",
    gives=Collection[Session],
    statuses=(200, 202, 400, 401, 403, 405, 406),
)
async def list_sessions(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The live sessions that the caller may see, by uid."""
    wanted = named_fields(fields)
    return json_response(await list_page(caller, parts, limit, continuationToken, wanted))


async def list_page(
    caller: Caller,
    parts: Parts,
    limit: int | None,
    token: str | None,
    fields: frozenset[str] | None,
    *,
    name: str = "sessions",
    of: ColumnElement[bool] | None = None,
) -> bytes:
    """A page of live sessions by uid, as JSON: of all, or of those for which `of` holds, a list that goes by
    `name`."""
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    key = parts.site.token_key
    after = read_token(key, name, token) if token else None

    def read(connection: Connection) -> bytes:
        found = pieces.live_page(
            connection,
            caller,
            size,
            after.after_uid if after else 0,
            after.total if after else None,
            of=of,
        )
        following = None
        if found.last_uid is not None:
            following = write_token(key, name, PageToken(found.last_uid, found.total))
        held = container_scopes.held(connection, caller, found.pieces.machines.values())
        return halves.page(found.pieces, held, following, found.total, fields)

    return await parts.store.read(read)


@routes.add("GET", "/Sessions/RecordingStatus", statuses=(200, 400, 401, 404))
async def recording_status(
    caller: GivenCaller, parts: GivenParts, id: FromQuery[str | None] = None
) -> RecordingStatus:
    """Whether the session is being recorded now: what the host last reported, never what is wanted."""
    if not id:
        raise Invalid("The query value id is missing.", name="id", problem="missing")
    row = await seen_session(caller, parts, id)
    may = await parts.store.read(lambda c: queries.may(c, caller, row.id, Permission.RECORD))
    return RecordingStatus(is_session_being_recorded=queries.recording_shown(row, may))


@routes.add("GET", "/Sessions/{id}", gives=Session, statuses=(200, 401, 404))
async def get_session(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], fields: FromQuery[str | None] = None
) -> Response[bytes]:
    """One live session."""
    row = await seen_session(caller, parts, decode_parameter(id))
    body = await _body(caller, parts, row)
    return json_response(halves.projected(body, named_fields(fields)))


@routes.add("POST", "/Sessions/{id}/$disconnect", gives=Session, statuses=(200, 202, 401, 404))
async def disconnect_session(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    in_background: Async = False,
) -> Response[bytes]:
    """Close the session's viewers; the session stays."""
    return await _act(request, caller, parts, id, Disconnect(), in_background)


@routes.add("POST", "/Sessions/{id}/$logoff", statuses=(202, 204, 401, 404, 503))
async def log_off_session(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    in_background: Async = False,
) -> Response[bytes]:
    """End the session; 204 once its host has begun to."""
    return await _act(request, caller, parts, id, LogOff(), in_background, bare=True)


@routes.add("POST", "/Sessions/{id}/$hide", statuses=(202, 204, 401, 403, 404))
async def hide_session(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    in_background: Async = False,
) -> Response[bytes]:
    """Launches do not take the session up any more."""
    return await _act(request, caller, parts, id, Hide(), in_background, bare=True)


@routes.add("POST", "/Sessions/{id}/$unhide", statuses=(202, 204, 401, 403, 404))
async def unhide_session(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    in_background: Async = False,
) -> Response[bytes]:
    """Launches may take the session up again."""
    return await _act(request, caller, parts, id, Unhide(), in_background, bare=True)


@routes.add(
    "POST",
    "/Sessions/{id}/$sendMessage",
    takes=SendMessageRequest,
    gives=Session,
    statuses=(200, 202, 400, 401, 404, 409, 415, 503),
)
async def send_message(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    in_background: Async = False,
) -> Response[bytes]:
    """Show a message on the session's screen; answers once it is there."""
    said = read_message(await request.body())
    action = SendMessage(style=said.style, title=said.title, text=said.text)
    return await _act(request, caller, parts, id, action, in_background)


@routes.add(
    "POST",
    "/Sessions/{id}/$startRecording",
    gives=Session,
    statuses=(200, 202, 401, 404, 409, 415, 503),
)
async def start_recording(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    notifyUser: FromQuery[bool] = True,
    in_background: Async = False,
) -> Response[bytes]:
    """Record the session from now on; answers once the first key frame is on disk."""
    action = StartRecording(notify=notifyUser)
    return await _act(request, caller, parts, id, action, in_background)


@routes.add(
    "POST",
    "/Sessions/{id}/$stopRecording",
    gives=Session,
    statuses=(200, 202, 401, 404, 409),
)
async def stop_recording(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    in_background: Async = False,
) -> Response[bytes]:
    """End the recording; answers once its last segment is sealed. 409 names the policy that still has the session
    recorded."""
    return await _act(request, caller, parts, id, StopRecording(), in_background)


async def _act(
    request: Call,
    caller: Caller,
    parts: Parts,
    id: str,
    action: Action,
    in_background: bool,
    *,
    bare: bool = False,
) -> Response[bytes]:
    """The session after the action, or nothing (`bare`); 202 and the job if it shall not be waited for."""
    session_id = decode_parameter(id)
    if in_background:
        return _accepted(request, await parts.actions.begin(caller, session_id, action))
    row = await parts.actions.perform(caller, session_id, action)
    if bare:
        return Response(b"", status_code=204)
    return json_response(await _body(caller, parts, row))


async def _body(caller: Caller, parts: Parts, row: Any) -> bytes:
    held = await parts.store.read(lambda c: container_scopes.held(c, caller, [row]))
    return halves.body(row, held)


def _accepted(request: Call, job_id: str) -> Response[bytes]:
    location = f"{entry_of(request.scope).base_url}/Jobs/{job_id}"
    return Response(
        b"", status_code=202, headers={"location": location}, media_type="application/json"
    )


async def seen_session(caller: Caller, parts: Parts, session_id: str) -> Any:
    """The live session's joined row. Raises NotFound, also for one that the caller may not see."""
    row = await parts.store.read(lambda c: queries.get(c, caller, session_id))
    if row is None:
        raise NotFound(
            "There is no such session.", code="UnknownSession", entityType="Session", id=session_id
        )
    return row


def json_response(body: bytes) -> Response[bytes]:
    """An answer that is JSON already."""
    return Response(body, media_type="application/json")
