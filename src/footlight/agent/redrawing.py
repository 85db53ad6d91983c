"""Draws a closed segment anew, so that it compresses better: the next factor after general compression.

X servers send what they think has changed, cut into rectangles and tiles as it happens to be: the same letter is other
bytes each time. Here each update's real changes are taken from the pictures before and after it, text in strips
that hold its lines, photos as differences (rfb/strips.py). Every picture stays the same, pixel by pixel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from footlight.agent.areas import Box, changed_boxes, photo_boxes, text_lines, without
from footlight.recording.format import (
    MAX_RECORD_BYTES,
    RECORD_PREFIX_BYTES,
    Encoding,
    FormatError,
    RecordKind,
    pack_record,
    pack_rectangle,
    pack_update_count,
    unpack_record_prefix,
    unpack_screen,
)
from footlight.recording.reader import Rectangle, rectangles
from footlight.rfb.decoding import draw
from footlight.rfb.framebuffer import Framebuffer, Malformed
from footlight.rfb.strips import lines, strips

# Of a piece of text: windows beside each other have their lines elsewhere.
_PIECE_WIDTH = 256
_HIGHEST_LINE = 40
_NO_TEXT_STRIP = 16
_MAX_AREA = MAX_RECORD_BYTES // 4  # pixels, so that an update always stays one record
_MAX_RECTANGLES = 0xFFFF


def redrawn(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The records of a body, which comes in any pieces, one by one and drawn anew. Raises FormatError. Memory: two
    pictures and one record."""
    rest = bytearray()
    redrawing = _Redrawing()
    for piece in pieces:
        rest += piece
        at = 0
        while len(rest) - at >= RECORD_PREFIX_BYTES:
            kind, length, since_ns = unpack_record_prefix(rest, at)
            end = at + RECORD_PREFIX_BYTES + length
            if len(rest) < end:
                break
            payload = bytes(memoryview(rest)[at + RECORD_PREFIX_BYTES : end])
            at = end
            yield pack_record(RecordKind(kind), since_ns, redrawing.payload(kind, payload))
        del rest[:at]
    if rest:
        raise FormatError("last record is cut off")


class _Redrawing:
    """The picture after the last record, and as it was before it."""

    def __init__(self) -> None:
        self._now: Framebuffer | None = None
        self._before: Framebuffer | None = None
        self._fresh = True  # the next update covers all

    def payload(self, kind: int, payload: bytes) -> bytes:
        """A record's payload drawn anew."""
        if kind == RecordKind.SCREEN:
            size = unpack_screen(payload)
            self._now, self._before = Framebuffer(*size), Framebuffer(*size)
            self._fresh = True
        elif kind == RecordKind.UPDATE:
            try:
                return self._update(payload)
            except Malformed as error:
                raise FormatError(str(error)) from None
        return payload

    def _update(self, payload: bytes) -> bytes:
        now, before = self._now, self._before
        if now is None or before is None:
            raise FormatError("update before the first screen record")
        kept: list[bytes] = []
        drawn: list[Rectangle] = []
        plain = True  # what is copied comes before what is drawn
        for rectangle in rectangles(payload):
            draw(now, *rectangle)
            if rectangle.encoding in (Encoding.COPY_RECT, Encoding.CURSOR):
                plain = plain and (not drawn or rectangle.encoding == Encoding.CURSOR)
                draw(before, *rectangle)
                kept.append(pack_rectangle(*rectangle[:5], bytes(rectangle.body)))
            else:
                drawn.append(rectangle)
        box = _around(drawn)
        if not plain or (box is not None and _area(box) > _MAX_AREA):
            before.pixels[...] = now.pixels
            self._fresh = False
            return payload
        if box is not None:
            kept += self._changes(now, before, box)
        self._fresh = False
        return (
            payload
            if len(kept) > _MAX_RECTANGLES
            else pack_update_count(len(kept)) + b"".join(kept)
        )

    def _changes(self, now: Framebuffer, before: Framebuffer, box: Box) -> Iterator[bytes]:
        rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
        changed = now.pixels[rows, columns] != before.pixels[rows, columns]
        if self._fresh:
            changed[...] = True
        for part in changed_boxes(changed):
            yield from _drawn(now, part.moved(box.left, box.top))
        before.pixels[rows, columns] = now.pixels[rows, columns]


def _drawn(picture: Framebuffer, box: Box) -> Iterator[bytes]:
    if box.bottom - box.top <= _HIGHEST_LINE:
        yield _packed(box, strips(_pixels(picture, box), box.bottom - box.top))
        return
    photos = [p.moved(box.left, box.top) for p in photo_boxes(_pixels(picture, box))]
    for photo in photos:
        yield _packed(photo, lines(_pixels(picture, photo)))
    for rest in without(box, photos):
        for left in range(rest.left, rest.right, _PIECE_WIDTH):
            piece = rest._replace(left=left, right=min(left + _PIECE_WIDTH, rest.right))
            pixels = _pixels(picture, piece)
            strip, first = text_lines(pixels) or (_NO_TEXT_STRIP, 0)
            yield _packed(piece, strips(pixels, strip, first))


def _pixels(picture: Framebuffer, box: Box) -> np.ndarray[tuple[int, int], np.dtype[np.uint32]]:
    return picture.pixels[box.top : box.bottom, box.left : box.right]


def _packed(box: Box, payload: bytes) -> bytes:
    width, height = box.right - box.left, box.bottom - box.top
    return pack_rectangle(box.left, box.top, width, height, Encoding.STRIPS, payload)


def _around(drawn: list[Rectangle]) -> Box | None:
    if not drawn:
        return None
    return Box(
        min(r.x for r in drawn),
        min(r.y for r in drawn),
        max(r.x + r.width for r in drawn),
        max(r.y + r.height for r in drawn),
    )


def _area(box: Box) -> int:
    return (box.right - box.left) * (box.bottom - box.top)
