from __future__ import annotations

import hashlib

import pytest

from footlight.rfb.framebuffer import Framebuffer, Malformed


def test_a_new_screen_is_black_and_its_views_share_memory() -> None:
    screen = Framebuffer(3, 2)
    assert not screen.pixels.any()
    screen.pixels[1, 2] = 0x00112233
    assert screen.octets[1, 2].tolist() == [0x33, 0x22, 0x11, 0]
    assert screen.rgb()[1, 2].tolist() == [0x11, 0x22, 0x33]


def test_sha256_is_of_rgb_rows() -> None:
    screen = Framebuffer(2, 1)
    screen.pixels[0] = [0x010203, 0x0A0B0C]
    assert screen.sha256() == hashlib.sha256(bytes([1, 2, 3, 10, 11, 12])).hexdigest()


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (16_385, 1), (1, 16_385), (16_384, 16_384)])
def test_sizes_over_the_limits_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(Malformed):
        Framebuffer(*size)


def test_check_knows_all_four_sides() -> None:
    screen = Framebuffer(10, 8)
    screen.check(0, 0, 10, 8)
    for rectangle in [(-1, 0, 1, 1), (0, -1, 1, 1), (3, 0, 8, 1), (0, 3, 1, 6)]:
        with pytest.raises(Malformed):
            screen.check(*rectangle)
