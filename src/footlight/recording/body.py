"""A segment's body as it is read: one zstd frame, stored as it is or in encrypted chunks.

The zstd frame is taken block by block (RFC 8878 section 3.1.1.2): so its end is known without help from
the index, what is decompressed at once stays under 128 KiB whatever the bytes say, and an open file
is read up to its last whole block. Source: format.md sections 2 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

import zstandard

from footlight.recording.cipher import CHUNK_BYTES, TAG_BYTES, Part, SegmentCipher
from footlight.recording.format import (
    MAX_BODY_BYTES,
    SKIPPABLE_CHUNK,
    SKIPPABLE_LAST_CHUNK,
    SKIPPABLE_PREFIX_BYTES,
    ZSTD_WINDOW_LOG,
    FormatError,
    skippable_prefix,
)

MAX_WINDOW = 1 << ZSTD_WINDOW_LOG

_MAX_BLOCK_BYTES = 128 * 1024
_ZSTD_PREFIX_BYTES = 5  # tell how long the frame's header is
_BLOCK_HEADER_BYTES = 3
_RLE_BLOCK, _RESERVED_BLOCK = 1, 3
_CHECKSUM_BYTES = 4


class _Bytes(Protocol):
    """The zstd frame's bytes in order."""

    @property
    def position(self) -> int:
        """Offset in the file: of the next byte, or of the chunk that it is in."""
        ...

    @property
    def at_end(self) -> bool:
        """Whether the body may end here."""
        ...

    def read(self, size: int) -> bytes:
        """So many bytes, or what is left. Raises FormatError."""
        ...


class _Plain:
    """The bytes as they are stored."""

    at_end = True

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self.position = offset
        self._file = file
        file.seek(offset)

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.position += len(data)
        return data


class _Decrypted:
    """The bytes of encrypted chunks, at most one of which is held."""

    def __init__(self, file: BinaryIO, offset: int, cipher: SegmentCipher) -> None:
        self.at_end = False
        self._last = False
        self._chunks = chunks(file, offset)
        self._cipher = cipher
        self._counter = 0
        self._start = self._end = offset
        self._plain = b""
        self._at = 0

    @property
    def position(self) -> int:
        return self._end if self._at == len(self._plain) else self._start

    def read(self, size: int) -> bytes:
        out = b""
        while len(out) < size:
            if self._at == len(self._plain) and not self._next():
                break
            piece = self._plain[self._at : self._at + size - len(out)]
            self._at += len(piece)
            out += piece
        self.at_end = self._last and self._at == len(self._plain)
        return out

    def _next(self) -> bool:
        found = next(self._chunks, None)
        if found is None:
            return False
        offset, stored, last = found
        self._plain = self._cipher.decrypt(Part.BODY, self._counter, stored, last=last)
        self._at, self._start = 0, offset
        self._end = offset + SKIPPABLE_PREFIX_BYTES + len(stored)
        self._counter, self._last = self._counter + 1, last
        return True


def chunks(file: BinaryIO, offset: int) -> Iterator[tuple[int, bytes, bool]]:
    """(offset, stored bytes, whether it is the last) of each encrypted chunk from `offset` on. Ends quietly
    where the file does, inside of a chunk too. Raises FormatError for what is no chunk."""
    while True:
        file.seek(offset)
        prefix = file.read(SKIPPABLE_PREFIX_BYTES)
        if len(prefix) < SKIPPABLE_PREFIX_BYTES:
            return
        magic, length = skippable_prefix(prefix)
        last = magic == SKIPPABLE_LAST_CHUNK
        full = CHUNK_BYTES + TAG_BYTES
        if not (
            (last and TAG_BYTES < length <= full) or (magic == SKIPPABLE_CHUNK and length == full)
        ):
            raise FormatError("encrypted chunk is of no known form")
        stored = file.read(length)
        if len(stored) < length:
            return
        yield offset, stored, last
        if last:
            return
        offset += SKIPPABLE_PREFIX_BYTES + length


class Body:
    """A segment's body as it is read: `end` is the offset after the last block that was taken (in an encrypted
    one that of its chunk), `complete` whether that block was the body's last. `cipher` None: not encrypted."""

    def __init__(self, file: BinaryIO, start: int, cipher: SegmentCipher | None = None) -> None:
        self.start = self.end = start
        self.complete = False
        self._file = file
        self._cipher = cipher

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """(offset in the file, decompressed bytes) of one block after the other, each at most
        128 KiB. Ends quietly at the first incomplete block. Raises FormatError."""
        stored: _Bytes = (
            _Plain(self._file, self.start)
            if self._cipher is None
            else _Decrypted(self._file, self.start, self._cipher)
        )
        opening, has_checksum = _zstd_header(stored)
        if not opening:
            return
        decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj()
        decompressor.decompress(opening)
        self.end = stored.position
        total = 0
        while (block := _read_block(stored)) is not None:
            try:
                piece = decompressor.decompress(block)
            except zstandard.ZstdError as error:
                raise FormatError(f"compressed block cannot be read: {error}") from None
            total += len(piece)
            if total > MAX_BODY_BYTES:
                raise FormatError("body is over the limit when decompressed")
            yield self.end, piece
            self.end = stored.position
            if block[0] & 1:
                self._finish(stored, has_checksum)
                return

    def _finish(self, stored: _Bytes, has_checksum: bool) -> None:
        if has_checksum and len(stored.read(_CHECKSUM_BYTES)) < _CHECKSUM_BYTES:
            return
        if not stored.at_end:
            raise FormatError("encrypted bytes follow the end of the body")
        self.end = stored.position
        self.complete = True


def _zstd_header(stored: _Bytes) -> tuple[bytes, bool]:
    """The zstd frame's header and whether a checksum follows the last block; no bytes when it is cut off."""
    opening = stored.read(_ZSTD_PREFIX_BYTES)
    if len(opening) < _ZSTD_PREFIX_BYTES:
        return b"", False
    try:
        length = zstandard.frame_header_size(opening)
        opening += stored.read(length - len(opening))
        if len(opening) < length:
            return b"", False
        parameters = zstandard.get_frame_parameters(opening)
    except zstandard.ZstdError as error:
        raise FormatError(f"body is no zstd frame: {error}") from None
    if parameters.window_size > MAX_WINDOW:
        raise FormatError(f"zstd window of {parameters.window_size} bytes is over the limit")
    if parameters.dict_id:
        raise FormatError("body wants a zstd dictionary")
    return opening, parameters.has_checksum


def _read_block(stored: _Bytes) -> bytes | None:
    """One zstd block with its header; None when the bytes end first. Raises FormatError."""
    head = stored.read(_BLOCK_HEADER_BYTES)
    if len(head) < _BLOCK_HEADER_BYTES:
        return None
    value = int.from_bytes(head, "little")
    last, kind, size = value & 1, value >> 1 & 3, value >> 3
    if kind == _RESERVED_BLOCK or size > _MAX_BLOCK_BYTES:
        raise FormatError("compressed block is of no known kind")
    length = 1 if kind == _RLE_BLOCK else size
    if length == 0 and not last:
        return None  # a file that grew before its bytes were written ends in zeros
    content = stored.read(length)
    return head + content if len(content) == length else None
