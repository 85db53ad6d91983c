"""ZRLE rectangles, after zlib: RFC 6143 section 7.7.6.

A rectangle is a run of tiles of 64 x 64 pixels (less at the right and bottom edges), each headed by
one byte:

| byte | tile |
|---|---|
| 0 | raw: 3 bytes a pixel |
| 1 | one colour |
| 2-16 | palette of that many colours, then indices of 1, 2 or 4 bits, rows padded to whole bytes |
| 128 | runs: colour, length |
| 130-255 | palette of (byte - 128) colours, then runs of indices |

A run's length is one more than the sum of its length bytes, of which all but the last are 255.
Colours are 3 bytes: blue, green, red.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from footlight.rfb.framebuffer import Framebuffer, Malformed

TILE = 64

_RGB = np.uint32(0x00FFFFFF)


def _unpacked(bits: int) -> NDArray[np.uint8]:
    """For each byte, the indices of `bits` bits that it holds, leftmost first."""
    values = np.arange(256, dtype=np.uint16)[:, None]
    shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint16)[None, :]
    return ((values >> shifts) & ((1 << bits) - 1)).astype(np.uint8)


_INDICES = {bits: _unpacked(bits) for bits in (1, 2, 4)}


def decode(
    screen: Framebuffer, x: int, y: int, width: int, height: int, payload: bytes | memoryview
) -> None:
    """Draw a rectangle from its inflated zrleData. Raises Malformed; the tiles before the bad one
    are drawn."""
    screen.check(x, y, width, height)
    data = bytes(payload)
    # The server sends areas of one colour apart, many at each update: draw such a one at once.
    count = -(-width // TILE) * -(-height // TILE)
    if data[:1] == b"\1" and len(data) == 4 * count and data == data[:4] * count:
        screen.pixels[y : y + height, x : x + width] = int.from_bytes(data[1:4], "little")
        return
    tiles = _Tiles(data)
    for top in range(y, y + height, TILE):
        bottom = min(top + TILE, y + height)
        for left in range(x, x + width, TILE):
            tiles.draw(screen.pixels[top:bottom, left : min(left + TILE, x + width)])
    tiles.finish()


class _Tiles:
    """Reads tiles one after the other from zrleData."""

    __slots__ = ("_at", "_data", "_end", "_octets", "_palette", "_palette_bytes")

    def __init__(self, payload: bytes) -> None:
        # One byte more than there is, so that the last colour too can be read as a 32-bit word.
        self._data = payload + b"\0"
        self._octets = np.frombuffer(self._data, dtype=np.uint8)
        self._end = len(payload)
        self._at = 0
        self._palette_bytes = b""
        self._palette: NDArray[np.uint32] = np.zeros(0, dtype="<u4")

    def draw(self, out: NDArray[np.uint32]) -> None:
        """Fill `out` (a view of the screen) from the next tile."""
        kind = self._data[self._take(1)]
        if kind == 0:
            at = self._take(out.size * 3)
            np.bitwise_and(self._colours(at, out.shape), _RGB, out=out)
        elif kind == 1:
            at = self._take(3)
            out[...] = int.from_bytes(self._data[at : at + 3], "little")
        elif kind <= 16:
            self._packed(out, kind)
        elif kind == 128:
            self._runs(out)
        elif kind >= 130:
            self._palette_runs(out, kind - 128)
        else:
            raise Malformed(f"zrle has no tile kind {kind}")

    def finish(self) -> None:
        """Raises Malformed when bytes are left over."""
        if self._at != self._end:
            raise Malformed(f"zrle has {self._end - self._at} bytes left over")

    def _take(self, count: int) -> int:
        """Step over `count` bytes; returns where they begin."""
        at = self._at
        if at + count > self._end:
            raise Malformed("zrle ends inside a tile")
        self._at = at + count
        return at

    def _colours(self, at: int, shape: tuple[int, ...]) -> NDArray[np.uint32]:
        """Colours as words that overlap by one byte; the top byte must be masked away."""
        strides = (shape[1] * 3, 3) if len(shape) == 2 else (3,)
        return np.ndarray(shape, "<u4", self._data, at, strides)

    def _read_palette(self, size: int) -> NDArray[np.uint32]:
        at = self._take(size * 3)
        raw = self._data[at : at + size * 3]
        if raw != self._palette_bytes:  # neighbouring tiles mostly share their palette
            self._palette_bytes = raw
            self._palette = self._colours(at, (size,)) & _RGB
        return self._palette

    def _packed(self, out: NDArray[np.uint32], size: int) -> None:
        palette = self._read_palette(size)
        bits = 1 if size == 2 else 2 if size <= 4 else 4
        height, width = out.shape
        row_bytes = (width * bits + 7) // 8
        at = self._take(row_bytes * height)
        packed = self._octets[at : at + row_bytes * height]
        indices = _INDICES[bits][packed].reshape(height, -1)[:, :width]
        out[...] = _coloured(palette, indices)

    def _palette_runs(self, out: NDArray[np.uint32], size: int) -> None:
        """Runs of palette indices: a byte below 128 is one pixel, another a run's start.

        No index reaches 127, so a byte of 255 can only be part of a length. The other high bytes,
        taken without the 255s, alternate between start and length within each unbroken row of them.
        """
        palette = self._read_palette(size)
        window = min(self._end - self._at, 512)
        while True:
            parsed = _index_runs(self._octets[self._at : self._at + window], out.size)
            if parsed is not None:
                break
            # A pixel takes at most two bytes, so more than this cannot be needed.
            if window >= min(self._end - self._at, 2 * out.size + 1):
                raise Malformed("zrle ends inside a run")
            window = min(self._end - self._at, window * 4)
        indices, lengths, used = parsed
        self._at += used
        out[...] = np.repeat(_coloured(palette, indices), lengths).reshape(out.shape)

    def _runs(self, out: NDArray[np.uint32]) -> None:
        colours: list[int] = []
        lengths: list[int] = []
        missing = out.size
        while missing > 0:
            at = self._take(3)
            colours.append(int.from_bytes(self._data[at : at + 3], "little"))
            length = 1
            while (more := self._data[self._take(1)]) == 255:
                length += 255
            length += more
            lengths.append(length)
            missing -= length
        if missing < 0:
            raise Malformed("zrle run goes over its tile")
        out[...] = np.repeat(np.array(colours, dtype="<u4"), lengths).reshape(out.shape)


def _coloured(palette: NDArray[np.uint32], indices: NDArray[np.uint8]) -> NDArray[np.uint32]:
    try:
        return palette[indices]
    except IndexError:
        raise Malformed("zrle index is outside of its palette") from None


def _index_runs(
    octets: NDArray[np.uint8], pixels: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64], int] | None:
    """Indices, run lengths and bytes used of the runs that fill exactly `pixels`; None when these
    bytes do not suffice. Raises Malformed when a run goes over, or a 255 stands where none may."""
    places = np.flatnonzero(octets != 255)
    kept = octets[places]
    high = kept >= 128
    # Of each unbroken row of high bytes the 1st, 3rd, 5th ... start a run, with its length after.
    order = np.arange(len(kept))
    last_low = np.maximum.accumulate(np.where(high, -1, order))
    starts = high & (((order - last_low) & 1) == 1)
    is_length = np.zeros(len(kept), dtype=bool)
    is_length[1:] = starts[:-1]
    skipped = places.copy()  # to become: how many 255s stand before each kept byte
    skipped[1:] -= places[:-1] + 1
    items = np.flatnonzero(~is_length)
    if len(items) and starts[items[-1]] and items[-1] == len(kept) - 1:
        items = items[:-1]  # its length is not here yet
    runs = starts[items]
    lengths = np.ones(len(items), dtype=np.int64)
    ends = items[runs] + 1
    lengths[runs] += kept[ends] + 255 * skipped[ends]
    filled = np.cumsum(lengths)
    last = int(np.searchsorted(filled, pixels))
    if last == len(items):
        return None
    if filled[last] != pixels:
        raise Malformed("zrle run goes over its tile")
    items = items[: last + 1]
    if skipped[items].any():
        raise Malformed("zrle run has a length and no colour")
    end = items[-1] + int(runs[last])
    return kept[items] & np.uint8(0x7F), lengths[: last + 1], int(places[end]) + 1
