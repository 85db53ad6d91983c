"""Sessions in our own words, and tickets to their displays."""

from __future__ import annotations

import uuid
from typing import Any

from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Connection, Row

from footlight.access import tickets
from footlight.access.tickets import Ticket
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.audit.log import Act, record
from footlight.broker.action import RestartManager
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.policies import explained, reasons, reviews
from footlight.sessions import phases, queries, viewers
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.site import access_rules
from footlight.site.access_rules import Direction, Rules
from footlight.store.store import Tx
from footlight.wire.own import (
    NewTicket,
    PhaseView,
    SessionPage,
    SessionView,
    TicketView,
    ViewerView,
)
from footlight.wire.rest.dates import rfc3339, rfc3339_of

routes = Routes(cvad=False)
V1 = "/footlight/v1"
_VIEWERS = uuid.UUID("6f2c8f0e-5b0e-4f4f-9c3b-d1c4a1f0a7e5")


@routes.add("GET", V1 + "/sessions", statuses=(200, 400, 401))
async def list_own_views(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> SessionPage:
    """Sessions in our own words, newest first, ended ones too."""
    size = page_limit(limit, 100, 1000)
    key = parts.site.token_key
    below = read_token(key, "own-sessions", continuationToken) if continuationToken else None

    def read(connection: Connection) -> tuple[list[SessionView], PageToken | None]:
        rows, more = queries.own_page(connection, caller, size, below.after_uid if below else 0)
        return _views(connection, caller, rows), PageToken(rows[-1].uid, 0) if more else None

    items, following = await parts.store.read(read)
    token = write_token(key, "own-sessions", following) if following else None
    return SessionPage(items=items, continuation_token=token)


@routes.add("GET", V1 + "/sessions/{id}", statuses=(200, 401, 404))
async def get_own_view(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> SessionView:
    """A session in our own words; one that has ended for 24 h."""
    session_id = decode_parameter(id)

    def read(connection: Connection) -> list[SessionView]:
        row = queries.get(connection, caller, session_id, ended=True)
        return [] if row is None else _views(connection, caller, [row])

    found = await parts.store.read(read)
    if not found:
        raise no_session(session_id)
    return found[0]


@routes.add(
    "POST", V1 + "/sessions/{id}/tickets", status=201, statuses=(201, 400, 401, 403, 404, 409)
)
async def create_ticket(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[NewTicket | None] = None,
) -> TicketView:
    """A ticket for the display. Another's session is opened by those who may shadow."""
    session_id = decode_parameter(id)
    mode = data.mode if data is not None else "interactive"
    row = await parts.store.read(lambda c: queries.get(c, caller, session_id))
    if row is None:
        raise no_session(session_id)
    allowed = row.account_id == caller.account_id or await parts.store.read(
        lambda c: queries.may(c, caller, row.id, Permission.SHADOW)
    )
    if not allowed:
        raise Forbidden(f"This needs the permission {Permission.SHADOW}.")
    if row.display is None:
        raise Conflict("The session is not up yet.", id=row.id)
    ticket = Ticket(row.id, caller.account_id, mode)

    def write(tx: Tx) -> tuple[str, int]:
        if row.account_id != caller.account_id:
            record(tx, caller, _shadowing(row, mode))
        else:
            reviews.ask(tx, row.id, caller.address)
        return tickets.make(tx, ticket)

    text, expires_at_ms = await parts.store.write(write)
    own = row.account_id == caller.account_id
    rules = await parts.store.read(lambda c: access_rules.of_session(c, row.id))
    may_transfer = await parts.store.read(
        lambda c: queries.may(c, caller, row.id, Permission.TRANSFER_FILES)
    )
    return TicketView(
        ticket=text,
        expires_at=rfc3339_of(expires_at_ms),
        clipboard=clipboard_of(rules, own=own, mode=mode),
        files=rules.files if own or may_transfer else "off",
        viewer_id=viewer_id_of(text),
    )


def viewer_id_of(ticket: str) -> str:
    """What the viewer is called that comes with this ticket; it tells nothing of the ticket."""
    return str(uuid.uuid5(_VIEWERS, ticket))


def clipboard_of(rules: Rules, *, own: bool, mode: str) -> Direction:
    """Which way a viewer's text may go. Who only watches another gives none and gets none; the user himself, when he
    only watches, gets what may go out."""
    if mode == "interactive":
        return rules.clipboard
    return "out" if own and rules.clipboard in ("out", "both") else "off"


@routes.add(
    "POST",
    V1 + "/sessions/{id}/restart-window-manager",
    statuses=(200, 401, 403, 404, 409, 503),
)
async def restart_window_manager(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> SessionView:
    """Replace a window manager that hangs; programs and their windows stay. Answers once the new one runs."""
    row = await parts.actions.perform(caller, decode_parameter(id), RestartManager())
    return await parts.store.read(lambda c: _views(c, caller, [row])[0])


def _shadowing(row: Row[Any], mode: str) -> Act:
    verb = "Watch" if mode == "view" else "Take over"
    return Act(
        text=f"{verb} the session of {row.user_name}",
        kind="AdminActivity",
        target_type="Session",
        object_id=row.id,
        object_name=row.user_name,
        parameters={"Mode": mode},
    )


def _views(connection: Connection, caller: Caller, rows: list[Row[Any]]) -> list[SessionView]:
    may_record = queries.allowed(connection, caller, rows, Permission.RECORD)
    may_shadow = queries.allowed(connection, caller, rows, Permission.SHADOW)
    why = reasons.rows(connection, [row.id for row in rows])
    return [
        _session(row, row.id in may_record, row.id in may_shadow, why.get(row.id)) for row in rows
    ]


def _viewers(row: Row[Any], *, all_of_them: bool) -> list[ViewerView]:
    return [
        ViewerView(
            id=one.viewer_id,
            user_name=one.user_name,
            own=one.own,
            mode=one.mode,
            address=one.address,
            platform=one.platform,
            attached_at=rfc3339_of(one.attached_at_ms),
            to_viewer_bytes_per_second=one.to_viewer_bytes_s,
            from_viewer_bytes_per_second=one.from_viewer_bytes_s,
            round_trip_ms=one.round_trip_ms,
        )
        for one in viewers.read(row.viewers)
        if all_of_them or one.user_name == row.user_name
    ]


def _watched_since_ms(row: Row[Any]) -> int | None:
    """Told to its user, too: nobody is watched unseen."""
    others = [one.attached_at_ms for one in viewers.read(row.viewers) if not one.own]
    return min(others, default=None)


def _session(row: Row[Any], may_record: bool, may_shadow: bool, why: Any | None) -> SessionView:
    told = may_record or bool(row.r_notify)
    recording = queries.recording_shown(row, may_record)
    return SessionView(
        id=row.id,
        user_name=row.user_name,
        machine_name=row.m_name,
        resource_name=row.resource_name,
        state="Ended" if row.ended_at_ms is not None else row.state,
        state_changed_at=rfc3339(row.state_changed_at_ms),
        started_at=rfc3339(row.started_at_ms),
        idle_since=rfc3339(row.idle_since_ms),
        ended_at=rfc3339(row.ended_at_ms),
        hidden=row.is_hidden,
        recording=recording,
        recording_id=row.wanted_recording_id if recording else None,
        end_reason=row.end_reason,
        exit_code=row.exit_code,
        exit_detail=row.exit_detail,
        launch_phases=[PhaseView(name=one.name, ms=one.ms) for one in phases.of_session(row)],
        viewers=_viewers(row, all_of_them=may_shadow),
        recording_health=explained.health_view(why) if told else None,
        recording_since=rfc3339(row.r_started_at_ms) if recording else None,
        watched_since=rfc3339(_watched_since_ms(row)),
    )


def no_session(session_id: str) -> NotFound:
    """The answer for one that is not there or not seen."""
    return NotFound(
        "There is no such session.", code="UnknownSession", entityType="Session", id=session_id
    )
