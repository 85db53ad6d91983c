"""Since when nobody has used a session: the X server's own count, told when it begins and when it ends."""

from __future__ import annotations

import os
import socket
import time
from typing import Any

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from footlight.agent import session_plan, xvnc


async def test_idleness_is_told_at_its_begin_and_at_its_end(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_plan, "IDLE_AFTER_MS", 1500)
    monkeypatch.setattr(session_plan, "IDLE_LOOK_S", 0.2)
    session = await stage.launch([], session_type="Desktop")
    started_ms = stage.sessions[session].established_at_ms
    facts = await stage.until(session, lambda f: f.idle_since_ms)
    assert started_ms - 10_000 <= facts.idle_since_ms <= time.time() * 1000 - 1500
    _move_the_mouse(stage, session)
    await stage.until(session, lambda f: f.idle_since_ms is None)
    again = await stage.until(session, lambda f: f.idle_since_ms)
    assert again.idle_since_ms > facts.idle_since_ms


def _move_the_mouse(stage: Any, session: str) -> None:
    cookie = (stage.folder(session) / "cookie").read_bytes()
    authority = stage.data_dir / "Xauthority"
    host = socket.gethostname().encode()
    authority.write_bytes(xvnc.authority_file(cookie, xvnc.FAMILY_LOCAL, host))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "XAUTHORITY", str(authority))
        display = Display(stage.sessions[session].display)
    xtest.fake_input(display, X.MotionNotify, x=100, y=100)
    xtest.fake_input(display, X.MotionNotify, x=200, y=200)
    display.sync()
    display.close()
