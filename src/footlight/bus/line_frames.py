"""Frames of a stream between machines: one letter of kind, four bytes of length (big endian), the payload.

| kind | payload |
|---|---|
| `O` | none: the host has taken the ticket, the stream is open |
| `D` | bytes of the stream |
| `W` | 4 bytes, big endian: so many bytes of the stream were read, so many more may come |
| `E` | none: this side has closed |
| `P` | none: is somebody there? |
| `Q` | none: yes |
"""

from __future__ import annotations

import struct

HEAD = struct.Struct(">cI")
COUNT = struct.Struct(">I")
OPEN, DATA, WINDOW, END, PING, PONG = b"O", b"D", b"W", b"E", b"P", b"Q"
FRAME_BYTES = 64 * 1024  # of the stream, in one frame
_LENGTHS = {OPEN: 0, WINDOW: COUNT.size, END: 0, PING: 0, PONG: 0}


def frame(kind: bytes, payload: bytes | memoryview = b"") -> bytes:
    """The frame as it goes over the line."""
    return b"".join((HEAD.pack(kind, len(payload)), payload))


class FrameParser:
    """Takes bytes as they come, cut anywhere. It holds a head and a count at most: bytes of the stream are passed on
    as they are, also the part of a frame."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._left = 0  # bytes of the stream that the frame still has

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """(kind, payload) of what is there now; `D` may stand several times for one frame. Raises ValueError for what
        is no frame."""
        found: list[tuple[bytes, bytes]] = []
        at = 0
        while at < len(data):
            if self._left:
                piece = data[at : at + self._left]
                self._left -= len(piece)
                at += len(piece)
                found.append((DATA, piece))
            else:
                at += self._control(data, at, found)
        return found

    def _control(self, data: bytes, at: int, found: list[tuple[bytes, bytes]]) -> int:
        """Take bytes of a head or of what follows that of a small frame; how many were taken."""
        wanted = HEAD.size - len(self._held)
        taken = 0
        if wanted > 0:
            head = data[at : at + wanted]
            self._held += head
            taken = len(head)
            if taken < wanted:
                return taken
        kind, length = HEAD.unpack_from(self._held)
        if kind == DATA and length <= FRAME_BYTES:
            self._left = length
        elif _LENGTHS.get(kind) != length:
            raise ValueError("what came is no frame")
        else:
            missing = HEAD.size + length - len(self._held)
            rest = data[at + taken : at + taken + missing]
            self._held += rest
            taken += len(rest)
            if len(rest) < missing:
                return taken
            found.append((kind, bytes(self._held[HEAD.size :])))
        self._held.clear()
        return taken
