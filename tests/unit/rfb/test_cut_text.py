from __future__ import annotations

import hashlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.rfb.clipboard import CAPS, NOTIFY, PROVIDE, REQUEST
from footlight.rfb.cut_text import LONGEST_TEXT, Carried, CutTexts

HELLO = b"RFB 003.008\n\x01\x01"
KEY = struct.pack(">BBxxI", 4, 1, 0x61)


def plain(text: bytes) -> bytes:
    return struct.pack(">Bxxxi", 6, len(text)) + text


def extended(flags: int, body: bytes = b"") -> bytes:
    return struct.pack(">BxxxiI", 6, -(4 + len(body)), flags) + body


def provide(text: bytes, formats: int = 1) -> bytes:
    return extended(PROVIDE | formats, zlib.compress(struct.pack(">I", len(text)) + text))


def fed(data: bytes, step: int = 1 << 20) -> list[Carried]:
    texts = CutTexts()
    return [one for at in range(0, len(data), step) for one in texts.feed(data[at : at + step])]


def told(text: bytes, shown: str, formats: tuple[str, ...] = ("text",)) -> Carried:
    return Carried("in", formats, len(text), hashlib.sha256(text).hexdigest(), shown)


@pytest.mark.parametrize(
    ("message", "carried"),
    [
        (plain(b"gr\xfc\xdf"), [told(b"gr\xfc\xdf", "grüß")]),
        (plain(b""), [told(b"", "")]),
        (provide("grüß".encode()), [told("grüß".encode(), "grüß")]),
        (provide(b"ended\0"), [told(b"ended", "ended")]),
        (provide(b"a", 5), [told(b"a", "a", ("text", "html"))]),
        (provide(b"x", 8), [Carried("in", ("dib",))]),
        (extended(REQUEST | 1), [Carried("out", ("text",))]),
        (extended(NOTIFY | 1), []),
        (extended(CAPS | PROVIDE | 1, b"\0" * 4), []),
        (extended(PROVIDE | 1, b"no zlib"), [Carried("in", ("text",))]),
        (KEY, []),
    ],
)
def test_messages(message: bytes, carried: list[Carried]) -> None:
    assert fed(HELLO + KEY + message + KEY) == carried


@given(st.binary(max_size=300), st.integers(1, 40))
def test_however_it_is_cut(text: bytes, step: int) -> None:
    data = HELLO + provide(text) + plain(text) + KEY
    assert fed(data, step) == fed(data)
    ended = text.removesuffix(b"\0")  # as extended messages end theirs
    assert [one.size for one in fed(data)] == [len(ended), len(text)]


def test_a_long_text_is_hashed_whole_and_kept_in_part() -> None:
    text = b"long " * 100_000
    (one,) = fed(HELLO + provide(text), 4096)
    assert (one.size, one.sha256) == (len(text), hashlib.sha256(text).hexdigest())
    assert one.text is not None
    assert len(one.text) == LONGEST_TEXT


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(struct.pack(">I", 1 << 31) + b"\0" * (64 << 20))
    (one,) = fed(HELLO + extended(PROVIDE | 1, bomb))
    assert one.size is not None
    assert one.size < 20 << 20


def test_what_it_does_not_know_ends_it_quietly() -> None:
    texts = CutTexts()
    assert texts.feed(HELLO + b"\xfa" + plain(b"x")) == []
    assert texts.feed(plain(b"x")) == []
