from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.rfb.viewer import MAX_CUT_TEXT_BYTES, PASSIVE, Kind, Piece, Refused, ViewerParser

HELLO = b"RFB 003.008\n" + b"\x01" + b"\x00"
MESSAGES: list[tuple[Kind, bytes]] = [
    (Kind.SET_PIXEL_FORMAT, b"\0" * 4 + bytes(range(16))),
    (Kind.SET_ENCODINGS, struct.pack(">BxHiii", 2, 3, 0, 16, -239)),
    (Kind.SET_ENCODINGS, struct.pack(">BxH", 2, 0)),
    (Kind.UPDATE_REQUEST, struct.pack(">BBHHHH", 3, 1, 0, 0, 1280, 800)),
    (Kind.KEY, struct.pack(">BBHI", 4, 1, 0, 0xFF0D)),
    (Kind.POINTER, struct.pack(">BBHH", 5, 1, 10, 20)),
    (Kind.CONTINUOUS_UPDATES, struct.pack(">BBHHHH", 150, 1, 0, 0, 10, 10)),
    (Kind.FENCE, struct.pack(">BxxxIB", 248, 1, 3) + b"abc"),
    (Kind.DESKTOP_SIZE, struct.pack(">BxHHBx", 251, 640, 480, 1) + bytes(16)),
    (Kind.QEMU_KEY, struct.pack(">BBHII", 255, 0, 1, 97, 30)),
]
CUT = struct.pack(">BxxxI", 6, 5) + b"hello"
EXTENDED_CUT = struct.pack(">Bxxxi", 6, -8) + b"\x10\0\0\x01data"
STREAM = HELLO + b"".join(data for _, data in MESSAGES) + CUT + EXTENDED_CUT


def _feed(parser: ViewerParser, *parts: bytes) -> tuple[list[Piece], Refused | None]:
    pieces: list[Piece] = []
    refused = None
    for part in parts:
        more, refused = parser.feed(part)
        pieces += more
    return pieces, refused


def _joined(pieces: list[Piece]) -> list[tuple[Kind, bytes]]:
    """Pieces with neighbouring clipboard parts joined."""
    joined: list[tuple[Kind, bytes]] = []
    for piece in pieces:
        if joined and joined[-1][0] is piece.kind is Kind.CUT_TEXT and piece.data[:4] != CUT[:4]:
            joined[-1] = (piece.kind, joined[-1][1] + piece.data)
        else:
            joined.append((piece.kind, piece.data))
    return joined


EXPECTED = [
    (Kind.VERSION, b"RFB 003.008\n"),
    (Kind.SECURITY, b"\x01"),
    (Kind.SHARED, b"\x00"),
    *MESSAGES,
    (Kind.CUT_TEXT, CUT),
    (Kind.CUT_TEXT, EXTENDED_CUT),
]


def test_a_dialogue_is_cut_into_its_messages() -> None:
    pieces, refused = _feed(ViewerParser(), STREAM)
    assert refused is None
    assert _joined(pieces) == EXPECTED


@pytest.mark.parametrize("at", range(1, len(STREAM)))
def test_it_does_not_matter_where_the_stream_is_split(at: int) -> None:
    pieces, refused = _feed(ViewerParser(), STREAM[:at], STREAM[at:])
    assert refused is None
    assert _joined(pieces) == EXPECTED


def test_only_looking_lets_nothing_through_that_changes_the_session() -> None:
    assert PASSIVE.isdisjoint(
        {Kind.KEY, Kind.POINTER, Kind.CUT_TEXT, Kind.DESKTOP_SIZE, Kind.QEMU_KEY}
    )


def test_version_3_3_has_no_security_choice() -> None:
    parser = ViewerParser()
    pieces, refused = parser.feed(b"RFB 003.003\n\x01" + MESSAGES[3][1])
    assert refused is None
    assert [piece.kind for piece in pieces] == [Kind.VERSION, Kind.SHARED, Kind.UPDATE_REQUEST]
    assert not parser.in_handshake


def test_a_long_clipboard_is_passed_over_and_not_kept() -> None:
    parser = ViewerParser()
    _feed(parser, HELLO, struct.pack(">BxxxI", 6, MAX_CUT_TEXT_BYTES))
    left = MAX_CUT_TEXT_BYTES
    while left:
        pieces, refused = parser.feed(b"x" * min(left, 1 << 20))
        assert refused is None
        assert parser.rest() == b""
        left -= sum(len(piece.data) for piece in pieces)
    pieces, refused = parser.feed(MESSAGES[4][1])
    assert [piece.kind for piece in pieces] == [Kind.KEY]


@pytest.mark.parametrize(
    ("sent", "reason", "offset"),
    [
        (b"GET / HTTP/1.1\r\n", "not an RFB version", 0),
        (HELLO + b"\x07", "unknown message 7", len(HELLO)),
        (HELLO + MESSAGES[4][1] + b"\xff\x01", "unknown QEMU message 1", len(HELLO) + 8),
        (HELLO + struct.pack(">BxxxIB", 248, 0, 65), "fence is too long", len(HELLO)),
        (
            HELLO + struct.pack(">BxxxI", 6, MAX_CUT_TEXT_BYTES + 1),
            f"clipboard text of {MAX_CUT_TEXT_BYTES + 1} bytes",
            len(HELLO),
        ),
        (
            HELLO + struct.pack(">Bxxxi", 6, -(2**31)),
            f"clipboard text of {2**31} bytes",
            len(HELLO),
        ),
    ],
)
def test_what_cannot_be_followed_is_refused_for_good(sent: bytes, reason: str, offset: int) -> None:
    parser = ViewerParser()
    _, refused = parser.feed(sent)
    assert refused == Refused(offset, reason)
    assert parser.feed(MESSAGES[4][1]) == ([], refused)


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_are_answered_and_none_is_invented(parts: list[bytes]) -> None:
    parser = ViewerParser()
    pieces, refused = _feed(parser, HELLO, *parts)
    passed = b"".join(piece.data for piece in pieces)
    sent = HELLO + b"".join(parts)
    assert sent.startswith(passed)
    if refused is None:
        assert passed + parser.rest() == sent
