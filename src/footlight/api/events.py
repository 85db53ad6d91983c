"""The event stream: all changes that the caller may see, in order, resumable by Last-Event-ID.

A reader that takes nothing is cut off (api/protocol.py) and comes again after the last event that it has; where
changes after that are forgotten meanwhile, an event of the kind `gap` says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.response import ServerSentEvent, ServerSentEventMessage
from sqlalchemy import Connection, Row

from footlight.access.changes import seen_changes
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.caller import Caller
from footlight.errors import Invalid, Unauthenticated, Unavailable
from footlight.store import outbox

routes = Routes(cvad=False)

AT_ONCE = 500
# A comment is sent this often so that proxies and readers know the stream to be alive.
KEEPALIVE_S = 15.0
# A stream ends after this long; the reader resumes it and its token is looked at again.
STREAM_S = 600


@routes.add(
    "GET",
    "/footlight/v1/events",
    answer="any",
    gives="text/event-stream",
    statuses=(200, 400, 401),
    reads=("Last-Event-ID",),
)
async def events(
    request: Request[Caller, object, State], caller: GivenCaller, parts: GivenParts
) -> ServerSentEvent:
    """Changes from now on, or from the event after Last-Event-ID."""
    last = request.headers.get("last-event-id")
    if last is not None and not (last.isdecimal() and len(last) < 19):
        raise Invalid("Last-Event-ID is the id of an event.", name="Last-Event-ID")
    if last is None:
        after = await parts.store.read(outbox.newest)
    else:
        after = int(last)
    return ServerSentEvent(_stream(parts, caller, after))


async def _stream(
    parts: Parts, caller: Caller, after: int
) -> AsyncIterator[ServerSentEventMessage]:
    ends_at_ms = parts.clock.now_ms() + STREAM_S * 1000
    yield ServerSentEventMessage(data=None, comment="footlight events", retry=1000)
    while parts.clock.now_ms() < ends_at_ms:
        position = after

        def look(connection: Connection, position: int = position) -> _Batch | None:
            found = outbox.following(connection, position, AT_ONCE)
            if not found.rows:
                return None
            # What the caller may see now: rights that went since the stream began went from it too.
            now = parts.access.renewed(connection, caller)
            seen = seen_changes(connection, now, found.rows)
            return _Batch(found.rows[-1].seq, seen, found.lost_until)

        try:
            batch = await parts.watch.until(look, KEEPALIVE_S)
        except (Unauthenticated, Unavailable):
            return  # the reader comes again, and then meets the refusal as an answer
        if batch is None:
            yield ServerSentEventMessage(data=None, comment="still here")
            continue
        after = batch.last
        if batch.lost_until is not None:
            yield _message(batch.lost_until, "gap", "", parts.clock.now_ms())
        for row in batch.rows:
            yield _message(row.seq, row.kind, row.object_id, row.at_ms)


@dataclass(frozen=True)
class _Batch:
    """The number of the last change that was looked at, those that the caller sees, and up to where changes before
    them are forgotten."""

    last: int
    rows: list[Row[Any]]
    lost_until: int | None


def _message(seq: int, kind: str, object_id: str, at_ms: int) -> ServerSentEventMessage:
    data = msgspec.json.encode({"seq": seq, "kind": kind, "id": object_id, "atMs": at_ms})
    return ServerSentEventMessage(data=data.decode(), id=str(seq))
