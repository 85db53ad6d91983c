"""The zstd framing of a segment file: header, body, index, seal. Source: format.md section 2.

The body is taken block by block (RFC 8878 section 3.1.1.2): so its end is known without help from
the index, what is decompressed at once stays under 128 KiB whatever the bytes say, and an open file
is read up to its last whole block.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import zstandard

from footlight.recording.format import (
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    MAX_INDEX_BYTES,
    SEAL_BYTES,
    SKIPPABLE_HEADER,
    SKIPPABLE_INDEX,
    SKIPPABLE_PREFIX_BYTES,
    SKIPPABLE_SEAL,
    ZSTD_WINDOW_LOG,
    FormatError,
    Header,
    Seal,
    skippable_prefix,
)

SEAL_FRAME_BYTES = SKIPPABLE_PREFIX_BYTES + SEAL_BYTES

_MAX_WINDOW = 1 << ZSTD_WINDOW_LOG
_MAX_BLOCK_BYTES = 128 * 1024
_MAX_ZSTD_HEADER_BYTES = 18
_BLOCK_HEADER_BYTES = 3
_RLE_BLOCK, _RESERVED_BLOCK = 1, 3
_CHECKSUM_BYTES = 4
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


@dataclass
class Body:
    """A segment's body as it is read: `end` is the offset after the last block that was taken,
    `complete` whether that block was the body's last."""

    file: BinaryIO
    end: int
    complete: bool = False

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """(offset in the file, decompressed bytes) of one block after the other, each at most
        128 KiB. Ends quietly at the first incomplete block. Raises FormatError."""
        file = self.file
        file.seek(self.end)
        opening = file.read(_MAX_ZSTD_HEADER_BYTES)
        header_bytes, has_checksum = _zstd_header(opening)
        if header_bytes == 0:
            return
        decompressor = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompressobj()
        decompressor.decompress(opening[:header_bytes])
        self.end += header_bytes
        file.seek(self.end)
        total = 0
        while (block := _read_block(file)) is not None:
            try:
                piece = decompressor.decompress(block)
            except zstandard.ZstdError as error:
                raise FormatError(f"compressed block cannot be read: {error}") from None
            total += len(piece)
            if total > MAX_BODY_BYTES:
                raise FormatError("body is over the limit when decompressed")
            yield self.end, piece
            self.end += len(block)
            if block[0] & 1:
                self._finish(has_checksum)
                return

    def _finish(self, has_checksum: bool) -> None:
        if has_checksum:
            if len(self.file.read(_CHECKSUM_BYTES)) < _CHECKSUM_BYTES:
                return
            self.end += _CHECKSUM_BYTES
        self.complete = True


def _zstd_header(opening: bytes) -> tuple[int, bool]:
    """(length, whether a checksum follows the last block) of the zstd frame's header; length 0 when
    it is cut off."""
    if len(opening) < 6:  # no frame header with room for a block is shorter
        return 0, False
    try:
        length = zstandard.frame_header_size(opening)
        if len(opening) < length:
            return 0, False
        parameters = zstandard.get_frame_parameters(opening)
    except zstandard.ZstdError as error:
        raise FormatError(f"body is no zstd frame: {error}") from None
    if parameters.window_size > _MAX_WINDOW:
        raise FormatError(f"zstd window of {parameters.window_size} bytes is over the limit")
    if parameters.dict_id:
        raise FormatError("body wants a zstd dictionary")
    return length, parameters.has_checksum


def _read_block(file: BinaryIO) -> bytes | None:
    """One zstd block with its header; None when the file ends first. Raises FormatError."""
    head = file.read(_BLOCK_HEADER_BYTES)
    if len(head) < _BLOCK_HEADER_BYTES:
        return None
    value = int.from_bytes(head, "little")
    last, kind, size = value & 1, value >> 1 & 3, value >> 3
    if kind == _RESERVED_BLOCK or size > _MAX_BLOCK_BYTES:
        raise FormatError("compressed block is of no known kind")
    stored = 1 if kind == _RLE_BLOCK else size
    if stored == 0 and not last:
        return None  # a file that grew before its bytes were written ends in zeros
    content = file.read(stored)
    return head + content if len(content) == stored else None


def read_index(file: BinaryIO) -> bytes:
    """The decompressed JSON of a sealed segment's index. Raises FormatError."""
    sealed = read_seal(file)
    if sealed is None:
        raise FormatError("segment is not sealed")
    _, seal_at = sealed
    stored = _index_before(file, seal_at)
    if stored is None:
        stored = _index_after_body(file, seal_at)
    reader = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).stream_reader(stored)
    try:
        content = bytes(reader.read(MAX_INDEX_BYTES + 1))
    except zstandard.ZstdError as error:
        raise FormatError(f"index cannot be read: {error}") from None
    if len(content) > MAX_INDEX_BYTES:
        raise FormatError("index is over the limit")
    return content


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


def _index_after_body(file: BinaryIO, seal_at: int) -> bytes:
    _, body_at = read_header(file)
    body = Body(file, body_at)
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
