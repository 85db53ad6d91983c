import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.rfb.client import (
    LOSSLESS_ENCODINGS,
    VERSION,
    Client,
    Encoding,
    Event,
    Failed,
    Ready,
    Rectangle,
    Resized,
    Update,
)
from footlight.rfb.pixel import BGRX

WIDTH, HEIGHT = 100, 70
GREETING = (
    VERSION
    + b"\x01\x01"
    + bytes(4)
    + struct.pack(">HH", WIDTH, HEIGHT)
    + BGRX.pack()
    + struct.pack(">I", 4)
    + b"desk"
)


def head(x: int, y: int, width: int, height: int, encoding: int) -> bytes:
    return struct.pack(">HHHHi", x, y, width, height, encoding)


def update(*rectangles: bytes, count: int | None = None) -> bytes:
    return struct.pack(">BxH", 0, len(rectangles) if count is None else count) + b"".join(
        rectangles
    )


def raw(x: int, y: int, width: int, height: int) -> bytes:
    return head(x, y, width, height, Encoding.RAW) + bytes(range(4)) * (width * height)


def greeted() -> Client:
    client = Client()
    assert client.receive(GREETING) == [Ready(WIDTH, HEIGHT, "desk")]
    client.take_outgoing()
    return client


def only_failure(events: list[Event]) -> str:
    (event,) = events
    assert isinstance(event, Failed)
    return event.reason


def test_a_shared_session_in_our_pixels_and_encodings_is_asked_for() -> None:
    client = Client()
    client.receive(GREETING)
    sent = client.take_outgoing()
    assert sent.startswith(VERSION + b"\x01" + b"\x01" + b"\x00\x00\x00\x00" + BGRX.pack())
    codes = struct.unpack(f">{len(LOSSLESS_ENCODINGS)}i", sent[-4 * len(LOSSLESS_ENCODINGS) :])
    assert codes == LOSSLESS_ENCODINGS
    assert client.take_outgoing() == b""


def test_extended_desktop_size_is_not_asked_for() -> None:
    assert -308 not in LOSSLESS_ENCODINGS


def test_requests_name_the_whole_screen() -> None:
    client = greeted()
    client.request_update(incremental=True)
    client.request_update(incremental=False)
    client.request_answer()
    whole = struct.pack(">HHHH", 0, 0, WIDTH, HEIGHT)
    pixel = struct.pack(">HHHH", 0, 0, 1, 1)
    assert client.take_outgoing() == (
        b"\x03\x01" + whole + b"\x03\x00" + whole + b"\x03\x01" + whole + b"\x03\x00" + pixel
    )


def conversation() -> tuple[bytes, list[Event]]:
    """Everything that a server says to us, and what it means."""
    deflater = zlib.compressobj(6)
    pictures = [b"\x01abc" * 2, b"\x01abd" * 2]
    stored = [deflater.compress(p) + deflater.flush(zlib.Z_SYNC_FLUSH) for p in pictures]
    zrle = [head(0, 0, WIDTH, HEIGHT, 16) + struct.pack(">I", len(s)) + s for s in stored]
    cursor = head(3, 4, 9, 2, Encoding.CURSOR) + bytes(9 * 2 * 4 + 2 * 2)
    copy = head(5, 5, 10, 10, Encoding.COPY_RECT) + b"\x00\x01\x00\x02"
    last = head(0, 0, 0, 0, Encoding.LAST_RECT)
    grown = head(0, 0, 200, 90, Encoding.DESKTOP_SIZE)
    data = GREETING
    data += update(zrle[0], cursor)
    data += b"\x02" + b"\x03\x00\x00\x00" + struct.pack(">I", 5) + b"hello"
    data += b"\x01\x00\x00\x00\x00\x02" + bytes(12)
    data += update(zrle[1], copy, last, count=0xFFFF)
    data += update(grown) + update(raw(150, 80, 3, 2)) + update()
    events: list[Event] = [
        Ready(WIDTH, HEIGHT, "desk"),
        Update(
            [
                Rectangle(0, 0, WIDTH, HEIGHT, 16, pictures[0]),
                Rectangle(3, 4, 9, 2, -239, bytes(9 * 2 * 4 + 2 * 2)),
            ]
        ),
        Update(
            [
                Rectangle(0, 0, WIDTH, HEIGHT, 16, pictures[1]),
                Rectangle(5, 5, 10, 10, 1, b"\x00\x01\x00\x02"),
            ]
        ),
        Resized(200, 90),
        Update([Rectangle(150, 80, 3, 2, 0, bytes(range(4)) * 6)]),
    ]
    return data, events


def test_every_message_is_understood() -> None:
    data, events = conversation()
    client = Client()
    assert client.receive(data) == events
    assert client.size == (200, 90)


def test_bytes_may_be_split_anywhere() -> None:
    data, events = conversation()
    for at in range(len(data)):
        client = Client()
        assert client.receive(data[:at]) + client.receive(data[at:]) == events


def test_bytes_may_come_one_by_one() -> None:
    data, events = conversation()
    client = Client()
    assert [e for b in data for e in client.receive(bytes([b]))] == events


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"RFB 003.003\n", "protocol version"),
        (b"HTTP/1.1 400", "protocol version"),
        (VERSION + b"\x00" + struct.pack(">I", 4) + b"busy", "busy"),
        (VERSION + b"\x01\x02", "password"),
        (VERSION + b"\x01\x01" + struct.pack(">II", 1, 2) + b"no", "refused: no"),
        (VERSION + b"\x01\x01" + struct.pack(">II", 1, 1 << 30), "overlong"),
    ],
)
def test_a_refused_handshake_fails_with_its_reason(data: bytes, reason: str) -> None:
    client = Client()
    assert reason in only_failure(client.receive(data))
    assert client.receive(GREETING) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x09", "unknown type"),
        (update(raw(90, 0, 11, 1)), "outside"),
        (update(head(0, 0, 1, 1, 7)), "not asked for"),
        (update(head(0, 0, 2000, 1, Encoding.CURSOR)), "cursor"),
        (update(head(0, 0, 1, 1, 16) + b"\xff\xff\xff\xff"), "bytes"),
        (update(head(0, 0, 1, 1, 16) + b"\x00\x00\x00\x04junk"), "zlib"),
        (update(head(0, 0, 0, 9, Encoding.DESKTOP_SIZE)), "screen of 0"),
        (update(head(0, 0, 16384, 16384, Encoding.DESKTOP_SIZE)), "screen of"),
        (b"\x03\x00\x00\x00\x7f\xff\xff\xff", "cut text"),
    ],
)
def test_nonsense_fails_with_offset_and_reason(data: bytes, reason: str) -> None:
    client = greeted()
    (event,) = client.receive(data)
    assert isinstance(event, Failed)
    assert reason in event.reason
    assert len(GREETING) < event.offset <= len(GREETING) + len(data)


def test_a_rectangle_cannot_inflate_beyond_its_pixels() -> None:
    bomb = zlib.compress(bytes(10_000_000))
    data = update(head(0, 0, 8, 8, 16) + struct.pack(">I", len(bomb)) + bomb)
    assert "more than it can hold" in only_failure(greeted().receive(data))


@given(st.binary(max_size=400), st.booleans())
def test_whatever_comes_nothing_is_raised(data: bytes, after_greeting: bool) -> None:
    client = greeted() if after_greeting else Client()
    events = client.receive(data)
    assert sum(isinstance(e, Failed) for e in events) <= 1
