"""Searching what happened in recordings."""

from __future__ import annotations

from typing import Any

from litestar.params import FromQuery
from sqlalchemy import Row

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.recording_views import BASE, moment
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.archive import search
from footlight.archive.listing import Wanted
from footlight.archive.search import Sought
from footlight.audit.openings import Looked
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.wire.recordings import HitPage, HitView
from footlight.wire.rest.dates import rfc3339

routes = Routes(cvad=False)
HIT = "search hit"


@routes.add("GET", BASE + "/search", statuses=(200, 400, 401))
async def search_recordings(
    caller: GivenCaller,
    parts: GivenParts,
    text: FromQuery[str | None] = None,
    type: FromQuery[str | None] = None,
    recordingId: FromQuery[str | None] = None,
    user: FromQuery[str | None] = None,
    machine: FromQuery[str | None] = None,
    resource: FromQuery[str | None] = None,
    since: FromQuery[str | None] = None,
    until: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> HitPage:
    """Events that hold all words of `text`, in the recordings that the other parameters choose. What is shown of a
    recording counts as opening it."""
    size = page_limit(limit, 50, 500)
    sought = Sought(
        text,
        type,
        Wanted(
            user=user,
            machine=machine,
            resource=resource,
            since_ms=moment(since, "since"),
            until_ms=moment(until, "until"),
        ),
        recordingId,
    )
    key, name = parts.site.token_key, f"hits:{sought!r}"
    before = read_token(key, name, continuationToken).after_uid if continuationToken else 0
    rows, more = await parts.store.read(lambda c: search.page(c, caller, sought, size, before))
    if rows:
        await parts.openings.note_hits(caller, [_look(row) for row in rows])
    following = PageToken(rows[-1].event_uid, 0) if more else None
    return HitPage(
        items=[_hit(row) for row in rows],
        continuation_token=write_token(key, name, following) if following else None,
    )


def _look(row: Row[Any]) -> Looked:
    return Looked(row.id, row.session_id, row.user_name, HIT, "Seconds", row.at_ms // 1000)


def _hit(row: Row[Any]) -> HitView:
    return HitView(
        recording_id=row.id,
        session_id=row.session_id,
        user_name=row.user_name,
        machine_name=row.machine_name,
        resource_name=row.resource_name,
        started_at=rfc3339(row.started_at_ms),
        at_ms=row.at_ms,
        type=row.type,
        text=row.text,
    )
