"""A contact sheet: some moments of a recording as one PNG, each with its time."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from footlight.playback.labels import bar, clock_text
from footlight.playback.render import Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording.source import Source

MAX_MOMENTS = 100

_BAR_HEIGHT = 28
_MARGIN = 8
_PAPER = (58, 62, 70)
_MAX_SHEET_PIXELS = 64_000_000


def even_moments(duration_ns: int, count: int) -> list[int]:
    """`count` recording times spread evenly, the recording's first and last picture among them.
    Raises ValueError unless count is 1 to MAX_MOMENTS."""
    if not 1 <= count <= MAX_MOMENTS:
        raise ValueError(f"{count} moments asked for, 1 to {MAX_MOMENTS} can be had")
    if count == 1:
        return [duration_ns]
    return [duration_ns * number // (count - 1) for number in range(count)]


def contact_sheet(
    source: Source,
    moments: int | Sequence[int] = 6,
    *,
    columns: int = 2,
    tile_width: int = 1280,
) -> bytes | None:
    """A PNG of pictures in rows of `columns`, each at most tile_width pixels wide and never enlarged.

    `moments`: how many, spread evenly, or recording times in ns. None when there is no picture.
    Tiles become smaller where the sheet would go over 64 million pixels. Blocks.
    """
    if isinstance(moments, int):
        moments = even_moments(read_timeline(source).duration_ns, moments)
    if len(moments) > MAX_MOMENTS or columns < 1 or tile_width < 16:
        raise ValueError("moments, columns or tile width out of range")
    columns = min(columns, len(moments)) or 1
    renderer = Renderer(source)
    limit = (_MAX_SHEET_PIXELS // max(1, -(-len(moments) // columns) * columns)) ** 0.5
    tiles: list[Image.Image] = []
    for at_ns in moments:
        picture = renderer.picture(at_ns)
        if picture is not None:
            tiles.append(_tile(picture.image(), at_ns, min(tile_width, int(limit))))
    if not tiles:
        return None
    out = io.BytesIO()
    _sheet(tiles, columns).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _tile(image: Image.Image, at_ns: int, side: int) -> Image.Image:
    # thumbnail keeps the proportions and never enlarges.
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    tile = Image.new("RGB", (image.width, image.height + _BAR_HEIGHT))
    tile.paste(bar(image.width, _BAR_HEIGHT, clock_text(at_ns)), (0, 0))
    tile.paste(image, (0, _BAR_HEIGHT))
    return tile


def _sheet(tiles: list[Image.Image], columns: int) -> Image.Image:
    rows = -(-len(tiles) // columns)
    width = max(tile.width for tile in tiles) + _MARGIN
    height = max(tile.height for tile in tiles) + _MARGIN
    sheet = Image.new("RGB", (columns * width + _MARGIN, rows * height + _MARGIN), _PAPER)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        sheet.paste(tile, (_MARGIN + column * width, _MARGIN + row * height))
    return sheet
