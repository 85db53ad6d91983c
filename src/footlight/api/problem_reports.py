"""Problems in sessions, as users and help desk report them."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Row

from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.recording_openings import Moment, link_to
from footlight.api.routing import Routes
from footlight.api.session_views import V1, no_session
from footlight.api.tokens import page_limit
from footlight.broker import problems
from footlight.broker.problems import Reported
from footlight.bus import subjects
from footlight.caller import Caller, Permission
from footlight.errors import Forbidden, NotFound, Unavailable
from footlight.sessions import queries, viewers
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.wire.host import ReadOutputs, SessionOutputs, decode, encode
from footlight.wire.recordings import NewReport, ReportPage, ReportView
from footlight.wire.rest.dates import rfc3339, rfc3339_of

routes = Routes(cvad=False)
Call = Request[Caller, object, State]
REPORTS = V1 + "/reports"
BEGINS_WITHIN_S = 10.0
LOGS_WITHIN_S = 5.0
LAST_LINES = 40
MAX_LINE_CHARACTERS = 500
LINK_MS = 7 * 86_400_000  # from when the report is looked at


@routes.add("POST", V1 + "/sessions/{id}/reports", status=201, statuses=(201, 400, 401, 403, 404))
async def report_problem(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[NewReport],
) -> ReportView:
    """Report a problem in a session: by its user, or by who may record it. It is recorded on for a while where that
    may be, and how it was at this moment is kept."""
    session_id = decode_parameter(id)
    row = await parts.store.read(lambda c: queries.get(c, caller, session_id))
    if row is None:
        raise no_session(session_id)
    if row.account_id != caller.account_id and not await parts.store.read(
        lambda c: queries.may(c, caller, row.id, Permission.RECORD)
    ):
        raise Forbidden(f"This needs the permission {Permission.RECORD}.", id=row.id)
    facts = await _facts(parts, row)
    reported = Reported(row.id, data.text, facts, parts.config.report_record_seconds)
    report_id = await parts.store.write(lambda tx: problems.report(tx, caller, reported))
    made = await parts.store.read(lambda c: problems.find(c, caller, report_id))
    assert made is not None
    recording_id = made.recording_id
    if recording_id is not None:
        await parts.watch.until(lambda c: problems.began(c, recording_id), BEGINS_WITHIN_S)
        made = await parts.store.read(lambda c: problems.find(c, caller, report_id))
        assert made is not None
    return _view(parts, entry_of(request.scope).base_url, made)


@routes.add("GET", REPORTS, statuses=(200, 400, 401))
async def list_reports(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> ReportPage:
    """Reported problems, the newest first."""
    size = page_limit(limit, 50, 500)
    key, name = parts.site.token_key, "problem-reports"
    before = read_token(key, name, continuationToken).after_uid if continuationToken else 0
    rows, more = await parts.store.read(lambda c: problems.page(c, caller, size, before))
    base_url = entry_of(request.scope).base_url if rows else ""
    following = PageToken(rows[-1].uid, 0) if more else None
    return ReportPage(
        items=[_view(parts, base_url, row) for row in rows],
        continuation_token=write_token(key, name, following) if following else None,
    )


@routes.add("GET", REPORTS + "/{id}", statuses=(200, 401, 404))
async def get_report(
    request: Call, caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> ReportView:
    """One reported problem."""
    report_id = decode_parameter(id)
    row = await parts.store.read(lambda c: problems.find(c, caller, report_id))
    if row is None:
        raise NotFound("There is no such report.", entityType="ProblemReport", id=report_id[:256])
    return _view(parts, entry_of(request.scope).base_url, row)


async def _facts(parts: Parts, row: Row[Any]) -> dict[str, Any]:
    """How session and host are at this moment, as far as they say."""
    machine = await parts.store.read(lambda c: problems.machine_facts(c, row.machine_id))
    try:
        answer = await parts.bus.request(
            subjects.outputs(row.machine_id),
            encode(ReadOutputs(session_id=row.id)),
            LOGS_WITHIN_S,
        )
        lines: list[str] | None = last_lines(decode(SessionOutputs, answer))
    except (Unavailable, ValueError):
        lines = None
    return {
        "state": row.state,
        "machine": machine,
        "viewers": [
            {
                "userName": one.user_name,
                "roundTripMs": one.round_trip_ms,
                "toViewerBytesPerSecond": one.to_viewer_bytes_s,
                "fromViewerBytesPerSecond": one.from_viewer_bytes_s,
            }
            for one in viewers.read(row.viewers)
        ],
        "lastLines": lines,
    }


def last_lines(found: SessionOutputs) -> list[str]:
    """The last lines that the session's programs printed, in the order of their time, each with its program."""
    pieces = [(piece, program.role) for program in found.programs for piece in program.pieces]
    pieces.sort(key=lambda one: one[0].at_ms)  # of one program they stay in their order
    printed = [(role, line) for piece, role in pieces for line in piece.text.splitlines()]
    return [f"{role}: {line}"[:MAX_LINE_CHARACTERS] for role, line in printed[-LAST_LINES:]]


def _view(parts: Parts, base_url: str, row: Row[Any]) -> ReportView:
    started_ms, at_ms, link = row.recording_started_ms, None, None
    if started_ms is not None:
        at_ms = max(0, row.reported_at_ms - started_ms)
        moment = Moment(row.recording_id, at_ms, parts.clock.now_ms() + LINK_MS)
        link = link_to(parts.site.token_key, base_url, moment).url
    return ReportView(
        id=row.id,
        session_id=row.session_id,
        user_name=row.user_name,
        machine_name=row.machine_name,
        reported_by=row.reported_by,
        reported_at=rfc3339_of(row.reported_at_ms),
        text=row.text,
        recording_id=row.recording_id,
        at_ms=at_ms,
        records_until=rfc3339(row.stop_at_ms),
        link=link,
        facts=msgspec.json.decode(row.facts),
    )
