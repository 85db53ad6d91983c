"""The notice's process, played by a shell that says "shown" at its start and for each line it gets."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import notice, window_process
from footlight.agent.notice import TEXT, Notice

PLAYED = "echo shown; while read line; do echo shown; done"


class Stage:
    """A notice, the processes that were its window, and for whom it was shown."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: list[str] = []
        self.commands: list[tuple[str, ...]] = []
        self.environments: list[dict[str, str]] = []
        self.processes: list[asyncio.subprocess.Process] = []
        self.played = PLAYED
        self.notice: Notice | None = None

    def show(self) -> Notice:
        self.notice = Notice(":7", self.folder, bytes(16), self.shown.append)
        return self.notice

    async def until(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - whatever is looked at tells nobody
                await asyncio.sleep(0.005)


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    made = Stage(tmp_path)
    real = asyncio.create_subprocess_exec

    async def play(*argv: str, env: dict[str, str], **how: Any) -> asyncio.subprocess.Process:
        made.commands.append(argv)
        made.environments.append(env)
        process = await real("sh", "-c", made.played, **how)
        made.processes.append(process)
        return process

    monkeypatch.setattr(window_process.asyncio, "create_subprocess_exec", play)
    monkeypatch.setattr(notice, "FIRST_RESTART_S", 0.01)
    yield made
    if made.notice is not None:
        await made.notice.stop()


async def test_it_is_shown_at_first_and_again_to_each_who_comes(stage: Stage) -> None:
    shown = stage.show()
    await stage.until(lambda: stage.shown == [""])
    assert shown.shown
    shown.again("TEST\\ada")
    await stage.until(lambda: stage.shown == ["", "TEST\\ada"])
    shown.again("TEST\\bob")
    await stage.until(lambda: stage.shown == ["", "TEST\\ada", "TEST\\bob"])


async def test_it_comes_back_when_its_window_is_killed(stage: Stage) -> None:
    shown = stage.show()
    await stage.until(lambda: shown.shown)
    os.kill(stage.processes[0].pid, signal.SIGKILL)
    await stage.until(lambda: len(stage.shown) == 2)
    assert len(stage.processes) == 2
    assert shown.shown


async def test_one_that_can_not_stay_is_tried_more_and_more_slowly(stage: Stage) -> None:
    stage.played = "exit 1"
    shown = stage.show()
    await stage.until(lambda: len(stage.processes) == 3)
    assert not shown.shown
    assert stage.shown == []


async def test_stopped_it_is_gone(stage: Stage) -> None:
    shown = stage.show()
    await stage.until(lambda: shown.shown)
    await shown.stop()
    assert not shown.shown
    assert stage.processes[0].returncode is not None
    shown.again("TEST\\late")
    await asyncio.sleep(0.05)
    assert stage.shown == [""]


async def test_one_that_does_not_hear_is_killed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_process, "END_S", 0.05)
    stage.played = "trap '' TERM; echo shown; while :; do sleep 0.05; done"
    shown = stage.show()
    await stage.until(lambda: shown.shown)
    await shown.stop()
    assert stage.processes[0].returncode == -signal.SIGKILL


async def test_the_cookie_is_in_a_private_file_and_nowhere_else(stage: Stage) -> None:
    stage.show()
    await stage.until(lambda: stage.shown)
    assert stage.commands[0][-2:] == ("footlight.agent.notice_window", TEXT)
    assert set(stage.environments[0]) == {"DISPLAY", "XAUTHORITY", "PYTHONPATH", "PATH", "LANG"}
    path = Path(stage.environments[0]["XAUTHORITY"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert bytes(16) in path.read_bytes()
