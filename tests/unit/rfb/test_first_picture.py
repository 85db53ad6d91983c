from __future__ import annotations

import pytest

from footlight.rfb.first_picture import FirstPicture

HELLO = b"RFB 003.008\n" + b"\x01\x01" + bytes(4) + bytes(20) + b"\0\0\0\x05title"
BEFORE = (
    b"\x96"  # the end of continuous updates
    + b"\xf8\0\0\0" + b"\0\0\0\x01" + b"\x02ab"  # a fence
    + b"\x02"  # a bell
    + b"\x03\0\0\0\0\0\0\x03\0\0\0"  # cut text
    + b"\x01\0\0\0\0\x02" + bytes(12)  # colours
)  # fmt: skip
UPDATE = b"\0\0\0\x01"


def _found_at(stream: bytes, size: int) -> int | None:
    found = FirstPicture()
    for at in range(0, len(stream), size):
        if found.feed(stream[at : at + size]):
            return min(at + size, len(stream))
    return None


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_the_first_update_is_found_wherever_the_stream_is_cut(size: int) -> None:
    stream = HELLO + BEFORE + UPDATE
    found = _found_at(stream, size)
    assert found is not None
    assert found > len(HELLO + BEFORE)
    assert _found_at(HELLO + BEFORE, size) is None
    assert _found_at(HELLO, size) is None


def test_a_server_that_is_not_understood_has_no_picture() -> None:
    found = FirstPicture()
    assert not found.feed(HELLO + b"\xc8")
    assert not found.feed(UPDATE)
    held = FirstPicture()
    assert not held.feed(HELLO + b"\x03\0\0\0\x7f\xff\xff\xff")
    assert not held.feed(bytes(300_000))
    assert not held.feed(UPDATE)
