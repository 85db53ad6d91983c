"""A stored object as a file of which only some parts are at hand: what is read of it says what to fetch."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import BinaryIO, TypeVar, cast

from footlight.errors import Unavailable
from footlight.objects.objects import Objects

T = TypeVar("T")

PIECE_BYTES = 64 * 1024
MAX_FETCHED_BYTES = 64 * 1024 * 1024


class TooFar(Exception):
    """More of an object would have to be fetched than is worth it."""


class _Lacking(Exception):
    def __init__(self, offset: int, length: int) -> None:
        super().__init__(f"{length} bytes at {offset}")
        self.offset = offset
        self.length = length


class _Parts(io.RawIOBase):
    """Pieces of PIECE_BYTES by their number."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pieces: dict[int, bytes] = {}
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        end = self.size if size < 0 else min(self.size, self._at + size)
        if end <= self._at:
            return b""
        first, last = self._at // PIECE_BYTES, (end - 1) // PIECE_BYTES
        for number in range(first, last + 1):
            if number not in self.pieces:
                raise _Lacking(number * PIECE_BYTES, (last + 1 - number) * PIECE_BYTES)
        joined = b"".join(self.pieces[number] for number in range(first, last + 1))
        begin = self._at - first * PIECE_BYTES
        data = joined[begin : begin + end - self._at]
        self._at = end
        return data

    def put(self, offset: int, data: bytes) -> None:
        for begin in range(0, len(data), PIECE_BYTES):
            self.pieces[(offset + begin) // PIECE_BYTES] = data[begin : begin + PIECE_BYTES]


async def read_parts(objects: Objects, key: str, work: Callable[[BinaryIO], T]) -> T:
    """What `work` makes of the object, of which only what it reads is fetched. It is called again, from its beginning,
    whenever something was lacking, and blocks in a thread. Raises NotFound, TooFar, Unavailable."""
    parts = _Parts(await objects.size(key))
    fetched = 0
    while True:
        parts.seek(0)
        try:
            return await asyncio.to_thread(work, cast(BinaryIO, parts))
        except _Lacking as lacking:
            fetched += lacking.length
            if fetched > MAX_FETCHED_BYTES:
                raise TooFar(key) from None
            data = await objects.get(key, lacking.offset, lacking.length)
            if not data:
                raise Unavailable("The store gives less of an object than it has.") from None
            parts.put(lacking.offset, data)
