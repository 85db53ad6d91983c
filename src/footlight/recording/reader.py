"""Reads a segment's records as a stream: sealed, open or torn. Source: format.md sections 2, 3, 9.

Bad bytes end the stream with a `fault`; what came before it is good. Memory is bounded by the largest
record allowed, whatever the file says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from footlight.recording.body import Body
from footlight.recording.cipher import DataKey
from footlight.recording.format import (
    MAX_EVENT_BYTES,
    RECORD_PREFIX_BYTES,
    SKIPPABLE_INDEX,
    SKIPPABLE_PREFIX_BYTES,
    FormatError,
    RecordKind,
    skippable_prefix,
    unpack_gap,
    unpack_record_prefix,
    unpack_rectangle,
    unpack_screen,
    unpack_update_count,
)
from footlight.recording.frames import read_header, read_seal, segment_cipher
from footlight.recording.header import Header

MAX_RECORDING_NS = 366 * 86_400 * 1_000_000_000
MAX_RECORDS = 1_000_000  # in a segment: else a few stored bytes could name millions of empty ones


class Record(NamedTuple):
    """One record. `at_ns` is recording time; `offset` is that in the file of the block it ends in."""

    kind: int
    at_ns: int
    payload: bytes
    offset: int


class Rectangle(NamedTuple):
    """One stored rectangle; `body` is a view of its encoding's payload (ZRLE: without the length)."""

    x: int
    y: int
    width: int
    height: int
    encoding: int
    body: memoryview


@dataclass(frozen=True)
class Fault:
    """What does not hold, and where in the segment's file."""

    offset: int
    reason: str


class SegmentReader:
    """Records of one segment file. Raises FormatError when its header does not hold, CutOff when the
    file ends inside of it, KeyNeeded when it is encrypted and `data_key` is None; after that nothing
    is raised: see `fault`."""

    def __init__(self, file: BinaryIO, data_key: DataKey | None = None) -> None:
        self.header: Header
        self.header, body_at = read_header(file)
        self.fault: Fault | None = None
        self.body_bytes = 0
        self._file = file
        self._body = Body(file, body_at, segment_cipher(self.header, data_key))
        if self.header.start_ns > MAX_RECORDING_NS:
            raise FormatError("segment begins over a year after its recording")

    @property
    def complete(self) -> bool:
        """Whether the body came to its end (after records() is exhausted)."""
        return self._body.complete

    def records(self) -> Iterator[Record]:
        """The records in order, once. Ends at the end of the body, at the first incomplete block or
        record of an unfinished one, or at a fault."""
        rest = bytearray()
        latest_ns = self.header.start_ns
        count = 0
        try:
            for offset, piece in self._body.pieces():
                self.body_bytes += len(piece)
                rest += piece
                at = 0
                while (record := self._record(rest, at, offset)) is not None:
                    if record.at_ns < latest_ns:
                        raise FormatError("record time falls")
                    if count == MAX_RECORDS:
                        raise FormatError("segment has too many records")
                    count += 1
                    latest_ns = record.at_ns
                    at += RECORD_PREFIX_BYTES + len(record.payload)
                    yield record
                del rest[:at]
            if self.complete and rest:
                raise FormatError("last record is cut off")
        except FormatError as error:
            self.fault = Fault(self._body.end, str(error))

    def _record(self, data: bytearray, at: int, offset: int) -> Record | None:
        """The record at `at`; None when it is not whole yet."""
        if len(data) - at < RECORD_PREFIX_BYTES:
            return None
        kind, length, since_start_ns = unpack_record_prefix(data, at)
        at_ns = self.header.start_ns + since_start_ns
        if at_ns > MAX_RECORDING_NS:
            raise FormatError("record is over a year after the recording's start")
        begin = at + RECORD_PREFIX_BYTES
        if len(data) - begin < length:
            return None
        with memoryview(data) as view:
            return Record(kind, at_ns, bytes(view[begin : begin + length]), offset)

    def check_tail(self) -> Fault | None:
        """After the last record of a sealed segment: whether index and seal follow the body."""
        if not self.complete:
            return Fault(self._body.end, "body is cut off")
        sealed = read_seal(self._file)
        if sealed is None:
            return Fault(self._body.end, "segment is not sealed")
        self._file.seek(self._body.end)
        prefix = self._file.read(SKIPPABLE_PREFIX_BYTES)
        magic, length = skippable_prefix(prefix) if len(prefix) == 8 else (0, 0)
        if magic != SKIPPABLE_INDEX or self._body.end + len(prefix) + length != sealed[1]:
            return Fault(self._body.end, "no index between body and seal")
        return None


def rectangles(payload: bytes) -> Iterator[Rectangle]:
    """The rectangles of an update record. Raises FormatError."""
    at = 2
    view = memoryview(payload)
    for _ in range(unpack_update_count(payload)):
        x, y, width, height, encoding, start, length = unpack_rectangle(payload, at)
        at = start + length
        yield Rectangle(x, y, width, height, encoding, view[start:at])
    if at != len(payload):
        raise FormatError(f"update has {len(payload) - at} bytes left over")


def read_event(payload: bytes) -> dict[str, Any]:
    """An event record's members; `type` is a string. Raises FormatError."""
    if len(payload) > MAX_EVENT_BYTES:
        raise FormatError("event is over the limit")
    event = _object(payload)
    if not isinstance(event.get("type"), str):
        raise FormatError("event has no type")
    return event


def read_gap(payload: bytes) -> tuple[int, int, str]:
    """(from ns, to ns, cause) of a gap record. Raises FormatError."""
    from_ns, to_ns, detail = unpack_gap(payload)
    if not from_ns <= to_ns <= MAX_RECORDING_NS or len(detail) > MAX_EVENT_BYTES:
        raise FormatError("gap is no span of the recording")
    cause = _object(detail).get("cause")
    return from_ns, to_ns, cause if isinstance(cause, str) else ""


def check_record(record: Record) -> None:
    """Raises FormatError when a record of a known kind is not well formed. Pixels are not decoded."""
    if record.kind == RecordKind.SCREEN:
        unpack_screen(record.payload)
    elif record.kind == RecordKind.UPDATE:
        for _ in rectangles(record.payload):
            pass
    elif record.kind == RecordKind.EVENT:
        read_event(record.payload)
    elif record.kind == RecordKind.GAP:
        read_gap(record.payload)


def _object(payload: bytes) -> dict[str, Any]:
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        raise FormatError("no JSON") from None
    if not isinstance(value, dict):
        raise FormatError("no JSON object")
    return value
