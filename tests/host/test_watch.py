"""What is done in a session is seen: windows that open and close, keys and the pointer, and their absence."""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any

import pytest

from footlight.agent import session_plan, xvnc
from footlight.agent.keeper_watch import ScreenWatch
from footlight.agent.xprobe import XProbe

IDLE_S = 1.0
# Opens a window, closes it on USR1 and opens another on USR2, as one process.
_WINDOWS = """
import signal, subprocess, sys, time
window = subprocess.Popen(["xmessage", "hello"])
def close(*_):
    global window
    window.kill(); window.wait()
def again(*_):
    global window
    window = subprocess.Popen(["xmessage", "again"])
signal.signal(signal.SIGUSR1, close)
signal.signal(signal.SIGUSR2, again)
while True:
    time.sleep(0.1)
"""


@pytest.fixture
def soon_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_plan, "IDLE_AFTER_S", IDLE_S)


def _program(stage: Any, session: str) -> int:
    return int(stage.agent.host.session(session)._keeper.state["pids"]["program"])


async def test_an_application_without_windows_is_told_and_comes_back(stage: Any) -> None:
    session = await stage.launch(["python3", "-c", _WINDOWS])
    assert stage.sessions[session].application_open
    await stage.eventually(lambda: "xmessage" in stage.x(session, "xlsclients").stdout)
    os.kill(_program(stage, session), 10)
    await stage.until(session, lambda f: not f.application_open)
    assert stage.sessions[session].phase == "running"
    os.kill(_program(stage, session), 12)
    await stage.until(session, lambda f: f.application_open)


async def test_a_program_that_never_had_a_window_is_in_use(stage: Any, soon_idle: None) -> None:
    session = await stage.launch(["sleep", "60"])
    await stage.until(session, lambda f: f.idle_since_ms is not None)  # the watch is at work
    assert stage.sessions[session].application_open


async def test_idleness_begins_after_its_time_and_ends_with_the_next_key(
    stage: Any, soon_idle: None
) -> None:
    session = await stage.launch(["xterm"])
    before_ms = time.time_ns() // 1_000_000
    facts = await stage.until(session, lambda f: f.idle_since_ms is not None)
    assert abs(facts.idle_since_ms - facts.started_at_ms) < 3000
    typed_ms = time.time_ns() // 1_000_000
    assert stage.x(session, "xdotool", "key", "a").returncode == 0
    await stage.until(session, lambda f: f.idle_since_ms is None)
    facts = await stage.until(session, lambda f: f.idle_since_ms is not None)
    assert facts.idle_since_ms >= typed_ms > before_ms
    stage.x(session, "xdotool", "mousemove", "17", "23")
    await stage.until(session, lambda f: f.idle_since_ms is None)


async def test_what_is_known_survives_the_agent(stage: Any, soon_idle: None) -> None:
    session = await stage.launch(["xterm"])
    facts = await stage.until(session, lambda f: f.idle_since_ms is not None)
    await stage.agent.stop(keep_sessions=True)
    stage.sessions.clear()
    await stage.start_agent()
    again = await stage.until(session, lambda f: f.phase == "running")
    assert again.idle_since_ms == facts.idle_since_ms


async def test_a_watch_that_begins_late_hears_of_idleness_too(stage: Any, soon_idle: None) -> None:
    session = await stage.launch(["xterm"])
    facts = await stage.until(session, lambda f: f.idle_since_ms is not None)
    cookie = (stage.folder(session) / "cookie").read_bytes()
    path = xvnc.socket_path(int(facts.display[1:]))
    with contextlib.closing(XProbe(path, cookie)) as probe:
        watch = ScreenWatch(probe, int(IDLE_S * 1000))

        def heard() -> bool:
            watch.look()
            return watch.idle_since_ms is not None

        await stage.eventually(heard)
    assert watch.application_open
    assert abs(watch.idle_since_ms - facts.idle_since_ms) < 1000
