"""Frames on a stream of bytes: one letter of kind, four bytes of length (big endian), the payload. Standard library
only: also small processes of the agent speak them.

| kind | payload |
|---|---|
| `H` | the head of an answer, JSON |
| `F` | from where and how much, JSON |
| `D` | bytes of a file |
| `E` | the end, JSON |
"""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HEAD = struct.Struct(">cI")
HEADER, FROM, DATA, END = b"H", b"F", b"D", b"E"
MAX_PAYLOAD_BYTES = 1024 * 1024
DATA_BYTES = 128 * 1024  # of a frame of a file


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """The frame as it goes over the stream. Raises ValueError for a payload over MAX_PAYLOAD_BYTES."""
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"a frame of {len(payload)} bytes")
    return HEAD.pack(kind, len(payload)) + payload


class Frames:
    """Frames of a stream whose bytes `read(limit)` gives, b"" at its end."""

    def __init__(self, read: Callable[[int], Awaitable[bytes]]) -> None:
        self._read = read
        self._held = bytearray()

    async def next(self) -> tuple[bytes, bytes] | None:
        """Kind and payload; None when the stream ended, also within a frame. Raises ValueError for what is no
        frame. Cancelling loses nothing."""
        while True:
            if len(self._held) >= HEAD.size:
                kind, length = HEAD.unpack_from(self._held)
                if kind not in (HEADER, FROM, DATA, END) or length > MAX_PAYLOAD_BYTES:
                    raise ValueError("what came is no frame")
                end = HEAD.size + length
                if len(self._held) >= end:
                    payload = bytes(memoryview(self._held)[HEAD.size : end])
                    del self._held[:end]
                    return kind, payload
            piece = await self._read(DATA_BYTES + HEAD.size)
            if not piece:
                return None
            self._held += piece
