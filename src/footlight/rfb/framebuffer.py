"""A screen in memory: what the rectangles of RFB are drawn on.

Pixels are 32 bits, `0x00RRGGBB`; the top byte is always zero, so that equal screens have equal
bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_SIDE = 16_384
MAX_PIXELS = 67_108_864


class Malformed(ValueError):
    """Bytes of a rectangle that cannot be what RFC 6143 describes. The only error that the decoders
    of this room raise for bad input; readers turn it into a finding."""


@dataclass(frozen=True)
class CursorShape:
    """The mouse pointer's picture. `pixels` is (height, width) of 0xAARRGGBB, alpha 0 or 255."""

    hot_x: int
    hot_y: int
    pixels: NDArray[np.uint32]


class Framebuffer:
    """A black screen of width x height pixels, drawn on by the decoders.

    `pixels` is (height, width) uint32; `octets` is the same memory as (height, width, 4) bytes:
    blue, green, red, zero. Raises Malformed for sizes over the limits of format.md section 10.
    """

    __slots__ = ("cursor", "height", "octets", "pixels", "width")

    def __init__(self, width: int, height: int) -> None:
        if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
            raise Malformed(f"a screen of {width} x {height} pixels is over the limits")
        self.width = width
        self.height = height
        self.pixels: NDArray[np.uint32] = np.zeros((height, width), dtype="<u4")
        self.octets: NDArray[np.uint8] = self.pixels.view(np.uint8).reshape(height, width, 4)
        self.cursor: CursorShape | None = None

    def check(self, x: int, y: int, width: int, height: int) -> None:
        """Raises Malformed unless the rectangle lies on the screen."""
        if x < 0 or y < 0 or x + width > self.width or y + height > self.height:
            raise Malformed(
                f"rectangle {width}x{height}+{x}+{y} is outside of {self.width}x{self.height}"
            )

    def rgb(self) -> NDArray[np.uint8]:
        """A copy as (height, width, 3) bytes: red, green, blue."""
        return np.ascontiguousarray(self.octets[:, :, 2::-1])

    def sha256(self) -> str:
        """Hex digest of red, green and blue bytes, row by row: golden files are compared by it."""
        return hashlib.sha256(self.rgb().data).hexdigest()
