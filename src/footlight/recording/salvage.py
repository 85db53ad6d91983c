"""A torn segment made whole: what a dead writer flushed is kept, sealed by its successor.

The torn bytes are decoded to their last whole record and written anew under the same number, first
instant and previous head, with the new signer in the header. Source: format.md section 2.
"""

from __future__ import annotations

import dataclasses
import json
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording.chain import Gap, public_bytes
from footlight.recording.format import FormatError, RecordKind, unpack_gap, unpack_screen
from footlight.recording.reader import Record, SegmentReader, read_event, read_gap, rectangles
from footlight.recording.writer import SealedSegment, SegmentWriter


def salvage(
    torn: BinaryIO, whole: BinaryIO, key: Ed25519PrivateKey, boot_id: bytes
) -> SealedSegment | None:
    """Write into `whole` the sealed segment that `torn` began. None when not even a first picture
    is in it: then nothing is worth keeping and `whole` is to be thrown away."""
    try:
        reader = SegmentReader(torn)
        records = reader.records()
        first = next(records, None)
        if first is None or first.kind != RecordKind.SCREEN:
            return None
        header = dataclasses.replace(reader.header, signer=public_bytes(key), boot_id=boot_id)
        writer = SegmentWriter(header, *unpack_screen(first.payload))
    except FormatError:
        return None
    whole.write(writer.begin())
    try:
        for record in records:
            whole.write(_replay(writer, record))
    except FormatError:
        pass  # from here on the tail was torn
    if writer.updates == 0:
        return None
    sealed = writer.seal(key, last=False)
    whole.write(sealed.tail)
    return sealed


def _replay(writer: SegmentWriter, record: Record) -> bytes:
    if record.kind == RecordKind.UPDATE:
        kept = [
            (r.x, r.y, r.width, r.height, r.encoding, bytes(r.body))
            for r in rectangles(record.payload)
        ]
        return writer.update(record.at_ns, kept)
    if record.kind == RecordKind.EVENT:
        event = read_event(record.payload)
        return writer.event(record.at_ns, event.pop("type"), event)
    if record.kind == RecordKind.GAP:
        from_ns, to_ns, cause = read_gap(record.payload)
        detail = json.loads(unpack_gap(record.payload)[2]).get("detail", "")
        return writer.gap(record.at_ns, Gap(from_ns=from_ns, to_ns=to_ns, cause=cause), str(detail))
    raise FormatError(f"record of kind {record.kind} was not written by a recorder")
