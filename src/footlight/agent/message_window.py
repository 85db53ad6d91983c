"""Messages on the session's screen: one window each, above all others, closed by its button.

A process of its own, as the agent's user: `python -m footlight.agent.message_window` with DISPLAY and XAUTHORITY.
Standard input: a line of JSON for each message (wire/host.py MessageOrder). It prints a message's id when its
window is on the screen. `{"message_id": ..., "withdrawn": true}` takes one back. A click on OK closes a message, and
so do Return and Escape once a click on it has given it the keys: it does not take them from what the user types into,
or the next Return there would close it unread. The process ends when the last is closed, or at the input's end.

A line that also names `buttons` (two words) is a question: `answer ID N` tells which was pressed, from 0. It is
answered by its buttons only, and not by a click that was under way when it appeared.
"""

from __future__ import annotations

import json
import os
import select
import time
from typing import Any

from Xlib import XK, X
from Xlib.display import Display

from footlight.agent.message_picture import Picture, draw

ON_SCREEN_AT_MOST = 20  # more: the oldest goes
STEP = 28  # each further window is set off by this, right and down
LONGEST_LINE_BYTES = 64 * 1024
RAISE_EVERY_S = 0.1
IDLE_S = 10.0
UNSEEN_S = 0.7  # a click so soon was meant for what was there before
CLOSING_KEYS = ("Return", "KP_Enter", "Escape")


class MessageWindow:
    """One message's window."""

    def __init__(self, display: Any, message_id: str, picture: Picture, x: int, y: int) -> None:
        screen = display.screen()
        image = picture.image
        self.id = message_id
        self.shown = False
        self.buttons = picture.buttons
        self.asks = len(picture.buttons) > 1
        self.shown_at = 0.0
        pixmap = screen.root.create_pixmap(image.width, image.height, screen.root_depth)
        pixmap.put_pil_image(pixmap.create_gc(), 0, 0, image)
        self.window = screen.root.create_window(
            *(x, y, image.width, image.height, 0, screen.root_depth),
            override_redirect=True,
            background_pixmap=pixmap,
            event_mask=X.VisibilityChangeMask
            | X.StructureNotifyMask
            | X.ButtonReleaseMask
            | X.ButtonPressMask
            | X.KeyPressMask,
        )
        pixmap.free()  # the window keeps it
        self.window.set_wm_name("Message")
        self.window.map()

    def pressed(self, x: int, y: int) -> int | None:
        """Which button the point, in the window, is on."""
        for number, (left, top, right, bottom) in enumerate(self.buttons):
            if left <= x <= right and top <= y <= bottom:
                return number
        return None


class MessageStack:
    """All windows and the loop."""

    def __init__(self) -> None:
        self._display = Display()
        self._root = self._display.screen().root
        self._windows: list[MessageWindow] = []  # the last is the newest and on top
        self._count = 0
        self._input = b""
        self._raise_at: float | None = None
        self._raised_at = 0.0
        keys = (XK.string_to_keysym(name) for name in CLOSING_KEYS)
        self._focus_before: Any = None  # who had the keys before a message got them
        self._closing = {self._display.keysym_to_keycode(key) for key in keys}

    def run(self) -> None:
        """Until the last window is closed, or standard input ends."""
        os.set_blocking(0, False)
        while self._windows or not self._count:
            self._display.flush()
            while self._display.pending_events():
                self._take(self._display.next_event())
            self._display.flush()
            if self._count and not self._windows:
                return
            wait_s = IDLE_S
            if self._raise_at is not None:
                wait_s = max(0.0, self._raise_at - time.monotonic())
            readable, _, _ = select.select([0, self._display], [], [], wait_s)
            if 0 in readable and not self._read():
                return
            if self._raise_at is not None and time.monotonic() >= self._raise_at:
                self._raise()

    def _read(self) -> bool:
        """Take the messages that have come; False at the input's end."""
        words = os.read(0, 65536)
        self._input += words
        *lines, self._input = self._input.split(b"\n")
        for line in lines:
            self._open(json.loads(line))
        return bool(words) and len(self._input) <= LONGEST_LINE_BYTES

    def _open(self, message: dict[str, Any]) -> None:
        known = [window for window in self._windows if window.id == message["message_id"]]
        if message.get("withdrawn"):
            for window in known:
                self._close(window)
        if known or message.get("withdrawn"):
            return
        size = self._root.get_geometry()
        picture = draw(
            *(message["style"], message["title"], message["text"]),
            *(size.width - 20, size.height - 80),
            message.get("buttons", ("OK",)),
        )
        offset = STEP * (self._count % 8)
        x = max(0, (size.width - picture.image.width) // 2 + offset - 4 * STEP * (offset > 0))
        y = max(40, (size.height - picture.image.height) // 3 + offset)
        x = min(x, max(0, size.width - picture.image.width))
        y = min(y, max(0, size.height - picture.image.height))
        self._count += 1
        opened = MessageWindow(self._display, message["message_id"], picture, x, y)
        self._windows.append(opened)
        if len(self._windows) > ON_SCREEN_AT_MOST:
            self._close(self._windows[0])

    def _close(self, window: MessageWindow) -> None:
        self._windows.remove(window)
        window.window.destroy()
        if self._focus_before is not None:
            before, self._focus_before = self._focus_before, None
            self._display.set_input_focus(before, X.RevertToPointerRoot, X.CurrentTime)
        self._display.flush()

    def _give_keys(self, window: MessageWindow) -> None:
        if self._focus_before is None:
            self._focus_before = self._display.get_input_focus().focus
        window.window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)

    def _raise(self) -> None:
        """All above the others again, in their order."""
        self._raise_at, self._raised_at = None, time.monotonic()
        for window in self._windows:
            window.window.map()
            window.window.raise_window()

    def _raise_soon(self) -> None:
        # Never in a race with a window that does the same.
        if self._raise_at is None:
            self._raise_at = max(time.monotonic(), self._raised_at + RAISE_EVERY_S)

    def _covered(self, window: MessageWindow) -> bool:
        """Whether something else lies over it: a newer message may."""
        return window is self._windows[-1]

    def _take(self, event: Any) -> None:
        named = getattr(event, "window", None)
        found = [window for window in self._windows if window.window == named]
        if not found:
            return
        window = found[0]
        if event.type == X.MapNotify:
            self._say_shown(window)
        elif event.type == X.UnmapNotify:
            self._raise_soon()
        elif event.type == X.VisibilityNotify:
            if event.state != X.VisibilityUnobscured and self._covered(window):
                self._raise_soon()
        elif event.type == X.ButtonPress:
            self._give_keys(window)
        elif event.type == X.ButtonRelease and event.detail == 1:
            self._click(window, window.pressed(event.event_x, event.event_y))
        elif event.type == X.KeyPress and event.detail in self._closing and not window.asks:
            self._close(window)
        elif event.type == X.DestroyNotify:
            self._windows.remove(window)  # by somebody else

    def _click(self, window: MessageWindow, button: int | None) -> None:
        if button is None:
            return
        if window.asks:
            if not window.shown or time.monotonic() - window.shown_at < UNSEEN_S:
                return
            print("answer", window.id, button, flush=True)
        self._close(window)

    def _say_shown(self, window: MessageWindow) -> None:
        if window.shown:
            return
        window.shown = True
        window.shown_at = time.monotonic()
        window.window.raise_window()
        self._display.sync()
        print(window.id, flush=True)


def main() -> None:
    """Entry point."""
    try:
        MessageStack().run()
    except (ConnectionError, OSError) as error:
        raise SystemExit(f"X is gone: {error}") from None


if __name__ == "__main__":
    main()
