from __future__ import annotations

import struct

from footlight.agent.passage import Passage
from footlight.rfb.pixel import BGRX

SENT_HELLO, PASSED_HELLO = b"RFB 003.008\n\x01\x00", b"RFB 003.008\n\x01\x01"
KEY = struct.pack(">BBHI", 4, 1, 0, 97)
REQUEST = struct.pack(">BBHHHH", 3, 1, 0, 0, 10, 10)
TEXT = struct.pack(">BxxxI", 6, 4) + b"text"
FORMAT = b"\0\0\0\0" + BGRX.pack()
FROM_SERVER = b"RFB 003.008\n\x01\x01\0\0\0\0\0\x01\0\x01" + BGRX.pack() + b"\0\0\0\0"
SERVER_TEXT = struct.pack(">BxxxI", 3, 4) + b"text"


def test_all_may_pass() -> None:
    passage = Passage(only_view=False, clipboard="both")
    assert passage.from_viewer(SENT_HELLO + TEXT) == (PASSED_HELLO + TEXT, None)
    assert passage.from_viewer(b"\xee whatever") == (b"\xee whatever", None)
    assert passage.from_server(b"whatever") == (b"whatever", None)


def test_text_in_pieces_is_kept_or_left_out_as_a_whole() -> None:
    for clipboard, wanted in (("in", TEXT), ("out", b"")):
        passage = Passage(only_view=False, clipboard=clipboard)  # type: ignore[arg-type]
        passage.from_viewer(SENT_HELLO)
        out = b"".join(passage.from_viewer(bytes([one]))[0] for one in TEXT + KEY)
        assert out == wanted + KEY


def test_text_does_not_leave_where_it_may_not() -> None:
    passage = Passage(only_view=False, clipboard="in")
    assert passage.from_server(FROM_SERVER + SERVER_TEXT + b"\x02") == (FROM_SERVER + b"\x02", None)
    passage = Passage(only_view=False, clipboard="out")
    assert passage.from_server(FROM_SERVER + SERVER_TEXT) == (FROM_SERVER + SERVER_TEXT, None)


def test_who_only_views_gives_no_text_whatever_the_policy() -> None:
    passage = Passage(only_view=True, clipboard="both")
    assert passage.from_viewer(SENT_HELLO + KEY + TEXT + REQUEST) == (PASSED_HELLO + REQUEST, None)


def test_a_followed_stream_asks_only_for_what_can_be_followed() -> None:
    passage = Passage(only_view=False, clipboard="in")
    passage.from_viewer(SENT_HELLO)
    assert passage.from_viewer(struct.pack(">BxHii", 2, 2, 5, 16)) == (
        struct.pack(">BxHi", 2, 1, 16),
        None,
    )
    assert passage.from_viewer(FORMAT) == (FORMAT, None)
    assert passage.from_viewer(REQUEST) == (REQUEST, None)
    out, refused = passage.from_viewer(KEY + FORMAT)
    assert out == KEY
    assert refused is not None
