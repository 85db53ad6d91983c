from __future__ import annotations

import numpy as np
import pytest

from footlight.rfb import copyrect
from footlight.rfb.framebuffer import Framebuffer, Malformed


def test_overlapping_copies_read_before_they_write() -> None:
    screen = Framebuffer(5, 1)
    screen.pixels[0] = [1, 2, 3, 4, 5]
    copyrect.decode(screen, 1, 0, 4, 1, bytes([0, 0, 0, 0]))
    assert screen.pixels[0].tolist() == [1, 1, 2, 3, 4]


def test_big_endian_source() -> None:
    screen = Framebuffer(300, 2)
    screen.pixels[1, 258] = 7
    copyrect.decode(screen, 0, 0, 1, 1, bytes([1, 2, 0, 1]))
    assert screen.pixels[0, 0] == 7
    assert np.count_nonzero(screen.pixels) == 2


@pytest.mark.parametrize("payload", [b"", b"\0\0\0", b"\0\0\0\0\0", b"\0\4\0\0", b"\0\0\0\2"])
def test_bad_sources_are_malformed(payload: bytes) -> None:
    with pytest.raises(Malformed):
        copyrect.decode(Framebuffer(5, 3), 0, 0, 2, 2, payload)
