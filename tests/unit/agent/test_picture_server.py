from __future__ import annotations

import numpy as np
from PIL import Image

from footlight.agent.picture_server import pixels
from footlight.rfb.pixel import BGRX, PixelFormat


def test_pixels_are_in_the_format_that_is_asked_for() -> None:
    picture = Image.new("RGB", (2, 1), (255, 128, 0))
    assert pixels(picture, BGRX) == bytes([0, 128, 255, 0]) * 2
    rgbx = PixelFormat(32, 24, False, True, 255, 255, 255, 0, 8, 16)
    assert pixels(picture, rgbx) == bytes([255, 128, 0, 0]) * 2
    rgb565 = PixelFormat(16, 16, True, True, 31, 63, 31, 11, 5, 0)
    words = np.frombuffer(pixels(picture, rgb565), dtype=">u2")
    assert list(words) == [31 << 11 | 31 << 5] * 2
