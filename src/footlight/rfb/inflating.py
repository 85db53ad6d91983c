"""The zlib stream of a connection's ZRLE rectangles (RFC 1950 and 1951).

An X server that is told not to compress stores what it sends: blocks that are copied as they lie, without zlib, which
would add them up for a checksum that nobody reads. From the first block on that is not stored, zlib has the stream.
"""

from __future__ import annotations

import struct
import zlib
from collections import deque

_STORED = struct.Struct("<BHH")  # last and type, in three bits; length; its complement
_WINDOW_BYTES = 32 * 1024  # to which what is compressed may refer
_HEADER_BYTES = 2
_DEFLATE, _PRESET_DICTIONARY = 8, 0x20


class Inflating:
    """One stream, which lives as long as its connection; each piece of it is flushed."""

    def __init__(self) -> None:
        self._begun = False
        self._inflater: zlib._Decompress | None = None  # once something was not stored
        self._last: deque[bytes] = deque()  # at least the window, if so much has come
        self._last_bytes = 0

    def inflate(self, deflated: bytes | memoryview, limit: int) -> bytes:
        """The next piece. Raises ValueError, also when it is of more than `limit` bytes."""
        piece = memoryview(deflated)
        if not self._begun and piece:
            _check_header(piece)
            self._begun, piece = True, piece[_HEADER_BYTES:]
        stored = _stored(piece) if self._inflater is None else None
        if stored is None:
            return self._inflated(piece, limit)
        if sum(map(len, stored)) > limit:
            raise ValueError("more than it can hold")
        inflated = b"".join(stored)
        self._remember(inflated)
        return inflated

    def _remember(self, inflated: bytes) -> None:
        self._last.append(inflated)
        self._last_bytes += len(inflated)
        while self._last_bytes - len(self._last[0]) >= _WINDOW_BYTES:
            self._last_bytes -= len(self._last.popleft())

    def _inflated(self, piece: memoryview, limit: int) -> bytes:
        if self._inflater is None:
            window = b"".join(self._last)[-_WINDOW_BYTES:]
            self._inflater = zlib.decompressobj(-zlib.MAX_WBITS, zdict=window)
            self._last.clear()
        try:
            inflated = self._inflater.decompress(piece, limit + 1)
        except zlib.error as error:
            raise ValueError(f"zlib: {error}") from None
        if len(inflated) > limit or self._inflater.unconsumed_tail or self._inflater.eof:
            raise ValueError("more than it can hold")
        return inflated


def _check_header(piece: memoryview) -> None:
    whole = len(piece) >= _HEADER_BYTES and (piece[0] << 8 | piece[1]) % 31 == 0
    if not whole or piece[0] & 0x0F != _DEFLATE or piece[1] & _PRESET_DICTIONARY:
        raise ValueError("zlib: incorrect header")


def _stored(piece: memoryview) -> list[memoryview] | None:
    """What is in its blocks; None when not all of them are stored and whole, and others follow."""
    blocks = []
    at, end = 0, len(piece)
    while at + _STORED.size <= end:
        kind, length, complement = _STORED.unpack_from(piece, at)
        if kind & 7 or length ^ complement != 0xFFFF:
            return None
        at += _STORED.size + length
        if length:
            blocks.append(piece[at - length : at])
    return blocks if at == end else None
