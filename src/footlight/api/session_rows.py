"""The console's list of sessions: searched as CVAD's, answered as rows."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.params import FromQuery
from sqlalchemy import Connection, Row

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.moments import moment
from footlight.api.routing import Routes
from footlight.api.session_search import checked_skip
from footlight.api.tokens import page_limit
from footlight.caller import Permission
from footlight.policies import reasons
from footlight.sessions import queries, search
from footlight.sessions.positions import read_position, write_position
from footlight.wire.rest.dates import rfc3339
from footlight.wire.rest.search import SearchRequest
from footlight.wire.session_rows import SessionRow, SessionRows

routes = Routes(cvad=False)


@routes.add(
    "POST",
    "/footlight/v1/sessions/$search",
    status=200,
    takes=SearchRequest,
    statuses=(200, 400, 401, 415),
    reads=("X-TimeZone",),
)
async def search_session_rows(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    skip: FromQuery[int | None] = None,
) -> SessionRows:
    """The live sessions that match, in the order asked for, by CVAD's properties and by `Recording` and
    `RecordingHealth`, which are the members of a row. `skip` counts before the first page only."""
    size = page_limit(limit, 100, 1000)
    passed = checked_skip(skip)
    now = moment(request, parts.clock.now_ms())
    asked = search.translate_own(await json_body(request, SearchRequest), caller, now)
    key = parts.site.token_key
    after = read_position(key, asked, continuationToken) if continuationToken else None

    def read(connection: Connection) -> SessionRows:
        found = search.page(connection, caller, asked, size, after=after, skip=passed)
        rows = queries.by_uid(connection, found.uids)
        recorders = queries.allowed(connection, caller, rows, Permission.RECORD)
        why = reasons.rows(connection, (row.id for row in rows))
        return SessionRows(
            items=[_row(row, row.id in recorders, why.get(row.id)) for row in rows],
            total=found.total,
            continuation_token=write_position(key, asked, found.end) if found.end else None,
        )

    return await parts.store.read(read)


def _row(row: Row[Any], may_record: bool, why: Any | None) -> SessionRow:
    recording = queries.recording_shown(row, may_record)
    told = may_record or bool(row.r_notify)
    return SessionRow(
        id=row.id,
        uid=row.uid,
        user_name=row.user_name,
        display_name=row.user_display_name,
        account_id=row.account_id,
        resource_name=row.resource_name,
        session_type=row.session_type,
        state=row.state,
        logging_on=row.state == "Connected",
        state_changed_at=rfc3339(row.state_changed_at_ms),
        started_at=rfc3339(row.started_at_ms),
        idle_since=rfc3339(row.idle_since_ms),
        hidden=row.is_hidden,
        recording=recording,
        recording_id=row.wanted_recording_id if recording else None,
        machine_id=row.m_id,
        machine_name=row.m_name,
        machine_silent=not row.m_registered,
        catalog_name=row.c_name,
        group_name=row.g_name,
        zone_name=row.z_name,
        client_address=row.client_address,
        client_name=row.client_name,
        client_platform=row.client_platform,
        recording_health=why.health if told and why is not None else None,
        recording_problem=why.health_reason if told and why is not None else None,
    )
