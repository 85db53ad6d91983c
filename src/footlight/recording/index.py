"""A segment's index: what happened in it and how much changed when. Source: format.md section 6.

A sealed segment carries its index; that of an open one is made here from its records.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import msgspec

from footlight.recording.chain import Gap
from footlight.recording.cipher import DataKey
from footlight.recording.format import Encoding, FormatError, RecordKind, unpack_screen
from footlight.recording.frames import read_index
from footlight.recording.reader import (
    Fault,
    Record,
    SegmentReader,
    read_event,
    read_gap,
    rectangles,
)

_NS_PER_SECOND = 1_000_000_000

# second of recording time, changed pixels, left, top, right, bottom (the last two exclusive)
DamageRow = tuple[int, int, int, int, int, int]


class Index(msgspec.Struct, rename="camel", kw_only=True):
    """What one segment holds. Times are recording time in nanoseconds; `bytes` is the body's size
    when decompressed. Unknown members are ignored."""

    start_ns: int
    end_ns: int
    width: int
    height: int
    updates: int
    bytes: int
    events: list[dict[str, Any]]  # each with atNs and type
    gaps: list[Gap]
    damage: list[DamageRow]


def stored_index(file: BinaryIO, data_key: DataKey | None = None) -> Index:
    """The index that a sealed segment carries. Raises FormatError, KeyNeeded."""
    content = read_index(file, data_key)
    try:
        index = msgspec.convert(json.loads(content), Index)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"index cannot be read: {error}") from None
    for event in index.events:
        if not isinstance(event.get("atNs"), int) or not isinstance(event.get("type"), str):
            raise FormatError("index has an event without time or type")
    return index


def made_index(reader: SegmentReader) -> tuple[Index, Fault | None]:
    """The index that follows from a segment's records, as far as they hold; pixels are not decoded."""
    maker = IndexMaker(reader.header.start_ns)
    fault: Fault | None = None
    for record in reader.records():
        try:
            maker.add(record)
        except FormatError as error:
            fault = Fault(record.offset, str(error))
            break
    return maker.made(reader.body_bytes), fault or reader.fault


class IndexMaker:
    """An index, record by record."""

    def __init__(self, start_ns: int) -> None:
        self._index = Index(
            start_ns=start_ns,
            end_ns=start_ns,
            width=0,
            height=0,
            updates=0,
            bytes=0,
            events=[],
            gaps=[],
            damage=[],
        )
        self._rows: dict[int, DamageRow] = {}

    def made(self, body_bytes: int) -> Index:
        """The index of the records so far."""
        self._index.bytes = body_bytes
        self._index.damage = [self._rows[second] for second in sorted(self._rows)]
        return self._index

    def add(self, record: Record) -> None:
        """The next record. Raises FormatError when it is not well formed."""
        index = self._index
        if record.kind == RecordKind.SCREEN:
            width, height = unpack_screen(record.payload)
            index.width, index.height = max(index.width, width), max(index.height, height)
        elif record.kind == RecordKind.UPDATE:
            self._damage(record)
            index.updates += 1
        elif record.kind == RecordKind.EVENT:
            index.events.append({**read_event(record.payload), "atNs": record.at_ns})
        elif record.kind == RecordKind.GAP:
            from_ns, to_ns, cause = read_gap(record.payload)
            index.gaps.append(Gap(from_ns=from_ns, to_ns=to_ns, cause=cause))
        index.end_ns = record.at_ns

    def _damage(self, record: Record) -> None:
        second = record.at_ns // _NS_PER_SECOND
        for x, y, width, height, encoding, _ in rectangles(record.payload):
            if encoding == Encoding.CURSOR:
                continue
            row = self._rows.get(second, (second, 0, x, y, x + width, y + height))
            self._rows[second] = (
                second,
                row[1] + width * height,
                min(row[2], x),
                min(row[3], y),
                max(row[4], x + width),
                max(row[5], y + height),
            )
