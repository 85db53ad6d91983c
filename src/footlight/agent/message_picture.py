"""What a message looks like: title bar, sign, text, button. Pure; sizes in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]  # left, top, right, bottom

FONT = "DejaVuSans.ttf"
BOLD = "DejaVuSans-Bold.ttf"
MARGIN = 20
BAR_HEIGHT = 34
SIGN_SIZE = 40
BUTTON_WIDTH, BUTTON_HEIGHT = 96, 32
LEAST_WIDTH = 320
# Font size, line height, most width: the first in which all of the text fits; else it is cut in the last.
SETTINGS = ((14, 20, 640), (14, 20, 1000), (11, 16, 1000))
BACKGROUND = (250, 250, 250)
WORDS = (31, 41, 51)
ON_COLOUR = (255, 255, 255)
COLOURS: dict[str, Colour] = {
    "Critical": (176, 32, 32),
    "Question": (46, 84, 150),
    "Exclamation": (176, 106, 0),
    "Information": (24, 110, 96),
}
SIGNS = {"Critical": "×", "Question": "?", "Exclamation": "!", "Information": "i"}
TITLES = {
    "Critical": "Error",
    "Question": "Question",
    "Exclamation": "Warning",
    "Information": "Message",
}


@dataclass(frozen=True)
class Picture:
    """The whole window, and where its buttons are, from left to right."""

    image: Image.Image
    buttons: tuple[Box, ...]

    @property
    def button(self) -> Box:
        """The rightmost, the only one of a message."""
        return self.buttons[-1]


def draw(
    style: str,
    title: str,
    text: str,
    most_width: int,
    most_height: int,
    buttons: Sequence[str] = ("OK",),
) -> Picture:
    """The picture, never larger than asked; text that does not fit ends with an ellipsis. Some few words as buttons."""
    room = most_height - BAR_HEIGHT - 3 * MARGIN - BUTTON_HEIGHT
    for size, line_height, width in SETTINGS:
        words = _font(FONT, size)
        widest = max(120, min(width, most_width) - 3 * MARGIN - SIGN_SIZE)
        lines = wrap(printable(text), words, widest)
        if len(lines) * line_height <= room:
            break
    lines = _fitting(lines, max(1, room // line_height))
    text_width = int(max(words.getlength(line) for line in lines))
    width = min(most_width, max(LEAST_WIDTH, text_width + 3 * MARGIN + SIGN_SIZE))
    body = max(SIGN_SIZE, line_height * len(lines))
    height = BAR_HEIGHT + body + 3 * MARGIN + BUTTON_HEIGHT
    colour = COLOURS.get(style, COLOURS["Information"])
    image = Image.new("RGB", (width, height), BACKGROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width - 1, height - 1), outline=colour, width=2)
    pen.rectangle((0, 0, width - 1, BAR_HEIGHT - 1), fill=colour)
    heading = " ".join(printable(title).split()) or TITLES.get(style, "Message")
    bold = _font(BOLD, 14)
    shown = _cut(heading, bold, width - 2 * MARGIN)
    pen.text((MARGIN, BAR_HEIGHT // 2), shown, font=bold, fill=ON_COLOUR, anchor="lm")
    top = BAR_HEIGHT + MARGIN
    pen.ellipse((MARGIN, top, MARGIN + SIGN_SIZE - 1, top + SIGN_SIZE - 1), fill=colour)
    centre = (MARGIN + SIGN_SIZE // 2, top + SIGN_SIZE // 2)
    sign = SIGNS.get(style, "i")
    pen.text(centre, sign, font=_font(BOLD, 24), fill=ON_COLOUR, anchor="mm")
    for number, line in enumerate(lines):
        at = (2 * MARGIN + SIGN_SIZE, top + line_height * number + line_height // 2)
        pen.text(at, line, font=words, fill=WORDS, anchor="lm")
    right = width - MARGIN - (len(buttons) - 1) * (BUTTON_WIDTH + MARGIN)
    boxes = [
        _button(pen, word, right + number * (BUTTON_WIDTH + MARGIN), height, colour, bold)
        for number, word in enumerate(buttons)
    ]
    return Picture(image, tuple(boxes))


def _button(
    pen: ImageDraw.ImageDraw,
    word: str,
    right: int,
    height: int,
    colour: Colour,
    font: ImageFont.FreeTypeFont,
) -> Box:
    left, top = right - BUTTON_WIDTH, height - MARGIN - BUTTON_HEIGHT
    box = (left, top, left + BUTTON_WIDTH, top + BUTTON_HEIGHT)
    pen.rounded_rectangle(box, 4, fill=colour)
    centre = (left + BUTTON_WIDTH // 2, top + BUTTON_HEIGHT // 2)
    pen.text(centre, word, font=font, fill=ON_COLOUR, anchor="mm")
    return box


def wrap(text: str, font: ImageFont.FreeTypeFont, widest: int) -> list[str]:
    """The text in lines of at most `widest`, broken at blanks, inside a word only when it alone is too long."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if font.getlength(longer) <= widest:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
            while font.getlength(line) > widest:
                cut = _longest_start(line, font, widest)
                lines.append(line[:cut])
                line = line[cut:]
        lines.append(line)
    return lines


def printable(text: str) -> str:
    """Line ends as \\n, every other control character as a blank."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c == "\n" or c.isprintable() else " " for c in plain)


def _longest_start(line: str, font: ImageFont.FreeTypeFont, widest: int) -> int:
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(line[:middle]) <= widest:
            low = middle
        else:
            high = middle - 1
    return low


def _fitting(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[: most - 1], "…"]


def _cut(text: str, font: ImageFont.FreeTypeFont, widest: int) -> str:
    if font.getlength(text) <= widest:
        return text
    return text[: _longest_start(text, font, widest - int(font.getlength("…")))] + "…"


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return ImageFont.load_default(size)  # type: ignore[return-value]
