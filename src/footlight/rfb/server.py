"""What an X server sends to a viewer, walked message by message without I/O, so that clipboard text can be left out.

Pixels are not looked at: only as much is read as tells where a message ends. That takes encodings whose lengths are
known here; `known_encodings` cuts a viewer's SetEncodings down to them. It also takes the pixel format that holds,
so a viewer of such a stream chooses one before it asks for its first update, and no other after.

Source: RFC 6143 sections 7.1, 7.6 and 7.7; the RFB community specification for Tight, the pseudo-encodings and the
messages 150 and 248.
"""

from __future__ import annotations

import struct
from collections.abc import Generator

from footlight.rfb import clipboard
from footlight.rfb.clipboard import Policy
from footlight.rfb.pixel import PIXEL_FORMAT_BYTES, PixelFormat
from footlight.rfb.viewer import MAX_CUT_TEXT_BYTES, MAX_FENCE_BYTES, Refused

RAW, COPY_RECT, RRE, TIGHT, ZRLE = 0, 1, 2, 7, 16
LAST_RECT, CURSOR, DESKTOP_SIZE, DESKTOP_NAME, EXTENDED_DESKTOP_SIZE = -224, -239, -223, -307, -308
LED_STATE, VMWARE_LED, VMWARE_CURSOR, CURSOR_ALPHA, X_CURSOR = (
    -261,
    0x574D5668,
    0x574D5664,
    -314,
    -240,
)
QEMU_KEY, EXTENDED_MOUSE, FENCE, CONTINUOUS = -258, -316, -312, -313
EXTENDED_CLIPBOARD = -1063131698  # 0xC0A1E5CE
_RECTANGLES = frozenset(
    {RAW, COPY_RECT, RRE, TIGHT, ZRLE, LAST_RECT, CURSOR, DESKTOP_SIZE, DESKTOP_NAME}
    | {
        EXTENDED_DESKTOP_SIZE,
        LED_STATE,
        VMWARE_LED,
        VMWARE_CURSOR,
        CURSOR_ALPHA,
        X_CURSOR,
        QEMU_KEY,
    }
    | {EXTENDED_MOUSE}
)
# Those that are no rectangle: abilities, and quality and compression levels.
_LEVELS = ((-32, -23), (-256, -247), (-512, -412), (-768, -763))
_KNOWN = _RECTANGLES | {FENCE, CONTINUOUS, EXTENDED_CLIPBOARD}

MAX_NAME_BYTES = 4096
MAX_REASON_BYTES = 4096
MAX_BODY_BYTES = 256 * 1024 * 1024
_PIECE_BYTES = 64 * 1024
_TIGHT_LEAST = 12  # shorter ones are not deflated
_UNKNOWN_COUNT = 0xFFFF

_Walk = Generator[int, bytes, None]


def known_encodings(message: bytes) -> bytes:
    """The SetEncodings message with those encodings only that ServerParser can follow, in their order."""
    (count,) = struct.unpack_from(">H", message, 2)
    wanted = struct.unpack_from(f">{count}i", message, 4)
    kept = [one for one in wanted if one in _KNOWN or any(a <= one <= b for a, b in _LEVELS)]
    return struct.pack(f">BxH{len(kept)}i", 2, len(kept), *kept)


class _Broken(Exception):
    """The stream can't be followed; never leaves this module."""


