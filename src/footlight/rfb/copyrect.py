"""CopyRect rectangles: RFC 6143 section 7.7.2."""

from __future__ import annotations

import struct

from footlight.rfb.framebuffer import Framebuffer, Malformed

_SOURCE = struct.Struct(">HH")


def decode(
    screen: Framebuffer, x: int, y: int, width: int, height: int, payload: bytes | memoryview
) -> None:
    """Copy a part of the screen to x, y; the two may overlap. Raises Malformed."""
    if len(payload) != _SOURCE.size:
        raise Malformed(f"copyrect has {len(payload)} bytes")
    from_x, from_y = _SOURCE.unpack(payload)
    screen.check(x, y, width, height)
    screen.check(from_x, from_y, width, height)
    moved = screen.pixels[from_y : from_y + height, from_x : from_x + width].copy()
    screen.pixels[y : y + height, x : x + width] = moved
