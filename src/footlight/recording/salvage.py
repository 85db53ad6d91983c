"""A torn segment made whole: what a dead writer flushed is kept, sealed by its successor.

The torn bytes are decoded to their last whole record and written anew at the place in the chain that
is its now, with the new signer in the header. Source: format.md section 2.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec

from footlight.recording.chain import canonical
from footlight.recording.format import FormatError, RecordKind, pack_record, unpack_screen
from footlight.recording.index import IndexMaker
from footlight.recording.reader import Record, SegmentReader, check_record
from footlight.recording.recompression import compressed
from footlight.recording.sealing import Hand, Place, SealedSegment, SealedWriter
from footlight.recording.writer import ClosedSegment

QUICK_ZSTD_LEVEL = 3  # who comes back wants to go on
_WRITTEN = frozenset(RecordKind)


def salvage(
    torn: BinaryIO, whole: BinaryIO, place: Place, hand: Hand, boot_id: bytes
) -> SealedSegment | None:
    """Write into `whole` the sealed segment that `torn` began. None when not even a first picture is in it, or of
    a recording of events none: then nothing is worth keeping and `whole` is to be thrown away."""
    try:
        reader = SegmentReader(torn)
        records = reader.records()
        first = next(records, None)
        if first is None or first.kind == RecordKind.UPDATE:
            return None
        check_record(first)
        has_screen = first.kind == RecordKind.SCREEN
        size = unpack_screen(first.payload) if has_screen else (0, 0)
    except FormatError:
        return None
    kept = _Kept(first, reader.header.start_ns)
    header = dataclasses.replace(reader.header, boot_id=boot_id)
    writer = SealedWriter(whole, header, place, hand)
    for data in compressed(kept.pieces(records), QUICK_ZSTD_LEVEL):
        writer.write(data)
    index = kept.index.made(kept.body_bytes)
    if not (index.updates if has_screen else index.events):
        return None
    closed = ClosedSegment(
        header=header,
        width=size[0],
        height=size[1],
        end_ns=index.end_ns,
        body_bytes=kept.body_bytes,
        index=canonical(msgspec.to_builtins(index)),
        event_count=len(index.events),
        gaps=index.gaps,
    )
    return writer.finish(closed)


class _Kept:
    """The records that hold, and what they come to."""

    def __init__(self, first: Record, start_ns: int) -> None:
        self.index = IndexMaker(start_ns)
        self.body_bytes = 0
        self._first = first
        self._start_ns = start_ns

    def pieces(self, following: Iterable[Record]) -> Iterator[bytes]:
        """Each record's bytes, up to the first that does not hold: from there on the tail was torn."""
        yield self._piece(self._first)
        for record in following:
            try:
                if record.kind not in _WRITTEN:
                    raise FormatError(f"record of kind {record.kind} was not written by a recorder")
                check_record(record)
            except FormatError:
                return
            yield self._piece(record)

    def _piece(self, record: Record) -> bytes:
        self.index.add(record)
        data = pack_record(record.kind, record.at_ns - self._start_ns, record.payload)
        self.body_bytes += len(data)
        return data
