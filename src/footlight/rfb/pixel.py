"""How pixels travel: the PIXEL_FORMAT structure (RFC 6143 section 7.4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_FORMAT = struct.Struct(">BBBBHHHBBBxxx")
PIXEL_FORMAT_BYTES = _FORMAT.size


@dataclass(frozen=True)
class PixelFormat:
    """A pixel format; shifts count bits from the least significant one."""

    bits_per_pixel: int
    depth: int
    big_endian: bool
    true_colour: bool
    red_max: int
    green_max: int
    blue_max: int
    red_shift: int
    green_shift: int
    blue_shift: int

    def pack(self) -> bytes:
        """The structure's 16 bytes."""
        return _FORMAT.pack(
            self.bits_per_pixel,
            self.depth,
            self.big_endian,
            self.true_colour,
            self.red_max,
            self.green_max,
            self.blue_max,
            self.red_shift,
            self.green_shift,
            self.blue_shift,
        )

    @staticmethod
    def unpack(data: bytes) -> PixelFormat:
        """The format in 16 bytes."""
        bits, depth, big, true, *rest = _FORMAT.unpack(data)
        return PixelFormat(bits, depth, bool(big), bool(true), *rest)

    @property
    def bytes_per_pixel(self) -> int:
        """Of a whole pixel, not of ZRLE's shortened one."""
        return self.bits_per_pixel // 8


# 32 bits with depth 24, little-endian: in ZRLE a pixel takes 3 bytes (blue, green, red).
BGRX = PixelFormat(32, 24, False, True, 255, 255, 255, 16, 8, 0)
