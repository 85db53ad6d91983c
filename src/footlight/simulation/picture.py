"""What is on the screen of a simulated session: drawn from a few facts and the second it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFont

from footlight.agent.message_picture import FONT

WIDTH, HEIGHT = 960, 600
BANDS = 12  # a change is sent in as many stripes as it touches
_SMALL = ImageFont.truetype(FONT, 15)
_LARGE = ImageFont.truetype(FONT, 22)
_BACKGROUNDS = ((38, 70, 83), (42, 111, 151), (87, 75, 144), (64, 99, 72), (110, 68, 68))
_LINES = 12
_SENTENCE = ("The quick brown fox jumps over the lazy dog", "while the fleet sails on")
_WORDS = " ".join(_SENTENCE).split()

Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class Scene:
    """What to draw. `second` counts from the session's start; one word is written in each."""

    user_name: str
    machine_name: str
    resource_name: str
    second: int
    notice: str | None = None
    message: str | None = None


def draw(scene: Scene) -> Image.Image:
    """The picture, RGB, WIDTH by HEIGHT."""
    colour = _BACKGROUNDS[sum(scene.machine_name.encode()) % len(_BACKGROUNDS)]
    picture = Image.new("RGB", (WIDTH, HEIGHT), colour)
    pen = ImageDraw.Draw(picture)
    pen.text((20, 14), f"{scene.user_name} on {scene.machine_name}", "white", _LARGE)
    pen.text((WIDTH - 130, 14), _clock(scene.second), "white", _LARGE)
    pen.rectangle((60, 70, WIDTH - 60, HEIGHT - 60), (250, 250, 250), (20, 20, 20))
    pen.rectangle((60, 70, WIDTH - 60, 102), (52, 58, 64))
    pen.text((72, 77), f"{scene.resource_name} (simulated)", "white", _SMALL)
    for place, line in enumerate(_written(scene.second)):
        pen.text((80, 120 + place * 30), line, (33, 37, 41), _SMALL)
    if scene.notice is not None:
        pen.rectangle((0, HEIGHT - 34, WIDTH, HEIGHT), (176, 32, 32))
        pen.text((20, HEIGHT - 28), scene.notice, "white", _SMALL)
    if scene.message is not None:
        pen.rectangle((230, 220, 730, 340), (255, 243, 205), (133, 100, 4), 2)
        pen.multiline_text((250, 240), _folded(scene.message), (102, 77, 3), _SMALL)
    return picture


def changes(before: Image.Image, now: Image.Image) -> list[Box]:
    """Where the pictures differ, one box in each stripe at most."""
    difference = ImageChops.difference(before, now)
    height = HEIGHT // BANDS
    found = []
    for top in range(0, HEIGHT, height):
        box = difference.crop((0, top, WIDTH, top + height)).getbbox()
        if box is not None:
            found.append((box[0], box[1] + top, box[2], box[3] + top))
    return found


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def _written(second: int) -> list[str]:
    """A page of text that grows by a word each second and begins anew when it is full."""
    per_line = len(_WORDS)
    words = second % (per_line * _LINES)
    full, rest = divmod(words, per_line)
    return [" ".join(_WORDS)] * full + [" ".join(_WORDS[:rest]) + "_"]


def _folded(text: str, width: int = 52, lines: int = 4) -> str:
    flat = " ".join(text.split())
    return "\n".join(flat[at : at + width] for at in range(0, min(len(flat), width * lines), width))