class ServerParser:
    """Feed what the server sent, pass on what comes back. After a Refused nothing more comes."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._format: PixelFormat | None = None
        self._incoming = bytearray()
        self._passed = bytearray()
        self._offset = 0
        self._refused: Refused | None = None
        self._walk = self._conversation()
        self._wanted = next(self._walk)

    def feed(self, data: bytes) -> tuple[bytes, Refused | None]:
        """What may go on to the viewer, and the refusal if there is one now or was one before."""
        if self._refused is None:
            self._incoming += data
            self._advance()
        passed = bytes(self._passed)
        self._passed.clear()
        return passed, self._refused

    def format_chosen(self, message: bytes) -> None:
        """The viewer sent this SetPixelFormat, before its first request for an update."""
        self._format = PixelFormat.unpack(message[4:20])

    def _advance(self) -> None:
        position = 0
        try:
            with memoryview(self._incoming) as view:
                while len(view) - position >= self._wanted:
                    piece = bytes(view[position : position + self._wanted])
                    position += len(piece)
                    self._offset += len(piece)
                    self._wanted = self._walk.send(piece)
        except _Broken as error:
            self._refused = Refused(self._offset, str(error))
        del self._incoming[:position]

    # --- the walk: `_keep` reads and passes on, a bare yield reads only ---

    def _keep(self, count: int) -> Generator[int, bytes, bytes]:
        if not count:
            return b""
        data = yield count
        self._passed += data
        return data

    def _body(self, count: int, *, passing: bool = True) -> _Walk:
        if count > MAX_BODY_BYTES:
            raise _Broken(f"{count} bytes in one piece")
        while count:
            data = yield min(count, _PIECE_BYTES)
            if passing:
                self._passed += data
            count -= len(data)

    def _conversation(self) -> _Walk:
        yield from self._handshake()
        while True:
            kind = (yield 1)[0]
            if kind != 3:
                self._passed.append(kind)
            if kind == 0:
                yield from self._update()
            elif kind == 1:
                head = yield from self._keep(5)
                yield from self._body(6 * int.from_bytes(head[3:], "big"))
            elif kind == 3:
                yield from self._cut_text()
            elif kind == 248:
                head = yield from self._keep(8)
                if head[7] > MAX_FENCE_BYTES:
                    raise _Broken("fence is too long")
                yield from self._keep(head[7])
            elif kind not in (2, 150):
                raise _Broken(f"unknown message {kind}")

    def _handshake(self) -> _Walk:
        if (yield from self._keep(12)) != b"RFB 003.008\n":
            raise _Broken("not RFB 3.8")
        count = (yield from self._keep(1))[0]
        if not count or 1 not in (yield from self._keep(count)):
            raise _Broken("the server asks for more than it should")
        if int.from_bytes((yield from self._keep(4)), "big") != 0:
            raise _Broken("the server refuses")
        head = yield from self._keep(4 + PIXEL_FORMAT_BYTES + 4)
        if self._format is None:
            self._format = PixelFormat.unpack(head[4:20])
        length = int.from_bytes(head[-4:], "big")
        if length > MAX_NAME_BYTES:
            raise _Broken(f"desktop name of {length} bytes")
        yield from self._keep(length)

    def _cut_text(self) -> _Walk:
        start = b"\x03" + (yield clipboard.HEAD_BYTES - 1)
        length = abs(struct.unpack_from(">i", start, 4)[0])
        if length > MAX_CUT_TEXT_BYTES:
            raise _Broken(f"clipboard text of {length} bytes")
        more = clipboard.start_bytes(start) - len(start)
        if more:
            start += yield more
        passing = clipboard.server_may_send(self._policy, start)
        if passing:
            self._passed += start
        yield from self._body(length - more, passing=passing)

    def _update(self) -> _Walk:
        count = int.from_bytes((yield from self._keep(3))[1:], "big")
        endless = count == _UNKNOWN_COUNT
        while endless or count:
            count -= 1
            head = yield from self._keep(12)
            _, _, width, height, encoding = struct.unpack(">HHHHi", head)
            if encoding == LAST_RECT:
                return
            yield from self._rectangle(width, height, encoding)

    def _rectangle(self, width: int, height: int, encoding: int) -> _Walk:
        assert self._format is not None
        pixel = self._format.bytes_per_pixel
        area, mask = width * height, (width + 7) // 8 * height
        if encoding == TIGHT:
            yield from self._tight(width, height)
        elif encoding == ZRLE:
            yield from self._body(int.from_bytes((yield from self._keep(4)), "big"))
        elif encoding == RAW:
            yield from self._body(area * pixel)
        elif encoding == COPY_RECT:
            yield from self._keep(4)
        elif encoding == RRE:
            count = int.from_bytes((yield from self._keep(4)), "big")
            yield from self._body(pixel + count * (pixel + 8))
        elif encoding == CURSOR:
            yield from self._body(area * pixel + mask)
        elif encoding == X_CURSOR:
            yield from self._body(6 + 2 * mask if area else 0)
        elif encoding == CURSOR_ALPHA:
            yield from self._cursor_alpha(width, height)
        elif encoding == VMWARE_CURSOR:
            kind = (yield from self._keep(2))[0]
            yield from self._body(area * (2 * pixel if kind == 0 else 4))
        elif encoding == DESKTOP_NAME:
            yield from self._body(int.from_bytes((yield from self._keep(4)), "big"))
        elif encoding == EXTENDED_DESKTOP_SIZE:
            screens = (yield from self._keep(4))[0]
            yield from self._body(16 * screens)
        elif encoding == LED_STATE:
            yield from self._keep(1)
        elif encoding == VMWARE_LED:
            yield from self._keep(4)
        elif encoding not in _RECTANGLES:
            raise _Broken(f"rectangle in encoding {encoding}, which was not asked for")

    def _cursor_alpha(self, width: int, height: int) -> _Walk:
        """Its pixels are in an encoding of their own, always 32 bits."""
        inner = int.from_bytes((yield from self._keep(4)), "big", signed=True)
        if inner != RAW:
            raise _Broken(f"cursor in encoding {inner}")
        yield from self._body(width * height * 4)

    def _tight(self, width: int, height: int) -> _Walk:
        assert self._format is not None
        pixel = tight_pixel_bytes(self._format)
        control = (yield from self._keep(1))[0] >> 4
        if control == 8:
            yield from self._keep(pixel)
        elif control == 9:
            yield from self._body((yield from self._compact()))
        elif control < 8:
            row = width * pixel
            if control & 4:
                filter_id = (yield from self._keep(1))[0]
                if filter_id == 1:
                    colours = (yield from self._keep(1))[0] + 1
                    yield from self._body(colours * pixel)
                    row = (width + 7) // 8 if colours == 2 else width
                elif filter_id not in (0, 2):
                    raise _Broken(f"unknown Tight filter {filter_id}")
            short = row * height < _TIGHT_LEAST
            yield from self._body(row * height if short else (yield from self._compact()))
        else:
            raise _Broken(f"unknown Tight compression {control}")

    def _compact(self) -> Generator[int, bytes, int]:
        """A length in one to three bytes, seven bits each, the last with eight."""
        length = 0
        for shift in (0, 7, 14):
            byte = (yield from self._keep(1))[0]
            length |= (byte if shift == 14 else byte & 0x7F) << shift
            if not byte & 0x80:
                break
        return length


def tight_pixel_bytes(form: PixelFormat) -> int:
    """Of a pixel in Tight: three where a byte each is enough."""
    bytes_each = (form.red_max, form.green_max, form.blue_max) == (255, 255, 255)
    whole = not (form.red_shift | form.green_shift | form.blue_shift) & 7
    short = form.true_colour and form.bits_per_pixel == 32 and form.depth == 24
    return 3 if short and bytes_each and whole else form.bytes_per_pixel
