"""The event track of a recording, with the markers of its catalogue: filtered, in pages."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.recording_views import BASE, PLAYER, look, opened, read_recording
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.archive import markers
from footlight.errors import Invalid
from footlight.playback.timeline import read_timeline
from footlight.sessions.paging import damaged, read_sealed, write_sealed
from footlight.wire.markers import EventPage

routes = Routes(cvad=False)
BY_DEFAULT, AT_MOST = 1000, 10_000
MOST_TYPES = 50
LONGEST_TEXT = 200
MARKER = "marker"
_NS_PER_MS = 1_000_000
_PLACE = struct.Struct(">QI")


@dataclass(frozen=True)
class Filter:
    """`text` is folded; times: ms of recording time, both included."""

    types: frozenset[str]
    text: str
    from_ms: int | None
    to_ms: int | None

    def takes(self, event: dict[str, Any]) -> bool:
        """Whether the event is asked for."""
        at_ms = event["atNs"] // _NS_PER_MS
        return (
            (not self.types or event["type"] in self.types)
            and (self.from_ms is None or at_ms >= self.from_ms)
            and (self.to_ms is None or at_ms <= self.to_ms)
            and (not self.text or any(self.text in one.casefold() for one in _texts(event)))
        )


@routes.add("GET", BASE + "/{id}/events", statuses=(200, 400, 401, 403, 404))
async def get_events(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    type: FromQuery[str | None] = None,
    text: FromQuery[str | None] = None,
    fromMs: FromQuery[int | None] = None,
    toMs: FromQuery[int | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> EventPage:
    """What happened, in order: items with `atMs` of recording time. `type`: one or several with commas; `text`: in any
    member, in any case; `fromMs`, `toMs`: of recording time."""
    size = page_limit(limit, BY_DEFAULT, AT_MOST)
    wanted = _filter(type, text, fromMs, toMs)
    key, name = parts.site.token_key, "recording-events"
    after = _place(read_sealed(key, name, continuationToken)) if continuationToken else (0, 0)
    row, reason = await opened(caller, parts, id)
    await parts.openings.note(caller, look(row, PLAYER, reason))

    def read(connection: Connection) -> tuple[list[Row[Any]], set[str]]:
        return markers.every(connection, row.id), markers.known(connection, row.id)

    marked, known = await parts.store.read(read)
    track = await read_recording(
        parts, row, lambda source: read_timeline(source, source.indexes).events
    )
    found = [event for event in merged(track, marked, known) if wanted.takes(event)]
    page, following = cut(found, after, size)
    return EventPage(
        items=[_shown(event) for event in page],
        continuation_token=None
        if following is None
        else write_sealed(key, name, _PLACE.pack(*following)),
    )


def merged(
    track: Iterable[dict[str, Any]], marked: Iterable[Row[Any]], known: set[str]
) -> list[dict[str, Any]]:
    """The event track and the catalogue's markers, by their moments. Of a marker that both know the catalogue's word
    counts: it may have been changed or deleted since. Members: `atNs`, `type` and those of the type."""
    events = [
        event for event in track if not (event["type"] == MARKER and event.get("markerId") in known)
    ]
    for row in marked:
        events.append(
            {
                "atNs": row.at_ms * _NS_PER_MS,
                "type": MARKER,
                "markerId": row.id,
                "kind": row.kind,
                "text": row.text,
                "author": row.author,
            }
        )
    return sorted(events, key=lambda event: int(event["atNs"]))


def cut(
    events: list[dict[str, Any]], after: tuple[int, int], size: int
) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    """At most `size` events of those in order, and where the next page begins: behind so many events of that
    nanosecond. None: nowhere."""
    at_ns, passed = after
    start = next((n for n, event in enumerate(events) if event["atNs"] >= at_ns), len(events))
    page = events[start:][passed : passed + size] if passed else events[start : start + size]
    end = start + passed + len(page)
    if end >= len(events):
        return page, None
    last = page[-1]["atNs"]
    first = next(n for n, event in enumerate(events) if event["atNs"] >= last)
    return page, (last, end - first)


def _filter(types: str | None, text: str | None, from_ms: int | None, to_ms: int | None) -> Filter:
    names = [name.strip() for name in types.split(",")] if types else []
    if len(names) > MOST_TYPES:
        raise Invalid(f"At most {MOST_TYPES} types.", name="type", problem="outOfRange")
    if text is not None and len(text) > LONGEST_TEXT:
        raise Invalid(
            f"text has at most {LONGEST_TEXT} characters.", name="text", problem="outOfRange"
        )
    for name, value in (("fromMs", from_ms), ("toMs", to_ms)):
        if value is not None and value < 0:
            raise Invalid(f"{name} is 0 or more.", name=name, problem="outOfRange")
    return Filter(frozenset(names) - {""}, (text or "").casefold(), from_ms, to_ms)


def _place(body: bytes) -> tuple[int, int]:
    if len(body) != _PLACE.size:
        raise damaged()
    at_ns, passed = _PLACE.unpack(body)
    return at_ns, passed


def _texts(value: Any) -> Iterator[str]:
    """Every text in an event's members but its type."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name != "type":
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _shown(event: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in event.items() if name != "atNs"}
    return {"atMs": event["atNs"] // _NS_PER_MS, **rest}
