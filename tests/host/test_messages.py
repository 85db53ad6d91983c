"""Messages on a real screen: shown above everything, closed by a click, shown once."""

from __future__ import annotations

import asyncio
import socket
import struct
import subprocess
import sys
import uuid
from typing import Any

from footlight.agent.message_picture import COLOURS
from footlight.agent.xvnc import FAMILY_LOCAL, authority_file
from footlight.wire.host import MessageOrder

_SEE = """
import sys
from Xlib import X
from Xlib.display import Display
root = Display().screen().root
size = root.get_geometry()
image = root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xffffffff)
sys.stdout.buffer.write(image.data)
"""

_ACT = """
import sys, time
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest
display = Display()
root = display.screen().root
shown = [w for w in root.query_tree().children if w.get_wm_name() == "Message"]
window = shown[-1]  # the topmost
size = window.get_geometry()
x, y = (size.width - 60, size.height - 36) if sys.argv[1] == "button" else (40, 60)
xtest.fake_input(display, X.MotionNotify, x=size.x + x, y=size.y + y)
for kind in (X.ButtonPress, X.ButtonRelease):
    xtest.fake_input(display, kind, 1)
display.sync()
if sys.argv[1] != "button":
    time.sleep(0.3)
    code = display.keysym_to_keycode(XK.string_to_keysym(sys.argv[1]))
    for kind in (X.KeyPress, X.KeyRelease):
        xtest.fake_input(display, kind, code)
    display.sync()
"""


def message(style: Any, text: str = "Please save your work.") -> MessageOrder:
    return MessageOrder(
        message_id=str(uuid.uuid4()),
        style=style,
        title="Maintenance",
        text=text,
        ordered_by="TEST\\root",
    )


def _x(stage: Any, session: str, code: str, *arguments: str) -> bytes:
    authority = stage.data_dir / "Xauthority"
    cookie = (stage.folder(session) / "cookie").read_bytes()
    authority.write_bytes(authority_file(cookie, FAMILY_LOCAL, socket.gethostname().encode()))
    environment = {"DISPLAY": stage.sessions[session].display, "XAUTHORITY": str(authority)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        timeout=20,
        check=True,
    )
    return done.stdout


def seen(stage: Any, session: str, style: str) -> bool:
    """Whether the style's title bar is on the screen."""
    red, green, blue = COLOURS[style]
    return _x(stage, session, _SEE).count(struct.pack("4B", blue, green, red, 0)) > 3000


def act(stage: Any, session: str, how: str) -> None:
    """Click on the topmost message's button, or click on it and press that key."""
    _x(stage, session, _ACT, how)


async def show(stage: Any, session: str, *messages: MessageOrder) -> None:
    await stage.change(session, messages=list(messages))
    ids = [one.message_id for one in messages]
    await stage.until(session, lambda f: f.messages_shown == ids)


async def test_a_message_is_on_the_screen_until_ok_is_clicked(stage: Any) -> None:
    session = await stage.launch(["xterm", "-geometry", "300x80+0+0"])
    assert not await asyncio.to_thread(seen, stage, session, "Critical")
    await show(stage, session, message("Critical"))
    await stage.eventually(lambda: seen(stage, session, "Critical"))

    # A window that comes later does not cover it.
    cover = "xterm -geometry 300x80+0+0 -e sleep 30 >/dev/null 2>&1 &"
    await asyncio.to_thread(stage.x, session, "sh", "-c", cover)
    await asyncio.sleep(1)
    await stage.eventually(lambda: seen(stage, session, "Critical"))

    await asyncio.to_thread(act, stage, session, "button")
    await stage.eventually(lambda: not seen(stage, session, "Critical"))

    # The same message is not shown again by a later order, another one is.
    shown = stage.orders[session].messages[0]
    await show(stage, session, shown, message("Question"))
    await stage.eventually(lambda: seen(stage, session, "Question"))
    assert not await asyncio.to_thread(seen, stage, session, "Critical")


async def test_several_stack_and_keys_close_the_one_that_was_clicked(stage: Any) -> None:
    session = await stage.launch(["sleep", "100"])
    await show(stage, session, message("Information"), message("Exclamation", "two\n\nlines"))
    both = ("Information", "Exclamation")
    await stage.eventually(lambda: all(seen(stage, session, style) for style in both))
    await asyncio.to_thread(act, stage, session, "Return")
    await stage.eventually(lambda: not seen(stage, session, "Exclamation"))
    assert await asyncio.to_thread(seen, stage, session, "Information")
    await asyncio.to_thread(act, stage, session, "Escape")
    await stage.eventually(lambda: not seen(stage, session, "Information"))


async def test_a_shown_message_is_not_shown_again_by_the_next_agent(stage: Any) -> None:
    session = await stage.launch(["sleep", "100"])
    first = message("Critical")
    await show(stage, session, first)
    await stage.agent.stop(keep_sessions=True)
    stage.sessions.clear()
    await stage.start_agent()
    await stage.until(session, lambda f: f.messages_shown == [first.message_id])
    await asyncio.sleep(1)
    assert not await asyncio.to_thread(seen, stage, session, "Critical")
