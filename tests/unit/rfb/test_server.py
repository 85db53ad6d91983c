from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.rfb import server
from footlight.rfb.clipboard import CAPS, NOTIFY, PROVIDE, REQUEST
from footlight.rfb.pixel import BGRX, PixelFormat
from footlight.rfb.server import ServerParser, known_encodings, tight_pixel_bytes
from footlight.rfb.viewer import Refused

HELLO = (
    b"RFB 003.008\n\x01\x01\0\0\0\0"
    + struct.pack(">HH", 64, 32)
    + BGRX.pack()
    + struct.pack(">I", 4)
    + b"name"
)


def update(*rectangles: bytes, count: int | None = None) -> bytes:
    number = len(rectangles) if count is None else count
    return struct.pack(">BxH", 0, number) + b"".join(rectangles)


def rectangle(width: int, height: int, encoding: int, body: bytes = b"") -> bytes:
    return struct.pack(">HHHHi", 1, 2, width, height, encoding) + body


def extended(flags: int, body: bytes = b"") -> bytes:
    return struct.pack(">BxxxiI", 3, -4 - len(body), flags | 1) + body


# A zero length of what is deflated, and bodies that look like clipboard messages.
TRAP = struct.pack(">BxxxI", 3, 4)
TIGHT_BODIES = [
    (64, 32, b"\x80" + b"rgb"),
    (64, 32, b"\x90\x08" + TRAP),
    (64, 32, b"\x00\x88\x01" + TRAP * 17),
    (1, 3, b"\x00" + b"123456789"),  # 9 bytes: not deflated
    (8, 2, b"\x40\x01\x01" + b"rgbRGB" + b"\x03\x03"),  # two colours, two rows of a byte
    (4, 4, b"\x40\x01\x02" + b"rgbRGBxyz" + b"\x08" + TRAP),
    (64, 32, b"\x40\x02\x81\x80\x01" + b"z" * (1 + (1 << 14))),
]
MESSAGES = [
    update(rectangle(4, 1, server.RAW, TRAP * 2)),
    update(rectangle(4, 4, server.COPY_RECT, b"\0\0\0\0")),
    update(rectangle(9, 9, server.RRE, struct.pack(">I", 2) + b"BGRX" + b"x" * 24)),
    update(rectangle(64, 32, server.ZRLE, struct.pack(">I", 8) + TRAP)),
    *(update(rectangle(w, h, server.TIGHT, body)) for w, h, body in TIGHT_BODIES),
    update(rectangle(3, 2, server.CURSOR, b"x" * 24 + b"mm")),
    update(rectangle(9, 2, server.X_CURSOR, b"x" * 6 + b"m" * 8)),
    update(rectangle(0, 0, server.X_CURSOR)),
    update(rectangle(2, 2, server.VMWARE_CURSOR, b"\x01\0" + b"x" * 16)),
    update(rectangle(2, 2, server.VMWARE_CURSOR, b"\x00\0" + b"x" * 32)),
    update(rectangle(2, 2, server.CURSOR_ALPHA, b"\0\0\0\0" + b"x" * 16)),
    update(rectangle(0, 0, server.DESKTOP_NAME, struct.pack(">I", 8) + TRAP)),
    update(rectangle(0, 0, server.EXTENDED_DESKTOP_SIZE, b"\x01\0\0\0" + b"s" * 16)),
    update(
        rectangle(0, 0, server.LED_STATE, b"\x03"), rectangle(0, 0, server.VMWARE_LED, b"\0" * 4)
    ),
    update(rectangle(0, 0, server.DESKTOP_SIZE), rectangle(0, 0, server.QEMU_KEY)),
    update(rectangle(0, 0, server.LAST_RECT), count=0xFFFF),
    struct.pack(">BxHH", 1, 0, 2) + b"c" * 12,
    b"\x02",
    b"\x96",
    struct.pack(">BxxxIB", 248, 1, 8) + TRAP,
]
PLAIN_TEXT = struct.pack(">BxxxI", 3, 6) + b"secret"
TEXTS = [PLAIN_TEXT, extended(NOTIFY), extended(PROVIDE, b"secret")]


