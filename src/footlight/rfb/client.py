"""The client side of RFB 3.8 as bytes in, events out (RFC 6143). No sockets, no pixels.

Made for a passive, shared client that asks for BGRX pixels: it takes the messages apart down to
rectangles, undoes ZRLE's zlib stream (which lives as long as the connection) and leaves pixel data
as they are. Whatever the server sends, `receive` raises nothing: it ends in a Failed event.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from footlight.rfb.inflating import Inflating
from footlight.rfb.pixel import BGRX, PIXEL_FORMAT_BYTES

VERSION = b"RFB 003.008\n"

MAX_SIDE = 16_384
MAX_PIXELS = 67_108_864
MAX_NAME_BYTES = 4096
MAX_REASON_BYTES = 4096
MAX_CUT_TEXT_BYTES = 16 * 1024 * 1024  # read past, in pieces
MAX_CURSOR_SIDE = 1024
MAX_RECTANGLE_BYTES = 80 * 1024 * 1024  # of ZRLE, deflated
_UPDATE_COVERS = 2  # the screen's pixels so often at most: an update's rectangles don't overlap
_UPDATE_SPARE_BYTES = 1024 * 1024
_PIECE_BYTES = 64 * 1024
_UNKNOWN_COUNT = 0xFFFF  # rectangles until LastRect

_TILE = 64
_TILE_OVERHEAD_BYTES = 1 + 127 * 3  # sub-encoding and the largest palette


class Encoding(IntEnum):
    """The encodings that this client asks for."""

    RAW = 0
    COPY_RECT = 1
    ZRLE = 16
    CURSOR = -239
    DESKTOP_SIZE = -223
    LAST_RECT = -224
    COMPRESS_LEVEL_0 = -256


# ExtendedDesktopSize is left out: it would use up the first full request. The compress level keeps
# the server from comparing frames for us, which costs more than it saves.
LOSSLESS_ENCODINGS = (
    Encoding.ZRLE,
    Encoding.COPY_RECT,
    Encoding.RAW,
    Encoding.CURSOR,
    Encoding.DESKTOP_SIZE,
    Encoding.LAST_RECT,
    Encoding.COMPRESS_LEVEL_0,
)


class Rectangle(NamedTuple):
    """One rectangle of an update; a ZRLE body is inflated zrleData."""

    x: int
    y: int
    width: int
    height: int
    encoding: int
    body: bytes


@dataclass(frozen=True)
class Ready:
    """The handshake is done; SetPixelFormat and SetEncodings are among the outgoing bytes."""

    width: int
    height: int
    name: str


@dataclass(frozen=True)
class Update:
    """One whole FramebufferUpdate. Pseudo-rectangles LastRect and DesktopSize are not in it."""

    rectangles: Sequence[Rectangle]


@dataclass(frozen=True)
class Resized:
    """The screen has another size; its content must be asked for in full."""

    width: int
    height: int


@dataclass(frozen=True)
class Failed:
    """The server broke the protocol or refused; nothing more is read. `offset` counts its bytes."""

    reason: str
    offset: int


Event = Ready | Update | Resized | Failed
_Parser = Generator[int, memoryview, None]  # asks for so many bytes


class _Broken(Exception):
    """The peer's bytes make no sense; never leaves this module."""


