"""Cursor pseudo-rectangles, the pointer's shape: RFC 6143 section 7.8.1."""

from __future__ import annotations

import numpy as np

from footlight.rfb.framebuffer import CursorShape, Framebuffer, Malformed

MAX_CURSOR_SIDE = 2_048


def decode(
    screen: Framebuffer, x: int, y: int, width: int, height: int, payload: bytes | memoryview
) -> None:
    """Give the screen a pointer of width x height with its hot spot at x, y; nothing is drawn.
    A shape of no pixels hides the pointer. Raises Malformed."""
    if width > MAX_CURSOR_SIDE or height > MAX_CURSOR_SIDE:
        raise Malformed(f"a pointer of {width} x {height} pixels is over the limits")
    row_bytes = (width + 7) // 8
    colour_bytes = width * height * 4
    if len(payload) != colour_bytes + row_bytes * height:
        raise Malformed(f"cursor {width}x{height} has {len(payload)} bytes")
    if width == 0 or height == 0:
        screen.cursor = None
        return
    octets = np.frombuffer(payload, dtype=np.uint8)
    colours = octets[:colour_bytes].view("<u4").reshape(height, width)
    mask_bytes = octets[colour_bytes:].reshape(height, row_bytes)
    mask = np.unpackbits(mask_bytes, axis=1)[:, :width].astype(bool)
    pixels = np.where(mask, (colours & 0x00FFFFFF) | 0xFF000000, 0).astype("<u4")
    screen.cursor = CursorShape(x, y, pixels)