def passed(policy: server.Policy, *parts: bytes) -> tuple[bytes, Refused | None]:
    parser, out, refused = ServerParser(policy), b"", None
    for part in parts:
        more, refused = parser.feed(part)
        out += more
    return out, refused


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_left_out_after_each_message(message: bytes, text: bytes) -> None:
    sent = HELLO + message + text + b"\x02"
    assert passed("off", sent) == (HELLO + message + b"\x02", None)
    assert passed("in", sent) == (HELLO + message + b"\x02", None)
    assert passed("both", sent) == (sent, None)


def test_what_asks_for_text_passes_where_text_may_go_in() -> None:
    asking = extended(CAPS | REQUEST | PROVIDE, b"\0\x10\0\0") + extended(REQUEST)
    assert passed("in", HELLO + asking) == (HELLO + asking, None)
    assert passed("off", HELLO + asking) == (HELLO, None)


def test_it_does_not_matter_where_the_stream_is_split() -> None:
    kept = HELLO + b"".join(MESSAGES)
    sent = kept + PLAIN_TEXT + b"\x02"
    for at in range(1, 700):
        assert passed("off", sent[:at], sent[at:]) == (kept + b"\x02", None)
    assert passed("off", *(sent[n : n + 1] for n in range(len(sent)))) == (kept + b"\x02", None)


def test_the_format_that_a_viewer_chooses_counts() -> None:
    parser = ServerParser("off")
    parser.feed(HELLO)
    small = PixelFormat(8, 8, False, True, 7, 7, 3, 5, 2, 0)
    parser.format_chosen(b"\0\0\0\0" + small.pack())
    sent = update(rectangle(4, 4, server.RAW, b"x" * 16)) + b"\x02"
    assert parser.feed(sent + PLAIN_TEXT) == (sent, None)


@pytest.mark.parametrize(
    ("form", "count"),
    [
        (BGRX, 3),
        (PixelFormat(32, 32, False, True, 255, 255, 255, 16, 8, 0), 4),
        (PixelFormat(32, 24, False, True, 255, 255, 255, 17, 8, 0), 4),
        (PixelFormat(16, 16, False, True, 31, 63, 31, 11, 5, 0), 2),
    ],
)
def test_pixels_in_tight(form: PixelFormat, count: int) -> None:
    assert tight_pixel_bytes(form) == count


def test_encodings_that_cannot_be_followed_are_not_asked_for() -> None:
    hextile, tight_png, xvp = 5, -260, -309
    wanted = (1, 7, hextile, tight_png, 16, xvp, -24, -250, server.EXTENDED_CLIPBOARD)
    message = struct.pack(f">BxH{len(wanted)}i", 2, len(wanted), *wanted)
    kept = (1, 7, 16, -24, -250, server.EXTENDED_CLIPBOARD)
    assert known_encodings(message) == struct.pack(f">BxH{len(kept)}i", 2, len(kept), *kept)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"RFB 003.003\n", "not RFB 3.8"),
        (b"RFB 003.008\n\x01\x02", "the server asks for more than it should"),
        (b"RFB 003.008\n\x01\x01\0\0\0\x01", "the server refuses"),
        (HELLO + b"\xfa", "unknown message 250"),
        (HELLO + update(rectangle(1, 1, 5)), "rectangle in encoding 5, which was not asked for"),
        (HELLO + update(rectangle(1, 1, 7, b"\xa0")), "unknown Tight compression 10"),
        (HELLO + update(rectangle(1, 1, 7, b"\x40\x03")), "unknown Tight filter 3"),
        (HELLO + struct.pack(">Bxxxi", 3, -(2**31)), f"clipboard text of {2**31} bytes"),
        (HELLO + struct.pack(">BxxxIB", 248, 0, 65), "fence is too long"),
    ],
)
def test_what_cannot_be_followed_is_refused_for_good(sent: bytes, reason: str) -> None:
    parser = ServerParser("off")
    _, refused = parser.feed(sent)
    assert refused == Refused(len(sent), reason)
    assert parser.feed(b"\x02") == (b"", refused)


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_any_bytes_are_answered_and_none_is_invented(parts: list[bytes]) -> None:
    out, _ = passed("both", HELLO, *parts)
    assert (HELLO + b"".join(parts)).startswith(out)