class Client:
    """One connection's state. Feed what the socket gave, send what `take_outgoing` gives."""

    def __init__(
        self, encodings: Sequence[int] = LOSSLESS_ENCODINGS, *, shared: bool = True
    ) -> None:
        self._encodings = encodings
        self._shared = shared
        self._width = 0
        self._height = 0
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self._events: list[Event] = []
        self._offset = 0
        self._inflating = Inflating()
        self._failed = False
        self._parser = self._conversation()
        self._wanted = next(self._parser)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the screen, (0, 0) before Ready."""
        return self._width, self._height

    def receive(self, data: bytes | memoryview) -> list[Event]:
        """The events that these bytes complete, with copies of what is in them. After a Failed there are no more."""
        if self._failed:
            return []
        if len(self._incoming) + len(data) < self._wanted:
            self._incoming += data
            return []
        if self._incoming:
            self._incoming += data
        # Taken from where it lies: pictures are large.
        view = memoryview(self._incoming or data)
        position, end = 0, len(view)
        try:
            while end - position >= self._wanted:
                piece = view[position : position + self._wanted]
                self._offset += len(piece)
                position += self._wanted
                self._wanted = self._parser.send(piece)
        except _Broken as error:
            self._fail(str(error))
        self._incoming = bytearray(view[position:])
        events, self._events = self._events, []
        return events

    def take_outgoing(self) -> bytes:
        """Bytes to send now."""
        out = bytes(self._outgoing)
        self._outgoing.clear()
        return out

    def request_update(self, *, incremental: bool) -> None:
        """Ask for the whole screen (FramebufferUpdateRequest, section 7.5.3)."""
        self._request(incremental, self._width, self._height)

    def request_answer(self) -> None:
        """Ask so that an update comes in any case, with all that has changed in it: everything
        incrementally, one pixel unconditionally."""
        self._request(True, self._width, self._height)
        self._request(False, 1, 1)

    def _request(self, incremental: bool, width: int, height: int) -> None:
        self._outgoing += struct.pack(">BBHHHH", 3, incremental, 0, 0, width, height)

    def _fail(self, reason: str) -> None:
        self._failed = True
        self._events.append(Failed(reason, self._offset))

    def _conversation(self) -> _Parser:
        yield from self._handshake()
        handlers: dict[int, Callable[[], _Parser]] = {
            0: self._update,
            1: self._colour_map,
            2: self._bell,
            3: self._cut_text,
        }
        while True:
            kind = (yield 1)[0]
            handler = handlers.get(kind)
            if handler is None:
                raise _Broken(f"message of unknown type {kind}")
            yield from handler()

    def _handshake(self) -> _Parser:
        version = bytes((yield 12))
        if version[:4] != b"RFB " or version[11:] != b"\n" or version[4:11] < b"003.008":
            raise _Broken(f"protocol version {version!r} is not supported")
        self._outgoing += VERSION
        count = (yield 1)[0]
        if count == 0:
            raise _Broken(f"refused: {yield from self._reason()}")
        if 1 not in (yield count):
            raise _Broken("the server wants a password")
        self._outgoing += b"\x01"
        if int.from_bytes((yield 4), "big") != 0:
            raise _Broken(f"refused: {yield from self._reason()}")
        self._outgoing += bytes([self._shared])
        head = yield 4 + PIXEL_FORMAT_BYTES + 4
        width, height = struct.unpack_from(">HH", head)
        self._set_size(width, height)
        name_length = int.from_bytes(head[-4:], "big")
        if name_length > MAX_NAME_BYTES:
            raise _Broken(f"desktop name of {name_length} bytes")
        name = bytes((yield name_length)) if name_length else b""
        self._outgoing += b"\x00\x00\x00\x00" + BGRX.pack()
        self._outgoing += struct.pack(">BxH", 2, len(self._encodings))
        for encoding in self._encodings:
            self._outgoing += struct.pack(">i", encoding)
        self._events.append(Ready(width, height, name.decode("utf-8", "replace")))

    def _reason(self) -> Generator[int, memoryview, str]:
        length = int.from_bytes((yield 4), "big")
        if length > MAX_REASON_BYTES:
            raise _Broken("refused, with an overlong reason")
        return bytes((yield length)).decode("utf-8", "replace") if length else ""

    def _set_size(self, width: int, height: int) -> None:
        if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
            raise _Broken(f"screen of {width} by {height}")
        self._width, self._height = width, height

    def _update(self) -> _Parser:
        count = int.from_bytes((yield 3)[1:], "big")
        endless = count == _UNKNOWN_COUNT
        rectangles: list[Rectangle] = []
        resized = False
        room = _UPDATE_COVERS * self._width * self._height * BGRX.bytes_per_pixel
        room += _UPDATE_SPARE_BYTES
        while endless or count:
            count -= 1
            x, y, width, height, encoding = struct.unpack(">HHHHi", (yield 12))
            if encoding == Encoding.LAST_RECT:
                break
            if encoding == Encoding.DESKTOP_SIZE:
                self._set_size(width, height)
                resized = True
                continue
            body = yield from self._rectangle(x, y, width, height, encoding)
            rectangles.append(Rectangle(x, y, width, height, encoding, body))
            room -= len(body)
            if room < 0:
                raise _Broken("update of more pixels than the screen has")
            if len(rectangles) >= _UNKNOWN_COUNT:
                raise _Broken("update of too many rectangles")
        if resized:
            self._events.append(Resized(self._width, self._height))
        elif rectangles:
            self._events.append(Update(rectangles))

    def _rectangle(
        self, x: int, y: int, width: int, height: int, encoding: int
    ) -> Generator[int, memoryview, bytes]:
        if encoding == Encoding.CURSOR:
            if width > MAX_CURSOR_SIDE or height > MAX_CURSOR_SIDE:
                raise _Broken(f"cursor of {width} by {height}")
            length = width * height * BGRX.bytes_per_pixel + (width + 7) // 8 * height
            return bytes((yield length)) if length else b""
        if x + width > self._width or y + height > self._height:
            raise _Broken(f"rectangle {width}x{height}+{x}+{y} lies outside of the screen")
        if encoding == Encoding.RAW:
            length = width * height * BGRX.bytes_per_pixel
            return bytes((yield length)) if length else b""
        if encoding == Encoding.COPY_RECT:
            return bytes((yield 4))
        if encoding == Encoding.ZRLE:
            length = int.from_bytes((yield 4), "big")
            if length > MAX_RECTANGLE_BYTES:
                raise _Broken(f"rectangle of {length} bytes")
            return self._inflate((yield length) if length else b"", width, height)
        raise _Broken(f"rectangle in encoding {encoding}, which was not asked for")

    def _inflate(self, deflated: bytes | memoryview, width: int, height: int) -> bytes:
        tiles = -(-width // _TILE) * -(-height // _TILE)
        limit = width * height * BGRX.bytes_per_pixel + tiles * _TILE_OVERHEAD_BYTES
        try:
            return self._inflating.inflate(deflated, limit)
        except ValueError as error:
            raise _Broken(f"rectangle inflates badly: {error}") from None

    def _colour_map(self) -> _Parser:
        count = int.from_bytes((yield 5)[3:], "big")
        yield from self._skip(count * 6)

    def _bell(self) -> _Parser:
        return
        yield  # a generator, as the other handlers are

    def _cut_text(self) -> _Parser:
        length = int.from_bytes((yield 7)[3:], "big")
        if length > MAX_CUT_TEXT_BYTES:
            raise _Broken(f"cut text of {length} bytes")
        yield from self._skip(length)

    def _skip(self, length: int) -> _Parser:
        while length:
            piece = min(length, _PIECE_BYTES)
            yield piece
            length -= piece
