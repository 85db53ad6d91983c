from __future__ import annotations

import pytest

from footlight.agent.message_picture import BACKGROUND, COLOURS, draw, printable, wrap
from footlight.agent.message_picture import _font as font


@pytest.mark.parametrize("style", list(COLOURS))
def test_each_style_has_its_colour_on_bar_sign_and_button(style: str) -> None:
    picture = draw(style, "Title", "Text", 1260, 720)
    left, top, right, bottom = picture.button
    for x, y in ((5, 5), (22, 74), (left + 10, (top + bottom) // 2)):
        assert picture.image.getpixel((x, y)) == COLOURS[style]
    assert picture.image.getpixel((left - 5, top)) == BACKGROUND
    assert right < picture.image.width
    assert bottom < picture.image.height


def test_the_longest_text_fits_the_usual_screen_and_no_text_leaves_a_small_one() -> None:
    words = ("save your work " * 300)[:4096]
    lines = wrap(words, font("DejaVuSans.ttf", 11), 900)
    picture = draw("Critical", "t" * 256, words, 1260, 720)
    assert picture.image.height <= 720
    assert picture.image.height > 16 * len(lines)  # not cut
    for text in ("w" * 4096, "\n" * 4096, words):
        small = draw("Critical", "t" * 256, text, 380, 300).image
        assert small.width <= 380
        assert small.height <= 300


def test_lines_break_at_blanks_and_inside_words_only_when_they_must() -> None:
    used = font("DejaVuSans.ttf", 14)
    assert wrap("one two\n\nthree", used, 500) == ["one two", "", "three"]
    assert wrap("one two", used, int(used.getlength("one t"))) == ["one", "two"]
    pieces = wrap("a" * 100, used, 100)
    assert "".join(pieces) == "a" * 100
    assert all(used.getlength(piece) <= 100 for piece in pieces)


def test_control_characters_do_not_reach_the_screen() -> None:
    assert printable("a\r\nb\rc\x1b\x00\u202ed") == "a\nb\nc   d"
