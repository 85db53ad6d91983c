"""Writes one segment: records in, file bytes out (docs/format.md sections 2 to 6). No files.

The caller appends what each call returns to the file, in order. Times are given as recording time
in nanoseconds; a time before the last one is moved up to it, since record times never fall.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording.chain import Gap, SegmentEntry, canonical, make_seal, public_bytes
from footlight.recording.format import (
    MAX_EVENT_BYTES,
    MAX_RECORD_BYTES,
    SEGMENT_MAX_BODY_BYTES,
    SEGMENT_MAX_NS,
    SEGMENT_MAX_STORED_BYTES,
    SKIPPABLE_HEADER,
    SKIPPABLE_INDEX,
    SKIPPABLE_SEAL,
    ZSTD_WINDOW_LOG,
    Encoding,
    Header,
    RecordKind,
    pack_gap,
    pack_record,
    pack_rectangle,
    pack_screen,
    pack_update_count,
    segment_name,
    skippable_frame,
)

ZSTD_LEVEL = 3
_INDEX_ZSTD_LEVEL = 3
_NS_PER_SECOND = 1_000_000_000
_MAX_RECTANGLES = 0xFFFF

# x, y, width, height, encoding, body: what rfb/client.py calls a Rectangle.
StoredRectangle = tuple[int, int, int, int, int, bytes]
Members = dict[str, object]


@dataclass(frozen=True)
class SealedSegment:
    """What sealing gave: the last bytes of the file and what manifest and journal keep of it."""

    tail: bytes
    entry: SegmentEntry
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
    """One segment from its header to its seal. `header.signer` must be the key that seals."""

    def __init__(self, header: Header, width: int, height: int) -> None:
        self.header = header
        self.width = width
        self.height = height
        self.updates = 0
        self.stored_bytes = 0
        self.body_bytes = 0
        self.end_ns = header.start_ns
        self._hash = hashlib.sha256()
        self._damage = _Damage()
        self._events: list[Members] = []
        self._gaps: list[Gap] = []
        parameters = zstandard.ZstdCompressionParameters.from_level(
            ZSTD_LEVEL, window_log=ZSTD_WINDOW_LOG
        )
        self._body = zstandard.ZstdCompressor(compression_params=parameters).compressobj()

    @property
    def full(self) -> bool:
        """Whether the bounds of format.md section 10 ask for the next segment."""
        return (
            self.end_ns - self.header.start_ns >= SEGMENT_MAX_NS
            or self.stored_bytes >= SEGMENT_MAX_STORED_BYTES
            or self.body_bytes >= SEGMENT_MAX_BODY_BYTES
        )

    def begin(self) -> bytes:
        """The header and the screen record, which come first."""
        frame = skippable_frame(SKIPPABLE_HEADER, self.header.pack())
        screen = pack_screen(self.width, self.height)
        return self._stored(frame) + self._record(RecordKind.SCREEN, self.header.start_ns, screen)

    def update(self, at_ns: int, rectangles: Sequence[StoredRectangle]) -> bytes:
        """One update's rectangles. One over the record limit is written as several records."""
        at_ns = self._in_order(at_ns)
        out = bytearray()
        packed: list[bytes] = []
        size = 0
        for x, y, width, height, encoding, body in rectangles:
            piece = pack_rectangle(x, y, width, height, encoding, body)
            if size + len(piece) + 2 > MAX_RECORD_BYTES or len(packed) == _MAX_RECTANGLES:
                out += self._update_record(at_ns, packed)
                packed, size = [], 0
            packed.append(piece)
            size += len(piece)
            if encoding != Encoding.CURSOR:
                self._damage.add(at_ns, x, y, width, height)
        return bytes(out + self._update_record(at_ns, packed))

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

    def seal(self, key: Ed25519PrivateKey, *, last: bool) -> SealedSegment:
        """End the body, append index and seal. Nothing may be written afterwards."""
        if public_bytes(key) != self.header.signer:
            raise ValueError("the key is not the signer that the header names")
        body = self._stored(self._body.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH))
        index = self._stored(skippable_frame(SKIPPABLE_INDEX, self._index()))
        seal = make_seal(
            key,
            self.header.recording_id,
            number=self.header.number,
            previous=self.header.previous_head,
            content_hash=self._hash.digest(),
            start_ns=self.header.start_ns,
            end_ns=self.end_ns,
            last=last,
        )
        tail = body + index + self._stored(skippable_frame(SKIPPABLE_SEAL, seal.pack()))
        entry = SegmentEntry(
            number=self.header.number,
            name=segment_name(self.header.number),
            size_bytes=self.stored_bytes,
            sha256=self._hash.hexdigest(),
            head=seal.head.hex(),
            start_ns=self.header.start_ns,
            end_ns=self.end_ns,
            width=self.width,
            height=self.height,
        )
        return SealedSegment(tail, entry, len(self._events), self._gaps)

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
        return zstandard.ZstdCompressor(level=_INDEX_ZSTD_LEVEL).compress(canonical(index))

    def _update_record(self, at_ns: int, packed: Iterable[bytes]) -> bytes:
        pieces = list(packed)
        self.updates += 1
        payload = pack_update_count(len(pieces)) + b"".join(pieces)
        return self._record(RecordKind.UPDATE, at_ns, payload)

    def _in_order(self, at_ns: int) -> int:
        self.end_ns = max(at_ns, self.end_ns)
        return self.end_ns

    def _record(self, kind: RecordKind, at_ns: int, payload: bytes) -> bytes:
        record = pack_record(kind, at_ns - self.header.start_ns, payload)
        self.body_bytes += len(record)
        return self._stored(self._body.compress(record))

    def _stored(self, data: bytes) -> bytes:
        self._hash.update(data)
        self.stored_bytes += len(data)
        return data
