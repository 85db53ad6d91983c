"""A desktop with a session manager of its own: Xfce, on a real X server."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import desktop_environment

LOG_OFF = desktop_environment._XFCE.log_off


def named(stage: Any, session: str, name: str) -> set[int]:
    """The session's processes of that name."""
    found = set()
    for pid in stage.pids(session):
        try:
            if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                found.add(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def as_user(stage: Any, session: str, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run a program in the session as its user, with the environment of its programs."""
    # What it starts has its name for a moment.
    manager = min(named(stage, session, "xfce4-session"))
    pairs = Path(f"/proc/{manager}/environ").read_bytes().split(b"\0")
    words = [pair.decode() for pair in pairs if pair]
    user = ("setpriv", f"--reuid={Path(f'/proc/{manager}').stat().st_uid}", "--clear-groups")
    return subprocess.run(
        [*user, "env", "-i", *words, *argv], capture_output=True, text=True, timeout=20, check=False
    )


def is_idle(stage: Any, session: str) -> bool:
    """Whether the session manager has started all that it starts."""
    ask = (*LOG_OFF[:5], "org.xfce.Session.Manager.GetState")
    return "uint32 1" in as_user(stage, session, *ask).stdout


@pytest.fixture
async def xfce(stage: Any) -> str:
    """A session that shows Xfce, all of it."""
    session = str(await stage.launch(["desktop:xfce"], session_type="Desktop"))
    for name in ("xfce4-session", "xfwm4", "xfce4-panel", "xfdesktop"):
        await stage.eventually(lambda name=name: named(stage, session, name))
    await stage.eventually(lambda: is_idle(stage, session))
    return session


async def test_a_hung_window_manager_is_replaced_and_the_end_is_polite(
    stage: Any, xfce: str
) -> None:
    assert named(stage, xfce, "openbox") == set()
    assert named(stage, xfce, "tint2") == set()
    owner = stage.x(xfce, "xprop", "-root", "_NET_SUPPORTING_WM_CHECK").stdout.split()[-1]
    assert "Xfwm4" in stage.x(xfce, "xprop", "-id", owner, "_NET_WM_NAME").stdout
    before, manager = named(stage, xfce, "xfwm4"), min(named(stage, xfce, "xfce4-session"))
    await stage.change(xfce, manager_restarts=1)
    await stage.until(xfce, lambda f: f.manager_restarts == 1)
    await stage.eventually(lambda: named(stage, xfce, "xfwm4") - before)
    assert not named(stage, xfce, "xfwm4") & before
    assert manager in named(stage, xfce, "xfce4-session")
    facts = await stage.log_off(xfce)
    assert facts.end_reason == "logged off"
    # The session manager went by itself.
    assert facts.exit_code == 0
    await stage.eventually(lambda: not stage.pids(xfce))


async def test_the_session_ends_with_its_session_manager(stage: Any, xfce: str) -> None:
    # As its user does by the menu of the panel.
    assert as_user(stage, xfce, *LOG_OFF).returncode == 0
    facts = await stage.until(xfce, lambda f: f.phase == "ended")
    assert (facts.end_reason, facts.exit_code) == ("desktop left", 0)
    await stage.eventually(lambda: not stage.pids(xfce))


async def test_a_desktop_that_is_none_ends_with_the_reason(stage: Any) -> None:
    session = await stage.launch(["desktop:kde"], session_type="Desktop", wait=False)
    facts = await stage.until(session, lambda f: f.phase == "ended")
    assert "no desktop 'kde'" in facts.end_reason
