"""Raw rectangles: RFC 6143 section 7.7.1."""

from __future__ import annotations

import numpy as np

from footlight.rfb.framebuffer import Framebuffer, Malformed


def decode(
    screen: Framebuffer, x: int, y: int, width: int, height: int, payload: bytes | memoryview
) -> None:
    """Draw width x height pixels of 4 bytes (blue, green, red, unused). Raises Malformed."""
    screen.check(x, y, width, height)
    if len(payload) != width * height * 4:
        raise Malformed(f"raw {width}x{height} has {len(payload)} bytes")
    source = np.frombuffer(payload, dtype="<u4").reshape(height, width)
    # The unused byte is whatever the server left there; screens compare by all four.
    np.bitwise_and(source, 0x00FFFFFF, out=screen.pixels[y : y + height, x : x + width])
