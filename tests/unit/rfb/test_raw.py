from __future__ import annotations

import pytest

from footlight.rfb import raw
from footlight.rfb.framebuffer import Framebuffer, Malformed


def test_raw_draws_and_drops_the_unused_byte() -> None:
    screen = Framebuffer(4, 3)
    raw.decode(screen, 1, 1, 2, 2, bytes.fromhex("010203ff 0405067f 07080900 0a0b0c01"))
    assert screen.pixels.tolist() == [
        [0, 0, 0, 0],
        [0, 0x030201, 0x060504, 0],
        [0, 0x090807, 0x0C0B0A, 0],
    ]


@pytest.mark.parametrize("size", [0, 15, 17])
def test_wrong_sizes_are_malformed(size: int) -> None:
    with pytest.raises(Malformed):
        raw.decode(Framebuffer(4, 3), 0, 0, 2, 2, bytes(size))


def test_outside_is_malformed() -> None:
    with pytest.raises(Malformed):
        raw.decode(Framebuffer(4, 3), 3, 0, 2, 1, bytes(8))
