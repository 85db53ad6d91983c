"""Draws a rectangle of any encoding that recordings have."""

from __future__ import annotations

from collections.abc import Callable

from footlight.rfb import copyrect, cursor, raw, strips, zrle
from footlight.rfb.framebuffer import Framebuffer, Malformed

_DECODERS: dict[int, Callable[[Framebuffer, int, int, int, int, memoryview], None]] = {
    0: raw.decode,
    1: copyrect.decode,
    16: zrle.decode,
    4096: strips.decode,
    -239: cursor.decode,
}


def draw(
    screen: Framebuffer, x: int, y: int, width: int, height: int, encoding: int, body: memoryview
) -> None:
    """Draw one rectangle; ZRLE is inflated. Raises Malformed."""
    decoder = _DECODERS.get(encoding)
    if decoder is None:
        raise Malformed(f"encoding {encoding} is not known")
    decoder(screen, x, y, width, height, body)
