from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from footlight.playback.labels import bar, clock_text, marked


@pytest.mark.parametrize(
    ("at_ms", "text"),
    [
        (0, "00:00.000"),
        (65_400, "01:05.400"),
        (3_600_000, "1:00:00.000"),
        (86_399_999, "23:59:59.999"),
    ],
)
def test_clock_text(at_ms: int, text: str) -> None:
    assert clock_text(at_ms * 1_000_000) == text


def test_a_bar_has_its_text_at_the_left() -> None:
    pixels = np.asarray(bar(300, 28, "00:01"))
    assert pixels.shape == (28, 300, 3)
    bright = np.argwhere(pixels.max(axis=2) > 150)
    assert len(bright) > 30
    assert bright[:, 1].max() < 120


def test_marked_is_dimmed_with_words_across() -> None:
    white = Image.new("RGB", (400, 200), (255, 255, 255))
    pixels = np.asarray(marked(white, ["Not recorded", "why"]))
    assert pixels[0, 0].max() < 110
    assert (pixels > 220).any()
