"""A window for the workloads: a long page of text and photos that the wheel scrolls, or a clip that plays.

`page_window.py page SEED` (many photos) or `letters SEED` (hardly any): wheel up and down scroll by a few lines; all
that is visible is drawn anew, as browsers do.
`page_window.py clip SEED`: 640 x 360 noisy pixels, 25 pictures a second for as long as the pointer is in the window.
All of it lies in the X server beforehand, so that the program itself costs next to nothing.
"""

from __future__ import annotations

import random
import select
import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from Xlib import X
from Xlib.display import Display

PAGE_WIDTH, PAGE_HEIGHT, VIEW_HEIGHT = 820, 6000, 640
CLIP_WIDTH, CLIP_HEIGHT, CLIP_PICTURES = 640, 360, 12
CLIP_PERIOD_S = 1 / 25
PHOTOS = {"page": (0.04, 480), "letters": (0.006, 240)}  # on so many of the lines, so wide
STEP = 57  # of the wheel
WORDS = [
    "session",
    "of",
    "a",
    "host",
    "is",
    "shown",
    "kept",
    "while",
    "somebody",
    "works",
    "windows",
]
_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
_CHUNK_BYTES = 200_000  # of one X request


def page(rng: random.Random, photos: float, width: int) -> NDArray[np.uint8]:
    """(PAGE_HEIGHT, PAGE_WIDTH, 3): lines, a photo of that width above that share of them."""
    image = Image.new("RGB", (PAGE_WIDTH, PAGE_HEIGHT), (252, 252, 250))
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(_FONT, 14)
    top = 20
    while top < PAGE_HEIGHT - 40:
        if rng.random() < photos:
            image.paste(Image.fromarray(photo(rng, width, width * 9 // 16)), (60, top))
            top += width * 9 // 16 + 20
        line = " ".join(rng.choice(WORDS) for _ in range(14))
        draw.text((30, top), line, (20, 20, 30), font=font)
        top += 21
    return np.asarray(image)


def photo(rng: random.Random, width: int, height: int) -> NDArray[np.uint8]:
    """Soft shapes with the grain of a camera."""
    chance = np.random.default_rng(rng.randrange(1 << 32))
    coarse = chance.integers(0, 255, (height // 45 + 2, width // 45 + 2, 3), dtype=np.uint8)
    soft = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))
    grain = chance.normal(0, 5, (height, width, 3))
    return np.clip(soft + grain, 0, 255).astype(np.uint8)


class Shown:
    """A window and pictures that lie in the X server."""

    def __init__(self, title: str, width: int, height: int) -> None:
        self.display = Display()
        screen = self.display.screen()
        events = X.ExposureMask | X.ButtonPressMask | X.EnterWindowMask | X.LeaveWindowMask
        self.window = screen.root.create_window(
            380, 90, width, height, 0, screen.root_depth, event_mask=events
        )
        self.window.set_wm_name(title)
        self.gc = self.window.create_gc(graphics_exposures=False)
        self.width, self.height = width, height
        self._root, self._depth = screen.root, screen.root_depth

    def put(self, pixels: NDArray[np.uint8]) -> Any:
        """A pixmap of those pixels, (height, width, 3)."""
        height, width, _ = pixels.shape
        pixmap = self._root.create_pixmap(width, height, self._depth)
        words = np.zeros((height, width, 4), np.uint8)
        words[:, :, :3] = pixels[:, :, ::-1]
        rows = max(1, _CHUNK_BYTES // (width * 4))
        for top in range(0, height, rows):
            part = words[top : top + rows]
            shape = (0, top, width, len(part), X.ZPixmap, self._depth, 0, part.tobytes())
            pixmap.put_image(self.gc, *shape)
        self.display.sync()
        return pixmap

    def show(self, pixmap: Any, top: int = 0) -> None:
        self.window.copy_area(self.gc, pixmap, 0, top, self.width, self.height, 0, 0)
        self.display.flush()


def scroll(title: str, rng: random.Random) -> None:
    """Show a page until the session ends."""
    shown = Shown(title, PAGE_WIDTH, VIEW_HEIGHT)
    pixmap = shown.put(page(rng, *PHOTOS[title]))
    shown.window.map()
    top = 0
    while True:
        event = shown.display.next_event()
        if event.type == X.ButtonPress and event.detail in (4, 5):
            top += STEP if event.detail == 5 else -STEP
            top = min(max(top, 0), PAGE_HEIGHT - VIEW_HEIGHT)
        shown.show(pixmap, top)


def play(title: str, rng: random.Random) -> None:
    """Show the clip until the session ends."""
    shown = Shown(title, CLIP_WIDTH, CLIP_HEIGHT)
    pictures = [shown.put(photo(rng, CLIP_WIDTH, CLIP_HEIGHT)) for _ in range(CLIP_PICTURES)]
    shown.window.map()
    number, plays = 0, False
    while True:
        if plays:
            select.select([shown.display.fileno()], [], [], CLIP_PERIOD_S)
        while not plays or shown.display.pending_events():
            event = shown.display.next_event()
            shown.show(pictures[number])
            plays = event.type == X.EnterNotify or (plays and event.type != X.LeaveNotify)
        number = (number + 1) % CLIP_PICTURES
        shown.show(pictures[number])
        time.sleep(0)


if __name__ == "__main__":
    (play if sys.argv[1] == "clip" else scroll)(sys.argv[1], random.Random(int(sys.argv[2])))
