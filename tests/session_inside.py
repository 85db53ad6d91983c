"""The clipboard as a program in a session sees it: `get` prints its text, `own TEXT` offers a text until standard
input ends; `press N` clicks a button of the agent's question. Run with the session's DISPLAY and XAUTHORITY."""

from __future__ import annotations

import select
import sys
import time
from typing import Any

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.ext import xtest
from Xlib.protocol import event as events

WAIT_S = 60.0


def main() -> None:
    """Entry point."""
    display = Display()
    window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    if sys.argv[1] == "get":
        print(get(display, window), end="")
    elif sys.argv[1] == "press":
        press(display, int(sys.argv[2]))
    else:
        own(display, window, sys.argv[2].encode())


def press(display: Any, button: int) -> None:
    """Wait for the question, and for the time in which it takes no click."""
    deadline = time.monotonic() + WAIT_S
    found: list[Any] = []
    while not found:
        assert time.monotonic() < deadline, "no question on the screen"
        time.sleep(0.1)
        found = [
            w for w in display.screen().root.query_tree().children if w.get_wm_name() == "Message"
        ]
    time.sleep(1.0)
    place = found[-1].get_geometry()
    x = place.x + place.width - 60 - (1 - button) * 116
    xtest.fake_input(display, X.MotionNotify, x=x, y=place.y + place.height - 36)
    for kind in (X.ButtonPress, X.ButtonRelease):
        xtest.fake_input(display, kind, 1)
    display.sync()


def get(display: Any, window: Any) -> str:
    """The text, "" if there is none."""
    clipboard, utf8 = display.get_atom("CLIPBOARD"), display.get_atom("UTF8_STRING")
    window.convert_selection(clipboard, utf8, display.get_atom("FOUND"), X.CurrentTime)
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        display.flush()
        while display.pending_events():
            found = display.next_event()
            if found.type == X.SelectionNotify:
                if found.property == X.NONE:
                    return ""
                return str(window.get_full_property(found.property, utf8).value.decode())
        select.select([display], [], [], 0.2)
    return ""


def own(display: Any, window: Any, text: bytes) -> None:
    """Answer whoever asks."""
    clipboard, utf8 = display.get_atom("CLIPBOARD"), display.get_atom("UTF8_STRING")
    targets = display.get_atom("TARGETS")
    window.set_selection_owner(clipboard, X.CurrentTime)
    display.sync()
    print("ready", flush=True)
    while True:
        display.flush()
        while display.pending_events():
            asked = display.next_event()
            if asked.type == X.SelectionRequest:
                if asked.target == targets:
                    asked.requestor.change_property(asked.property, Xatom.ATOM, 32, [targets, utf8])
                elif asked.target == utf8:
                    asked.requestor.change_property(asked.property, utf8, 8, text)
                known = asked.target in (targets, utf8)
                answer = events.SelectionNotify(
                    time=asked.time,
                    requestor=asked.requestor,
                    selection=asked.selection,
                    target=asked.target,
                    property=asked.property if known else X.NONE,
                )
                asked.requestor.send_event(answer)
        readable, _, _ = select.select([0, display], [], [], 5.0)
        if 0 in readable:
            return


if __name__ == "__main__":
    main()
