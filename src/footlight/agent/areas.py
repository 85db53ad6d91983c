"""Where a screen has changed and what kind of picture is there: text, whose lines lie at a fixed distance, or photos.

All of it is a guess that only costs bytes where it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

_ROWS_APART = 16  # still rows between changes make them two areas
_COLUMNS_APART = 64
_DEEPEST_SPLIT = 3
_BLOCK = 16
_BUSY = 0.8  # of a photo's pixels differ from their neighbour
_FILLED = 0.6  # of a photo's box is busy
_CLOSEST_LINES, _WIDEST_LINES = 8, 40  # from one line of text to the next, in pixels
_LEAST_REGULAR = 0.25  # of the correlation of rows with themselves
_NEARLY_BEST = 0.92  # the shortest distance that is as good: not its multiple


class Box(NamedTuple):
    """Right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    def moved(self, x: int, y: int) -> Box:
        """The same box that far to the right and below."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)


def changed_boxes(changed: Flags, depth: int = 0) -> Iterator[Box]:
    """Boxes that don't overlap and hold every true element of (height, width) flags; things that are far
    from each other lie in different ones."""
    for top, bottom in _bands(_any(changed, axis=1), _ROWS_APART):
        columns = _bands(_any(changed[top:bottom], axis=0), _COLUMNS_APART)
        for left, right in columns:
            if len(columns) > 1 and depth < _DEEPEST_SPLIT:
                part = changed[top:bottom, left:right]
                yield from (box.moved(left, top) for box in changed_boxes(part, depth + 1))
            else:
                yield Box(left, top, right, bottom)


def photo_boxes(pixels: NDArray[np.uint32]) -> list[Box]:
    """Where in (height, width) pixels nearly each one differs from its neighbour."""
    rows, columns = len(pixels) // _BLOCK, pixels.shape[1] // _BLOCK
    if rows < 2 or columns < 2:
        return []
    area = pixels[: rows * _BLOCK, : columns * _BLOCK]
    differs = np.zeros(area.shape, dtype=bool)
    differs[:, 1:] = area[:, 1:] != area[:, :-1]
    blocks = differs.reshape(rows, _BLOCK, columns, _BLOCK)
    busy = np.count_nonzero(blocks, axis=(1, 3)) > _BUSY * _BLOCK * _BLOCK
    found = []
    for top, bottom in _bands(_any(busy, axis=1), 1):
        for left, right in _bands(_any(busy[top:bottom], axis=0), 1):
            is_large = bottom - top > 1 and right - left > 1
            if is_large and busy[top:bottom, left:right].mean() > _FILLED:
                found.append(Box(*(_BLOCK * side for side in (left, top, right, bottom))))
    return found


def without(box: Box, holes: list[Box]) -> list[Box]:
    """The box in pieces that leave the holes out."""
    rest = [box]
    for hole in holes:
        rest = [piece for part in rest for piece in _around(part, hole)]
    return rest


def text_lines(pixels: NDArray[np.uint32]) -> tuple[int, int] | None:
    """(rows from one line of text to the next, rows above the first line); None where it looks like none."""
    height = len(pixels)
    furthest = min(_WIDEST_LINES, height // 2 - 1)
    if furthest < _CLOSEST_LINES:
        return None
    ink = np.count_nonzero(pixels[:, 1:] != pixels[:, :-1], axis=1).astype(float)
    spectrum = np.fft.rfft(ink - ink.mean(), 2 * height)
    likeness = np.fft.irfft(spectrum * np.conj(spectrum))
    distances = np.arange(_CLOSEST_LINES, furthest + 1)
    regular = likeness[distances] / (height - distances)
    if regular.max() <= _LEAST_REGULAR * likeness[0] / height:
        return None
    distance = int(distances[np.argmax(regular >= _NEARLY_BEST * regular.max())])
    return distance, int(np.argmin([ink[row::distance].mean() for row in range(distance)]))


def _any(flags: Flags, axis: int) -> Flags:
    return np.asarray(flags.any(axis=axis))


def _bands(flags: Flags, apart: int) -> list[tuple[int, int]]:
    """(begin, end) of runs of true flags with at most so many false ones inside."""
    places = np.flatnonzero(flags)
    if len(places) == 0:
        return []
    breaks = np.flatnonzero(np.diff(places) > apart)
    begins = places[np.concatenate(([0], breaks + 1))]
    ends = places[np.concatenate((breaks, [len(places) - 1]))] + 1
    return list(zip(begins.tolist(), ends.tolist(), strict=True))


def _around(box: Box, hole: Box) -> list[Box]:
    left, right = max(box.left, hole.left), min(box.right, hole.right)
    top, bottom = max(box.top, hole.top), min(box.bottom, hole.bottom)
    if left >= right or top >= bottom:
        return [box]
    pieces = (
        Box(box.left, box.top, box.right, top),
        Box(box.left, bottom, box.right, box.bottom),
        Box(box.left, top, left, bottom),
        Box(right, top, box.right, bottom),
    )
    return [p for p in pieces if p.left < p.right and p.top < p.bottom]
