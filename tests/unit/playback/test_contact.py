from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from footlight.playback.contact import contact_sheet, even_moments
from footlight.recording.source import FolderSource

S = 1_000_000_000


def test_even_moments_include_first_and_last() -> None:
    assert even_moments(9 * S, 4) == [0, 3 * S, 6 * S, 9 * S]
    assert even_moments(9 * S, 1) == [9 * S]
    for count in (0, 101):
        with pytest.raises(ValueError, match="moments"):
            even_moments(S, count)


def test_a_sheet_shows_each_moment_in_its_place(make_three: Callable[[], Any]) -> None:
    source = FolderSource(make_three().folder)
    png = contact_sheet(source, [0, 1 * S, 5 * S, 9 * S], columns=2)
    assert png is not None
    sheet = Image.open(io.BytesIO(png)).convert("RGB")
    # Cells are as large as the largest picture (301 x 151) with its bar (28) and a margin (8).
    assert sheet.size == (2 * 309 + 8, 2 * 187 + 8)
    below_bar = 8 + 28
    assert sheet.getpixel((8 + 15, below_bar + 25)) == (255, 0, 0)
    assert sheet.getpixel((8 + 309 + 15, below_bar + 25)) == (0, 0, 255)
    assert sheet.getpixel((8 + 15, below_bar + 187 + 25)) == (0, 255, 0)
    assert sheet.getpixel((8 + 309 + 250, below_bar + 187 + 20)) == (255, 255, 0)
    label = np.asarray(sheet)[8:36, 8:208]
    assert (label > 200).any(), "each has its time above it"


def test_wide_pictures_are_made_smaller_and_small_ones_not_larger(studio: Any) -> None:
    studio.begin(0, 0x00FF00, 640, 320).seal()
    png = contact_sheet(FolderSource(studio.folder), 1, tile_width=160)
    assert png is not None
    assert Image.open(io.BytesIO(png)).size == (160 + 16, 80 + 28 + 16)


def test_no_picture_no_sheet(studio: Any) -> None:
    assert contact_sheet(FolderSource(studio.folder), 4) is None


def test_bounds(studio: Any) -> None:
    for options in ({"columns": 0}, {"tile_width": 5}, {"moments": [0] * 101}):
        with pytest.raises(ValueError, match="out of range"):
            contact_sheet(FolderSource(studio.folder), **{"moments": [0], **options})
