"""Writes one open segment: records in, file bytes out (docs/format.md sections 2 to 5). No files.

The caller appends what each call returns to the file, in order. Times are given as recording time
in nanoseconds; a time before the last one is moved up to it, since record times never fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import zstandard

from footlight.recording.chain import Gap, canonical
from footlight.recording.format import (
    MAX_EVENT_BYTES,
    MAX_RECORD_BYTES,
    SEGMENT_KEY_FRAMES,
    SEGMENT_MAX_BODY_BYTES,
    SEGMENT_MAX_NS,
    SEGMENT_MAX_RECTANGLES,
    SEGMENT_MAX_STORED_BYTES,
    SKIPPABLE_HEADER,
    ZSTD_WINDOW_LOG,
    Encoding,
    RecordKind,
    pack_gap,
    pack_record,
    pack_record_prefix,
    pack_rectangle_prefix,
    pack_screen,
    pack_update_count,
    skippable_frame,
)
from footlight.recording.header import Header

ZSTD_LEVEL = 3
_NS_PER_SECOND = 1_000_000_000
_MAX_RECTANGLES = 0xFFFF

# x, y, width, height, encoding, body: what rfb/client.py calls a Rectangle.
StoredRectangle = tuple[int, int, int, int, int, bytes]
Members = dict[str, object]


@dataclass(frozen=True)
class ClosedSegment:
    """What sealing needs to know of a segment that was written to its end."""

    header: Header
    width: int
    height: int
    end_ns: int
    body_bytes: int  # decompressed
    index: bytes  # JSON, as format.md section 6 has it
    event_count: int
    gaps: list[Gap]


class _Damage:
    """How many pixels changed in each second, and where."""

    def __init__(self) -> None:
        self._rows: dict[int, list[int]] = {}

    def add(self, at_ns: int, x: int, y: int, width: int, height: int) -> None:
        second = at_ns // _NS_PER_SECOND
        row = self._rows.get(second)
        if row is None:
            self._rows[second] = [second, width * height, x, y, x + width, y + height]
            return
        row[1] += width * height
        row[2:] = min(row[2], x), min(row[3], y), max(row[4], x + width), max(row[5], y + height)

    def rows(self) -> list[list[int]]:
        return [self._rows[second] for second in sorted(self._rows)]


class SegmentWriter:
    """One segment from its header to the end of its body. Its times are what the header counts from. Width and
    height 0: it holds events only (format.md section 3)."""

    def __init__(self, header: Header, width: int, height: int) -> None:
        self.header = header
        self.width = width
        self.height = height
        self.updates = 0
        self.stored_bytes = 0
        self.body_bytes = 0
        self._rectangles = 0
        self._key_frame_bytes = 0  # with the screen record before it
        self.end_ns = header.start_ns
        self._damage = _Damage()
        self._events: list[Members] = []
        self._gaps: list[Gap] = []
        parameters = zstandard.ZstdCompressionParameters.from_level(
            ZSTD_LEVEL, window_log=ZSTD_WINDOW_LOG
        )
        self._body = zstandard.ZstdCompressor(compression_params=parameters).compressobj()

    @property
    def full(self) -> bool:
        """Whether the bounds of format.md section 11 ask for the next segment."""
        return (
            self.end_ns - self.header.start_ns >= SEGMENT_MAX_NS
            or self.stored_bytes >= SEGMENT_MAX_STORED_BYTES
            or self.body_bytes
            >= max(SEGMENT_MAX_BODY_BYTES, self._key_frame_bytes * SEGMENT_KEY_FRAMES)
            or self._rectangles >= SEGMENT_MAX_RECTANGLES
        )

    def begin(self) -> bytes:
        """The header and the screen record, which come first."""
        frame = skippable_frame(SKIPPABLE_HEADER, self.header.pack())
        if not self.width:
            return self._stored(frame)
        screen = pack_screen(self.width, self.height)
        return self._stored(frame) + self._record(RecordKind.SCREEN, self.header.start_ns, screen)

    def update(self, at_ns: int, rectangles: Sequence[StoredRectangle]) -> bytes:
        """One update's rectangles. One over the record limit is written as several records."""
        at_ns = self._in_order(at_ns)
        out = bytearray()
        packed: list[bytes] = []  # prefix and body of each rectangle, joined once: bodies are large
        size = 0
        for x, y, width, height, encoding, body in rectangles:
            prefix = pack_rectangle_prefix(x, y, width, height, encoding, len(body))
            length = len(prefix) + len(body)
            if size + length + 2 > MAX_RECORD_BYTES or len(packed) == 2 * _MAX_RECTANGLES:
                out += self._update_record(at_ns, packed, size)
                packed, size = [], 0
            packed += (prefix, body)
            size += length
            if encoding != Encoding.CURSOR:
                self._damage.add(at_ns, x, y, width, height)
        out += self._update_record(at_ns, packed, size)
        self._rectangles += len(rectangles)
        self._key_frame_bytes = self._key_frame_bytes or self.body_bytes
        return bytes(out)

    def event(self, at_ns: int, kind: str, members: Members) -> bytes:
        """An event (format.md section 5); one over the limit keeps only its type."""
        at_ns = self._in_order(at_ns)
        event: Members = {"type": kind, **members}
        payload = canonical(event)
        if len(payload) > MAX_EVENT_BYTES:
            event = {"type": kind, "cut": True}
            payload = canonical(event)
        self._events.append({**event, "atNs": at_ns})
        return self._record(RecordKind.EVENT, at_ns, payload)

    def gap(self, at_ns: int, gap: Gap, detail: str = "") -> bytes:
        """A span that was not observed; the next update must be a full one."""
        self._gaps.append(gap)
        note = canonical({"cause": gap.cause, "detail": detail})
        payload = pack_gap(gap.from_ns, gap.to_ns, note)
        return self._record(RecordKind.GAP, self._in_order(at_ns), payload)

    def flush(self) -> bytes:
        """What makes everything so far readable: the stream up to a block border."""
        return self._stored(self._body.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))

    def close(self) -> tuple[bytes, ClosedSegment]:
        """The end of the body, and what sealing needs. Nothing may be written afterwards."""
        tail = self._stored(self._body.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH))
        closed = ClosedSegment(
            header=self.header,
            width=self.width,
            height=self.height,
            end_ns=self.end_ns,
            body_bytes=self.body_bytes,
            index=self._index(),
            event_count=len(self._events),
            gaps=self._gaps,
        )
        return tail, closed

    def _index(self) -> bytes:
        index = {
            "startNs": self.header.start_ns,
            "endNs": self.end_ns,
            "width": self.width,
            "height": self.height,
            "updates": self.updates,
            "bytes": self.body_bytes,
            "events": self._events,
            "gaps": msgspec.to_builtins(self._gaps),
            "damage": self._damage.rows(),
        }
        return canonical(index)

    def _update_record(self, at_ns: int, packed: Sequence[bytes], size: int) -> bytes:
        """Of prefixes and bodies in turns, `size` bytes in all."""
        self.updates += 1
        count = pack_update_count(len(packed) // 2)
        prefix = pack_record_prefix(
            RecordKind.UPDATE, at_ns - self.header.start_ns, len(count) + size
        )
        return self._written(b"".join((prefix, count, *packed)))

    def _in_order(self, at_ns: int) -> int:
        self.end_ns = max(at_ns, self.end_ns)
        return self.end_ns

    def _record(self, kind: RecordKind, at_ns: int, payload: bytes) -> bytes:
        return self._written(pack_record(kind, at_ns - self.header.start_ns, payload))

    def _written(self, record: bytes) -> bytes:
        self.body_bytes += len(record)
        return self._stored(self._body.compress(record))

    def _stored(self, data: bytes) -> bytes:
        self.stored_bytes += len(data)
        return data
