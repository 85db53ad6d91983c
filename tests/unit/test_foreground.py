from __future__ import annotations

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest

from footlight import foreground


async def test_a_server_that_ends_by_itself_ends_the_site() -> None:
    async def fails() -> None:
        raise OSError("no more files")

    serving = asyncio.create_task(fails())
    with pytest.raises(OSError, match="no more files"):
        await foreground.until(asyncio.Event(), serving)
    stop = asyncio.Event()
    stop.set()
    forever = asyncio.create_task(asyncio.Event().wait())
    await foreground.until(stop, forever)
    assert not forever.done()
    forever.cancel()


async def test_a_signal_ends_it() -> None:
    stop = foreground.stop_event()
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(5):
        await stop.wait()


def test_the_service_manager_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    foreground.notify("READY=1")  # nobody listens
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        foreground.notify("READY=1")
        assert manager.recv(100) == b"READY=1"
