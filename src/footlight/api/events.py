"""The event stream: all changes that the caller may see, in order, resumable by Last-Event-ID."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.response import ServerSentEvent, ServerSentEventMessage
from sqlalchemy import Connection, Row, func, select

from footlight.access.changes import seen_changes
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.caller import Caller
from footlight.errors import Invalid, Unauthenticated, Unavailable
from footlight.store import schema

routes = Routes(cvad=False)
_o = schema.outbox

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
        after = await parts.store.read(
            lambda c: c.execute(select(func.max(_o.c.seq))).scalar() or 0
        )
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
            query = select(_o).where(_o.c.seq > position).order_by(_o.c.seq).limit(AT_ONCE)
            rows = list(connection.execute(query))
            if not rows:
                return None
            # What the caller may see now: rights that went since the stream began went from it too.
            now = parts.access.renewed(connection, caller)
            return _Batch(rows[-1].seq, seen_changes(connection, now, rows))

        try:
            batch = await parts.watch.until(look, KEEPALIVE_S)
        except (Unauthenticated, Unavailable):
            return  # the reader comes again, and then meets the refusal as an answer
        if batch is None:
            yield ServerSentEventMessage(data=None, comment="still here")
            continue
        after = batch.last
        for row in batch.rows:
            yield ServerSentEventMessage(data=_event(row).decode(), id=str(row.seq))


@dataclass(frozen=True)
class _Batch:
    """The number of the last change that was looked at, and those that the caller sees."""

    last: int
    rows: list[Row[Any]]


def _event(row: Row[Any]) -> bytes:
    return msgspec.json.encode(
        {"seq": row.seq, "kind": row.kind, "id": row.object_id, "atMs": row.at_ms}
    )
