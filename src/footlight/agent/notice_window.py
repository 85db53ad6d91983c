"""The recording notice: a window at the top edge of the screen that stays above all others.

A process of its own, as the agent's user: `python -m footlight.agent.notice_window TEXT` with DISPLAY and
XAUTHORITY. It prints `shown` when the window is on the screen, and again for each line on standard input, when
it raises and blinks for somebody who has just come. It goes at the input's end. It blinks in colour: it never
leaves the screen.
"""

from __future__ import annotations

import os
import select
import sys
import time
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from Xlib import X
from Xlib.display import Display

HEIGHT = 30
FONT = "DejaVuSans-Bold.ttf"
BACKGROUND = (31, 41, 51)
LIT = (150, 26, 26)  # the background while it blinks
DOT = (226, 54, 54)
WORDS = (255, 255, 255)
BLINKS = 3
BLINK_S = 0.35
RAISE_EVERY_S = 0.1


def picture(text: str, background: tuple[int, int, int] = BACKGROUND) -> Image.Image:
    """The bar: a red dot and the text, as wide as it needs."""
    try:
        font = ImageFont.truetype(FONT, 14)
    except OSError:
        font = ImageFont.load_default(14)  # type: ignore[assignment]
    width = int(font.getlength(text)) + 58
    bar = Image.new("RGB", (width, HEIGHT), background)
    draw = ImageDraw.Draw(bar)
    draw.ellipse((14, 9, 26, 21), fill=DOT)
    draw.text((38, HEIGHT // 2), text, font=font, fill=WORDS, anchor="lm")
    return bar


class NoticeWindow:
    """The window and its small loop."""

    def __init__(self, text: str) -> None:
        self._display = Display()
        screen = self._display.screen()
        self._root = screen.root
        bar = picture(text)
        self._width = bar.width
        self._calm = self._pixmap(bar)
        self._lit = self._pixmap(picture(text, LIT))
        self._window = self._root.create_window(
            *(self._left(screen.width_in_pixels), 0, bar.width, bar.height, 0, screen.root_depth),
            override_redirect=True,
            background_pixmap=self._calm,
            event_mask=X.VisibilityChangeMask | X.StructureNotifyMask,
        )
        self._window.set_wm_name("Recording notice")
        self._root.change_attributes(event_mask=X.StructureNotifyMask)
        self._mapped = False
        self._blinks_left = 0
        self._next_blink = 0.0
        self._raise_at: float | None = None
        self._raised_at = 0.0

    def _pixmap(self, bar: Image.Image) -> Any:
        pixmap = self._root.create_pixmap(bar.width, bar.height, self._display.screen().root_depth)
        pixmap.put_pil_image(pixmap.create_gc(), 0, 0, bar)
        return pixmap

    def run(self) -> None:
        """Until standard input ends."""
        self._window.map()
        os.set_blocking(0, False)
        while True:
            self._display.flush()
            while self._display.pending_events():
                self._take(self._display.next_event())
            self._display.flush()
            readable, _, _ = select.select([0, self._display], [], [], self._patience())
            if 0 in readable:
                words = os.read(0, 4096)
                if not words:
                    return
                self._blinks_left = 2 * BLINKS
                self._next_blink = time.monotonic()
                if self._mapped:
                    self._say_shown()
            self._tick()

    def _left(self, screen_width: int) -> int:
        return max(0, (screen_width - self._width) // 2)

    def _patience(self) -> float:
        """Seconds until the next thing that time alone brings."""
        now = time.monotonic()
        waits = [10.0]
        if self._blinks_left:
            waits.append(self._next_blink - now)
        if self._raise_at is not None:
            waits.append(self._raise_at - now)
        return max(0.0, min(waits))

    def _tick(self) -> None:
        now = time.monotonic()
        if self._blinks_left and now >= self._next_blink:
            self._blinks_left -= 1
            self._next_blink = now + BLINK_S
            lit = self._blinks_left % 2 == 1
            self._window.change_attributes(background_pixmap=self._lit if lit else self._calm)
            self._window.clear_area()
        if self._raise_at is not None and now >= self._raise_at:
            self._raise_at, self._raised_at = None, now
            self._window.map()
            self._window.raise_window()

    def _raise_soon(self) -> None:
        """Above the others again, but never in a race with a window that does the same."""
        if self._raise_at is None:
            self._raise_at = max(time.monotonic(), self._raised_at + RAISE_EVERY_S)

    def _say_shown(self) -> None:
        self._window.raise_window()
        self._display.sync()
        print("shown", flush=True)

    def _take(self, event: object) -> None:
        kind = getattr(event, "type", None)
        ours = getattr(event, "window", None) == self._window
        if kind == X.MapNotify and ours:
            self._mapped = True
            self._say_shown()
        elif kind == X.UnmapNotify and ours:
            self._mapped = False
            self._raise_soon()
        elif kind == X.VisibilityNotify:
            if getattr(event, "state", 0) != X.VisibilityUnobscured:
                self._raise_soon()
        elif kind == X.ConfigureNotify and not ours:
            self._window.configure(x=self._left(getattr(event, "width", self._width)), y=0)
        elif kind == X.DestroyNotify and ours:
            raise SystemExit("the window was destroyed")


def main() -> None:
    """Entry point; the text is the argument."""
    try:
        NoticeWindow(sys.argv[1]).run()
    except (ConnectionError, OSError) as error:
        raise SystemExit(f"X is gone: {error}") from None


if __name__ == "__main__":
    main()
