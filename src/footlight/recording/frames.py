"""The zstd framing of a segment file: header, index, seal around its body. Source: format.md section 2."""

from __future__ import annotations

import io
from typing import BinaryIO

import zstandard

from footlight.recording.body import MAX_WINDOW, Body
from footlight.recording.cipher import DataKey, KeyNeeded, Part, SegmentCipher
from footlight.recording.format import (
    MAX_HEADER_BYTES,
    MAX_INDEX_BYTES,
    SEAL_BYTES,
    SKIPPABLE_HEADER,
    SKIPPABLE_INDEX,
    SKIPPABLE_PREFIX_BYTES,
    SKIPPABLE_SEAL,
    FormatError,
    Seal,
    skippable_prefix,
)
from footlight.recording.header import Header

SEAL_FRAME_BYTES = SKIPPABLE_PREFIX_BYTES + SEAL_BYTES

_TAIL_BYTES = 64 * 1024  # where an index is looked for first


class CutOff(FormatError):
    """The bytes end before the structure does: an open or torn segment."""


def read_header(file: BinaryIO) -> tuple[Header, int]:
    """The segment's header and the offset of its body. Raises FormatError, CutOff when the file
    ends first."""
    file.seek(0)
    prefix = file.read(SKIPPABLE_PREFIX_BYTES)
    if len(prefix) < SKIPPABLE_PREFIX_BYTES:
        raise CutOff("header is cut off")
    magic, length = skippable_prefix(prefix)
    if magic != SKIPPABLE_HEADER or length > MAX_HEADER_BYTES:
        raise FormatError("not a recording segment")
    payload = file.read(length)
    if len(payload) < length:
        raise CutOff("header is cut off")
    return Header.unpack(payload), SKIPPABLE_PREFIX_BYTES + length


def read_seal(file: BinaryIO) -> tuple[Seal, int] | None:
    """The seal that the file ends with and its offset; None when it does not end with one."""
    size = file.seek(0, io.SEEK_END)
    if size < SEAL_FRAME_BYTES:
        return None
    offset = file.seek(size - SEAL_FRAME_BYTES)
    frame = file.read(SEAL_FRAME_BYTES)
    if len(frame) < SEAL_FRAME_BYTES or skippable_prefix(frame) != (SKIPPABLE_SEAL, SEAL_BYTES):
        return None
    return Seal.unpack(frame[SKIPPABLE_PREFIX_BYTES:]), offset


def read_index(file: BinaryIO, data_key: DataKey | None = None) -> bytes:
    """The decompressed JSON of a sealed segment's index. Raises FormatError; KeyNeeded when it is
    encrypted and no key is given."""
    cipher = segment_cipher(read_header(file)[0], data_key)
    sealed = read_seal(file)
    if sealed is None:
        raise FormatError("segment is not sealed")
    stored = _index_before(file, sealed[1])
    if stored is None:
        stored = _index_after_body(file, sealed[1], cipher)
    if cipher is not None:
        stored = cipher.decrypt(Part.INDEX, 0, stored, last=True)
    reader = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_reader(stored)
    try:
        content = bytes(reader.read(MAX_INDEX_BYTES + 1))
    except zstandard.ZstdError as error:
        raise FormatError(f"index cannot be read: {error}") from None
    if len(content) > MAX_INDEX_BYTES:
        raise FormatError("index is over the limit")
    return content


def segment_cipher(header: Header, data_key: DataKey | None) -> SegmentCipher | None:
    """What decrypts that segment; None when it is in the clear. Raises KeyNeeded."""
    if not header.encrypted:
        return None
    if data_key is None:
        raise KeyNeeded("segment is encrypted, and its data key is not at hand")
    return SegmentCipher(data_key, header.salt, header.pack())


def _index_before(file: BinaryIO, seal_at: int) -> bytes | None:
    """The index payload, found backwards from the seal: a frame prefix whose length leads exactly
    there. None when it is not within reach; spares walking through the body."""
    start = max(0, seal_at - _TAIL_BYTES)
    file.seek(start)
    tail = file.read(seal_at - start)
    magic = SKIPPABLE_INDEX.to_bytes(4, "little")
    place = tail.rfind(magic)
    while place >= 0:
        payload_at = place + SKIPPABLE_PREFIX_BYTES
        length = tail[place + 4 : payload_at]
        if int.from_bytes(length, "little") == len(tail) - payload_at and len(length) == 4:
            return tail[payload_at:]
        place = tail.rfind(magic, 0, place)
    return None


def _index_after_body(file: BinaryIO, seal_at: int, cipher: SegmentCipher | None) -> bytes:
    _, body_at = read_header(file)
    body = Body(file, body_at, cipher)
    for _ in body.pieces():
        pass
    if not body.complete:
        raise FormatError("body is cut off")
    file.seek(body.end)
    magic, length = skippable_prefix(file.read(SKIPPABLE_PREFIX_BYTES))
    if magic != SKIPPABLE_INDEX or body.end + SKIPPABLE_PREFIX_BYTES + length != seal_at:
        raise FormatError("no index between body and seal")
    if length > MAX_INDEX_BYTES:
        raise FormatError("index is over the limit")
    return file.read(length)
