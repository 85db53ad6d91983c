"""What a viewer sends: handshake and client messages, cut out of the byte stream without I/O.

Used to keep a view-only viewer from doing anything on the server's side, so it trusts nothing: lengths are bounded,
what it does not know ends the stream, and clipboard text is passed over without being kept.

Source: RFC 6143 sections 7.1 and 7.5; the RFB community specification for 150, 248, 251, 255 and the
extended clipboard (a negative length).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum

from footlight.rfb import clipboard

MAX_CUT_TEXT_BYTES = 16 * 1024 * 1024
MAX_FENCE_BYTES = 64


class Kind(Enum):
    """What a piece of the stream is."""

    VERSION = "version"
    SECURITY = "security choice"
    SHARED = "client init"
    SET_PIXEL_FORMAT = "SetPixelFormat"
    SET_ENCODINGS = "SetEncodings"
    UPDATE_REQUEST = "FramebufferUpdateRequest"
    KEY = "KeyEvent"
    POINTER = "PointerEvent"
    CUT_TEXT = "ClientCutText"
    CONTINUOUS_UPDATES = "EnableContinuousUpdates"
    FENCE = "Fence"
    DESKTOP_SIZE = "SetDesktopSize"
    QEMU_KEY = "QEMU extended KeyEvent"


# What a viewer that only looks needs: everything else changes the session.
PASSIVE = frozenset(
    {
        Kind.VERSION,
        Kind.SECURITY,
        Kind.SHARED,
        Kind.SET_PIXEL_FORMAT,
        Kind.SET_ENCODINGS,
        Kind.UPDATE_REQUEST,
        Kind.CONTINUOUS_UPDATES,
        Kind.FENCE,
    }
)


@dataclass(frozen=True)
class Piece:
    """A whole message as it came, or a part of a clipboard message (kind CUT_TEXT): its head, with the flags of an
    extended one, and then what follows (`begins` False)."""

    kind: Kind
    data: bytes
    begins: bool = True


@dataclass(frozen=True)
class Refused:
    """The stream can't be followed any further. `offset` counts from the stream's first byte."""

    offset: int
    reason: str


_FIXED = {
    0: (20, Kind.SET_PIXEL_FORMAT),
    3: (10, Kind.UPDATE_REQUEST),
    4: (8, Kind.KEY),
    5: (6, Kind.POINTER),
    150: (10, Kind.CONTINUOUS_UPDATES),
}

# Bytes at the front of a message that say how long it is.
_HEADS = {2: 4, 6: 8, 248: 9, 251: 8, 255: 2}


class ViewerParser:
    """Feed bytes in whatever pieces they come; get whole messages out. After a Refused nothing more comes.
    Holds at most one incomplete message, 256 KiB and a little."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._offset = 0
        self._stage = Kind.VERSION
        self._cut_text_left = 0
        self._refused: Refused | None = None

    def feed(self, data: bytes) -> tuple[list[Piece], Refused | None]:
        """The messages completed by `data`, and the refusal if there is one now or was one before."""
        pieces: list[Piece] = []
        if self._refused is None:
            self._buffer += data
            while (piece := self._next()) is not None:
                pieces.append(piece)
        return pieces, self._refused

    @property
    def in_handshake(self) -> bool:
        """Whether ClientInit has not come yet."""
        return self._stage in (Kind.VERSION, Kind.SECURITY, Kind.SHARED)

    def rest(self) -> bytes:
        """The bytes held back so far, given out when nobody will feed any more."""
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    def _next(self) -> Piece | None:
        if not self._buffer:
            return None
        if self.in_handshake:
            return self._handshake()
        if self._cut_text_left:
            count = min(self._cut_text_left, len(self._buffer))
            self._cut_text_left -= count
            return self._take(count, Kind.CUT_TEXT, begins=False)
        return self._message()

    def _handshake(self) -> Piece | None:
        if self._stage is Kind.SECURITY:
            self._stage = Kind.SHARED
            return self._take(1, Kind.SECURITY)
        if self._stage is Kind.SHARED:
            self._stage = Kind.UPDATE_REQUEST
            return self._take(1, Kind.SHARED)
        if len(self._buffer) < 12:
            return None
        version = bytes(self._buffer[:12])
        if version not in (b"RFB 003.003\n", b"RFB 003.007\n", b"RFB 003.008\n"):
            self._refuse("not an RFB version")
            return None
        # Version 3.3 has no choice of security: the server names it (RFC 6143 section 7.1.2, appendix A).
        self._stage = Kind.SHARED if version == b"RFB 003.003\n" else Kind.SECURITY
        return self._take(12, Kind.VERSION)

    def _message(self) -> Piece | None:
        number = self._buffer[0]
        if number in _FIXED:
            length, kind = _FIXED[number]
            return self._take(length, kind) if len(self._buffer) >= length else None
        head = _HEADS.get(number)
        if head is None:
            self._refuse(f"unknown message {number}")
            return None
        return self._sized(number) if len(self._buffer) >= head else None

    def _sized(self, number: int) -> Piece | None:
        """A message whose head is there and tells its length."""
        if number == 6:
            (signed,) = struct.unpack_from(">i", self._buffer, 4)
            if abs(signed) > MAX_CUT_TEXT_BYTES:
                self._refuse(f"clipboard text of {abs(signed)} bytes")
                return None
            start = clipboard.start_bytes(self._buffer)
            if len(self._buffer) < start:
                return None
            self._cut_text_left = abs(signed) - (start - clipboard.HEAD_BYTES)
            return self._take(start, Kind.CUT_TEXT)
        if number == 2:
            length, kind = 4 + 4 * struct.unpack_from(">H", self._buffer, 2)[0], Kind.SET_ENCODINGS
        elif number == 251:
            length, kind = 8 + 16 * self._buffer[6], Kind.DESKTOP_SIZE
        elif number == 248:
            length, kind = 9 + self._buffer[8], Kind.FENCE
            if length > 9 + MAX_FENCE_BYTES:
                self._refuse("fence is too long")
                return None
        else:
            length, kind = 12, Kind.QEMU_KEY
            if self._buffer[1] != 0:
                self._refuse(f"unknown QEMU message {self._buffer[1]}")
                return None
        return self._take(length, kind) if len(self._buffer) >= length else None

    def _take(self, count: int, kind: Kind, *, begins: bool = True) -> Piece:
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._offset += count
        return Piece(kind, data, begins)

    def _refuse(self, reason: str) -> None:
        self._refused = Refused(self._offset, reason)
