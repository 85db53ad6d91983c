"""Icons as pictures: reading files of others, converting them, and drawing the site's own."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, UnidentifiedImageError

from footlight.errors import Invalid

MAX_FILE_BYTES = 256 * 1024
MAX_SIDE = 512
MAX_FORMATTED_SIDE = 256
SIDES = (16, 32, 48)  # of the site's own icons
_FORMAT = re.compile(r"(image/[a-z0-9.+-]+)(?:;(\d{1,4})x(\d{1,4})(?:x(\d{1,2}))?)?", re.IGNORECASE)
_KINDS = {
    "image/png": "PNG",
    "image/x-icon": "ICO",
    "image/vnd.microsoft.icon": "ICO",
    "image/ico": "ICO",
    "image/bmp": "BMP",
}
_MODES = {None: "RGBA", 8: "P", 24: "RGB", 32: "RGBA"}


def checked_file(raw: bytes) -> str:
    """The media type of an ICO or PNG file. Raises Invalid if it is none, too large, or broken."""
    return "image/png" if _opened(raw).format == "PNG" else "image/x-icon"


def formatted(raw: bytes, wanted: str) -> bytes:
    """The picture in a format such as `image/png;32x32x24` (media type; width, height, bits of a pixel).
    Raises Invalid for a format that is none."""
    found = _FORMAT.fullmatch(wanted.strip())
    kind = _KINDS.get(found[1].lower()) if found else None
    bits = int(found[4]) if found and found[4] else None
    if found is None or kind is None or bits not in _MODES:
        raise _no_format(wanted)
    picture = _opened(raw).convert("RGBA")
    if found[2]:
        size = (int(found[2]), int(found[3]))
        if not all(1 <= side <= MAX_FORMATTED_SIDE for side in size):
            raise _no_format(wanted)
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    if kind != "ICO":
        picture = picture.convert(_MODES[bits] if kind == "PNG" else "RGB")
    return _saved(picture, kind, [picture.size])


def _no_format(wanted: str) -> Invalid:
    return Invalid(
        "iconFormat is like image/png;32x32x24.",
        name="iconFormat",
        value=wanted[:64],
        problem="invalidString",
    )


def _opened(raw: bytes) -> Image.Image:
    if len(raw) > MAX_FILE_BYTES:
        raise Invalid(
            f"An icon has at most {MAX_FILE_BYTES} bytes.", name="RawData", problem="tooLong"
        )
    try:
        picture = Image.open(io.BytesIO(raw), formats=("ICO", "PNG"))
        if max(picture.size) <= MAX_SIDE:
            picture.load()
    except (
        UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError,
        Image.DecompressionBombError, Image.DecompressionBombWarning,
    ):  # fmt: skip
        raise Invalid("RawData is no ICO or PNG file.", name="RawData") from None
    if max(picture.size) > MAX_SIDE:
        raise Invalid(
            f"An icon has at most {MAX_SIDE} by {MAX_SIDE} pixels.",
            name="RawData",
            problem="outOfRange",
        )
    return picture


def _saved(picture: Image.Image, kind: str, sizes: list[tuple[int, int]]) -> bytes:
    file = io.BytesIO()
    if kind == "ICO":
        picture.save(file, kind, sizes=sizes)
    else:
        picture.save(file, kind)
    return file.getvalue()


_Draw = Callable[[ImageDraw.ImageDraw], None]
_FRAME, _GLASS, _DARK, _LIGHT = "#3b4252", "#5e81ac", "#2e3440", "#eceff4"


def _application(on: ImageDraw.ImageDraw) -> None:
    on.rounded_rectangle((8, 20, 184, 172), 14, _FRAME)
    on.rectangle((20, 52, 172, 160), _LIGHT)
    for left in (24, 46, 68):
        on.ellipse((left, 28, left + 14, 42), _GLASS)


def _desktop(on: ImageDraw.ImageDraw) -> None:
    on.rounded_rectangle((8, 20, 184, 140), 12, _FRAME)
    on.rectangle((20, 32, 172, 128), _GLASS)
    on.rectangle((80, 140, 112, 160), _FRAME)
    on.rounded_rectangle((48, 156, 144, 172), 6, _FRAME)


def _terminal(on: ImageDraw.ImageDraw) -> None:
    on.rounded_rectangle((8, 20, 184, 172), 14, _DARK)
    on.line((36, 64, 72, 92, 36, 120), _LIGHT, 14)
    on.line((88, 124, 140, 124), _LIGHT, 14)


def _editor(on: ImageDraw.ImageDraw) -> None:
    on.rounded_rectangle((28, 8, 164, 184), 10, _LIGHT, _FRAME, 8)
    for top in (44, 76, 108, 140):
        on.line((52, top, 140, top), _GLASS, 10)


def _browser(on: ImageDraw.ImageDraw) -> None:
    on.ellipse((12, 12, 180, 180), _GLASS, _FRAME, 8)
    on.ellipse((60, 12, 132, 180), None, _LIGHT, 8)
    on.line((16, 96, 176, 96), _LIGHT, 8)


_DRAWN: dict[str, _Draw] = {
    "Application": _application,
    "Desktop": _desktop,
    "Terminal": _terminal,
    "Text Editor": _editor,
    "Web Browser": _browser,
}
BUILT_IN = tuple(_DRAWN)  # in the order of their ids


@cache
def built_in(name: str) -> bytes:
    """The site's own icon of that name, an ICO file of three sizes."""
    picture = Image.new("RGBA", (192, 192))
    _DRAWN[name](ImageDraw.Draw(picture))
    small = picture.resize((SIDES[-1], SIDES[-1]), Image.Resampling.LANCZOS)
    return _saved(small, "ICO", [(side, side) for side in SIDES])
