"""Text on pictures: times under thumbnails, the mark over what was not recorded."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

_LIGHT = (240, 240, 240)
_DARK = (24, 26, 30)
_NS_PER_MS = 1_000_000


def clock_text(at_ns: int) -> str:
    """Recording time as H:MM:SS.mmm, without hours below one: 65.4 s is `01:05.400`."""
    seconds, ms = divmod(at_ns // _NS_PER_MS, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes:02d}:{seconds:02d}.{ms:03d}"
    return f"{hours}:{text}" if hours else text


def bar(width: int, height: int, text: str) -> Image.Image:
    """A dark bar with text at its left."""
    image = Image.new("RGB", (width, height), _DARK)
    font = ImageFont.load_default(size=max(8, height * 0.6))
    draw = ImageDraw.Draw(image)
    draw.text((height * 0.3, height / 2), text, fill=_LIGHT, font=font, anchor="lm")
    return image


def marked(picture: Image.Image, lines: list[str]) -> Image.Image:
    """The picture dimmed, with lines of text across its middle: it is not what was on the screen."""
    dimmed = Image.blend(picture, Image.new("RGB", picture.size, _DARK), 0.7)
    draw = ImageDraw.Draw(dimmed)
    size = max(10, min(36, picture.width // 24))
    font = ImageFont.load_default(size=size)
    top = picture.height / 2 - size * 0.75 * (len(lines) - 1)
    for number, line in enumerate(lines):
        place = (picture.width / 2, top + number * size * 1.5)
        draw.text(place, line, fill=_LIGHT, font=font, anchor="mm")
    return dimmed
