from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from footlight.agent import window_process
from footlight.agent.window_process import end_window, start_window


async def test_it_has_the_sessions_cookie_and_no_secret_in_its_environment(tmp_path: Path) -> None:
    authority = tmp_path / "Xauthority"
    # Any module that reads its input and writes to its output will do.
    process = await start_window("json.tool", display=":77", authority=authority, cookie=b"c" * 16)
    assert authority.stat().st_mode & 0o777 == 0o600
    assert b"c" * 16 in authority.read_bytes()
    environment = b""
    async with asyncio.timeout(30):
        while not environment:  # until it is the program that it is to be
            await asyncio.sleep(0.01)
            environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    named = {pair.partition(b"=")[0] for pair in environment.split(b"\0") if pair}
    assert named == {b"DISPLAY", b"XAUTHORITY", b"PYTHONPATH", b"PATH", b"LANG"}
    assert os.getsid(process.pid) == process.pid
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"{}")
    await end_window(process)
    assert (await process.stdout.read()).strip() == b"{}"
    assert process.returncode == 0


async def test_one_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_process, "END_S", 0.05)
    process = await asyncio.create_subprocess_exec("sleep", "60", stdin=PIPE)
    await end_window(process)
    assert process.returncode == -9
