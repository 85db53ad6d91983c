from __future__ import annotations

import pytest

from footlight.rfb import cursor
from footlight.rfb.framebuffer import Framebuffer, Malformed


def test_shape_with_mask() -> None:
    screen = Framebuffer(20, 20)
    colours = b"".join(bytes([i, 0, 0, 9]) for i in range(1, 11))
    mask = bytes([0b10000000, 0b10000000, 0b01000000, 0b00000000])
    cursor.decode(screen, 3, 1, 5, 2, colours + mask[:2])
    shape = screen.cursor
    assert shape is not None
    assert (shape.hot_x, shape.hot_y) == (3, 1)
    assert shape.pixels.tolist() == [[0xFF000001, 0, 0, 0, 0], [0xFF000006, 0, 0, 0, 0]]
    assert not screen.pixels.any(), "the pointer is not drawn on the screen"


def test_empty_shape_hides_the_pointer() -> None:
    screen = Framebuffer(4, 4)
    cursor.decode(screen, 0, 0, 1, 1, bytes([1, 1, 1, 0, 0x80]))
    assert screen.cursor is not None
    cursor.decode(screen, 0, 0, 0, 0, b"")
    assert screen.cursor is None


@pytest.mark.parametrize(
    ("width", "height", "size"), [(9, 2, 75), (9, 2, 77), (2049, 1, 8453), (1, 3000, 15000)]
)
def test_wrong_sizes_are_malformed(width: int, height: int, size: int) -> None:
    with pytest.raises(Malformed):
        cursor.decode(Framebuffer(4, 4), 0, 0, width, height, bytes(size))
