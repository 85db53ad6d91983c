"""Events of sealed segments as rows that can be searched, and each recording's activity: the duty `index`.

A segment's own index is read from the store of objects by ranges, so that its pixels stay where they are. How far a
recording has come stands in its row, written with the events, so a restart goes on where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, select, update

from footlight.archive import activity
from footlight.archive.catalogue import FINAL
from footlight.archive.deletion import UPLOAD_PATIENCE_MS
from footlight.archive.keys import RecordingKeys
from footlight.archive.ranges import TooFar, read_parts
from footlight.clock import Clock
from footlight.errors import NotFound, Unavailable
from footlight.log import get_logger
from footlight.objects.objects import Objects
from footlight.recording.format import FormatError, segment_name
from footlight.recording.index import Index, stored_index
from footlight.store import schema
from footlight.store.schema_keeping import recording_events as _e
from footlight.store.store import Store, Tx
from footlight.store.text import fold
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)
_r = schema.recordings

LOOK_EACH_S = 2.0
RECORDINGS_AT_ONCE = 50
SEGMENTS_AT_ONCE = 20  # of one recording, before others have their turn
MAX_EVENTS = 2000  # of one segment
MAX_TEXT = 512
_UNTOLD = frozenset(("type", "atNs", "sha256", "hash"))
_NS_PER_MS = 1_000_000


class Indexing:
    """Part of the duty `index`."""

    def __init__(self, store: Store, objects: Objects, clock: Clock, keys: RecordingKeys) -> None:
        self._store = store
        self._keys = keys
        self._objects = objects
        self._clock = clock
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look."""
        self._loop = spawn("index of recordings", self._run())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        await cancel(self._loop)

    async def look(self) -> int:
        """Read what is new; how many segments that were. Raises Unavailable."""
        count, after = 0, 0
        while rows := await self._store.read(partial(_behind, after_uid=after)):
            for row in rows:
                count += await self._catch_up(row)
            after = rows[-1].uid
        return count

    async def _catch_up(self, row: Row[Any]) -> int:
        read = partial(stored_index, data_key=self._keys.data_key(row.id))
        last = min(row.sealed_count, row.indexed_count + SEGMENTS_AT_ONCE)
        for number in range(row.indexed_count, last):
            key = f"{row.id}/{segment_name(number)}"
            index: Index | None = None
            try:
                index = await read_parts(self._objects, key, read)
            except NotFound:
                if not self._is_lost(row):
                    return number - int(row.indexed_count)  # its host has not stored it yet
            except (FormatError, TooFar) as damage:
                _log.warning(
                    "segment not indexed", recording=row.id, segment=number, why=str(damage)
                )
            note = partial(_note, recording_id=row.id, number=number, index=index)
            done = await self._store.write(note)
            if not done:
                break
        return int(last - row.indexed_count)

    def _is_lost(self, row: Row[Any]) -> bool:
        """Whether a segment that is not stored will never be."""
        ended_ms = int(row.ended_at_ms or row.ordered_at_ms)
        return row.status in FINAL and self._clock.now_ms() - ended_ms > UPLOAD_PATIENCE_MS

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Unavailable as silence:  # of which the store has told
                _log.debug("recordings not indexed", reason=silence.message)
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("recordings not indexed", exc_info=error)
            await asyncio.sleep(LOOK_EACH_S)


def event_text(event: Mapping[str, Any]) -> str:
    """What an event says, for people and for searching: its texts, in their order, at most MAX_TEXT characters."""
    told = (value for name, value in event.items() if name not in _UNTOLD)
    return " ".join(part for value in told for part in _texts(value))[:MAX_TEXT]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.replace("\0", "")
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, str):
                yield one.replace("\0", "")


def _behind(connection: Connection, after_uid: int) -> list[Row[Any]]:
    query = select(_r).where(
        _r.c.uid > after_uid,
        _r.c.indexed_count < _r.c.sealed_count,
        _r.c.started_at_ms.is_not(None),
    )
    return list(connection.execute(query.order_by(_r.c.uid).limit(RECORDINGS_AT_ONCE)))


def _note(tx: Tx, recording_id: str, number: int, index: Index | None) -> bool:
    """Write what the segment tells; whether it was the next one (else others did, or the recording is deleted)."""
    chosen = (_r.c.id == recording_id, _r.c.indexed_count == number)
    row = tx.connection.execute(select(_r.c.activity).where(*chosen)).first()
    if row is None:
        return False
    values: dict[str, Any] = {"indexed_count": number + 1}
    if index is not None:
        values["activity"] = activity.write(
            activity.added(activity.read(row.activity), index.damage)
        )
        rows = [_event_row(recording_id, number, one) for one in index.events[:MAX_EVENTS]]
        if rows:
            tx.connection.execute(_e.insert(), rows)
    tx.connection.execute(update(_r).where(*chosen).values(**values))
    return True


def _event_row(recording_id: str, number: int, event: Mapping[str, Any]) -> dict[str, Any]:
    text = event_text(event)
    return {
        "recording_id": recording_id,
        "segment": number,
        "at_ms": max(0, event["atNs"]) // _NS_PER_MS,
        "type": event["type"].replace("\0", "")[:32],
        "text": text,
        "folded": (fold(text) or "")[:MAX_TEXT],
    }
