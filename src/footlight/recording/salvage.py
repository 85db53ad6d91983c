"""A torn segment made whole: what a dead writer flushed is kept, sealed by its successor.

The torn bytes are decoded to their last whole record and written anew under the same number, first
instant and previous head, with the new signer in the header. Source: format.md section 2.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import BinaryIO

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording.chain import Gap, public_bytes
from footlight.recording.format import (
    HEADER_BYTES,
    MAX_BODY_BYTES,
    RECORD_PREFIX_BYTES,
    SKIPPABLE_HEADER,
    SKIPPABLE_PREFIX_BYTES,
    UPDATE_COUNT_BYTES,
    ZSTD_WINDOW_LOG,
    FormatError,
    Header,
    RecordKind,
    skippable_prefix,
    unpack_gap,
    unpack_record_prefix,
    unpack_rectangle,
    unpack_screen,
    unpack_update_count,
)
from footlight.recording.writer import SealedSegment, SegmentWriter, StoredRectangle

_PIECE_BYTES = 256 * 1024

_Record = tuple[int, int, bytes]  # kind, ns since the segment's first instant, payload


def salvage(
    torn: BinaryIO, whole: BinaryIO, key: Ed25519PrivateKey, boot_id: bytes
) -> SealedSegment | None:
    """Write into `whole` the sealed segment that `torn` began. None when not even a first picture
    is in it: then nothing is worth keeping and `whole` is to be thrown away."""
    try:
        header = _read_header(torn)
    except FormatError:
        return None
    header = dataclasses.replace(header, signer=public_bytes(key), boot_id=boot_id)
    records = _records(torn)
    try:
        kind, _, payload = next(records)
        if kind != RecordKind.SCREEN:
            return None
        writer = SegmentWriter(header, *unpack_screen(payload))
    except (StopIteration, FormatError):
        return None
    whole.write(writer.begin())
    try:
        for kind, at_ns, payload in records:
            whole.write(_replay(writer, kind, header.start_ns + at_ns, payload))
    except FormatError:
        pass  # the tail from here on was torn
    if writer.updates == 0:
        return None
    sealed = writer.seal(key, last=False)
    whole.write(sealed.tail)
    return sealed


def _read_header(source: BinaryIO) -> Header:
    magic, length = skippable_prefix(source.read(SKIPPABLE_PREFIX_BYTES))
    if magic != SKIPPABLE_HEADER or length != HEADER_BYTES:
        raise FormatError("not a recording segment")
    return Header.unpack(source.read(HEADER_BYTES))


def _records(source: BinaryIO) -> Iterator[_Record]:
    """Whole records from the body on; ends quietly where the bytes end or stop making sense."""
    buffer = bytearray()
    for piece in _body(source):
        buffer += piece
        position = 0
        while len(buffer) - position >= RECORD_PREFIX_BYTES:
            kind, length, at_ns = unpack_record_prefix(buffer, position)
            end = position + RECORD_PREFIX_BYTES + length
            if end > len(buffer):
                break
            yield kind, at_ns, bytes(buffer[position + RECORD_PREFIX_BYTES : end])
            position = end
        del buffer[:position]


def _body(source: BinaryIO) -> Iterator[bytes]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << ZSTD_WINDOW_LOG).decompressobj()
    total = 0
    while (stored := source.read(_PIECE_BYTES)) and not decompressor.eof:
        try:
            piece = decompressor.decompress(stored)
        except zstandard.ZstdError:
            return
        total += len(piece)
        if total > MAX_BODY_BYTES:
            return
        yield piece


def _replay(writer: SegmentWriter, kind: int, at_ns: int, payload: bytes) -> bytes:
    if kind == RecordKind.UPDATE:
        return writer.update(at_ns, _rectangles(payload))
    if kind == RecordKind.EVENT:
        event = _json_object(payload)
        return writer.event(at_ns, str(event.pop("type", "unknown")), event)
    if kind == RecordKind.GAP:
        from_ns, to_ns, note = unpack_gap(payload)
        described = _json_object(note)
        gap = Gap(from_ns=from_ns, to_ns=to_ns, cause=str(described.get("cause", "")))
        return writer.gap(at_ns, gap, str(described.get("detail", "")))
    raise FormatError(f"record of kind {kind} was not written here")


def _rectangles(payload: bytes) -> list[StoredRectangle]:
    offset = UPDATE_COUNT_BYTES
    rectangles: list[StoredRectangle] = []
    for _ in range(unpack_update_count(payload)):
        x, y, width, height, encoding, start, length = unpack_rectangle(payload, offset)
        offset = start + length
        rectangles.append((x, y, width, height, encoding, payload[start:offset]))
    return rectangles


def _json_object(payload: bytes) -> dict[str, object]:
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"event cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise FormatError("event is no object")
    return value
