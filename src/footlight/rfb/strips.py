"""Strips: our own encoding of rectangles in sealed segments, lossless and made to be compressed afterwards.

| bytes | field |
|---|---|
| 1 | order: 0 lines, 1 strips |
| 1 | height of a strip, from 1 on; 0 in lines |
| 1 | rows above the first strip of that height, which are a strip of their own; 0 in lines |
| 1 | 0 |
| width * height * 3 | colours: blue, green, red |

*Strips*: from top to bottom, in each the pixels column by column. Where a strip holds one line of text, each letter
is one unbroken piece of bytes, the same wherever it stands.
*Lines*: row by row, of each colour byte what it differs from the pixel to its left (modulo 256; the first pixel as it
is). For photos. Source: format.md section 4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from footlight.rfb.framebuffer import Framebuffer, Malformed

HEAD_BYTES = 4
MAX_STRIP = 255
_LINES, _STRIPS = 0, 1


def decode(
    screen: Framebuffer, x: int, y: int, width: int, height: int, payload: bytes | memoryview
) -> None:
    """Draw a rectangle. Raises Malformed."""
    screen.check(x, y, width, height)
    if len(payload) != HEAD_BYTES + width * height * 3:
        raise Malformed(f"strips of {width}x{height} have {len(payload)} bytes")
    order, strip, first, zero = payload[:HEAD_BYTES]
    if zero or order > _STRIPS or (order == _STRIPS) != (strip > 0) or first > strip:
        raise Malformed(f"strips have no order {order}, {strip}, {first}")
    if order == _LINES:
        colours = np.frombuffer(payload, np.uint8, offset=HEAD_BYTES).reshape(height, width, 3)
        out = screen.octets[y : y + height, x : x + width, :3]
        np.cumsum(colours, axis=1, dtype=np.uint8, out=out)
        return
    at = HEAD_BYTES - 1
    for top, bottom in _cuts(height, strip, first):
        rows = bottom - top
        # Each colour with the byte before it, as one number: several times faster than byte by byte.
        wide = np.ndarray((rows, width), "<u4", payload, at, (3, 3 * rows))
        np.right_shift(wide, 8, out=screen.pixels[y + top : y + bottom, x : x + width])
        at += rows * width * 3


def lines(pixels: NDArray[np.uint32]) -> bytes:
    """A payload of these pixels, (height, width) of 0x00RRGGBB, in lines."""
    colours = _colours(pixels)
    differences = colours.copy()
    differences[:, 1:] -= colours[:, :-1]
    return bytes((_LINES, 0, 0, 0)) + differences.tobytes()


def strips(pixels: NDArray[np.uint32], strip: int, first: int = 0) -> bytes:
    """A payload of these pixels in strips of so many rows (1 to MAX_STRIP) below the first ones (0 to strip)."""
    colours = _colours(pixels)
    out = [bytes((_STRIPS, strip, first, 0))]
    for top, bottom in _cuts(len(pixels), strip, first):
        out.append(colours[top:bottom].transpose(1, 0, 2).tobytes())
    return b"".join(out)


def _cuts(height: int, strip: int, first: int) -> list[tuple[int, int]]:
    tops = [0, *range(first or strip, height, strip)]
    return list(zip(tops, [*tops[1:], height], strict=True))


def _colours(pixels: NDArray[np.uint32]) -> NDArray[np.uint8]:
    height, width = pixels.shape
    octets = np.ascontiguousarray(pixels).view(np.uint8).reshape(height, width, 4)
    return octets[:, :, :3]
