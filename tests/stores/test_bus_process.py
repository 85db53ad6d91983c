"""`footlight bus` as a process: servers and hosts come to it, and it ends with its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
import pytest

from footlight.authority import open_authority
from footlight.bus import subjects
from footlight.bus.credentials import BusKeys
from footlight.bus.nats import NatsBus

WAIT_S = 60.0


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The process, and where it says that it listens."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "footlight", "bus", "--data-dir", str(folder)),
        *("--listen", "127.0.0.1:0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert child.stdout is not None
        line = await asyncio.wait_for(child.stdout.readline(), WAIT_S)
        assert line.startswith(b"bus: 127.0.0.1:")
        yield child, line.decode().split()[1]
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def site_at(address: str, folder: Path) -> NatsBus:
    ca = open_authority(folder / "keys").pem.decode()
    return await NatsBus.connect_server([address], BusKeys.open(folder / "keys" / "bus"), ca)


async def test_servers_with_the_site_s_keys_come_to_it_and_a_signal_ends_it(tmp_path: Path) -> None:
    async def answer(payload: bytes) -> bytes:
        return payload + b"!"

    async with running(tmp_path) as (child, address):
        one, other = await site_at(address, tmp_path), await site_at(address, tmp_path)
        await one.serve("here", answer)
        assert await other.request("here", b"hi", WAIT_S) == b"hi!"
        await one.close()
        await other.close()
        child.terminate()
        assert await asyncio.wait_for(child.wait(), WAIT_S) == 0


async def test_what_was_posted_is_there_after_a_restart(tmp_path: Path) -> None:
    machine_id = "aaaaaaaa-0000-4000-8000-000000000000"
    taken: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(machine_id: str, payload: bytes) -> None:
        taken.put_nowait(payload)

    async with running(tmp_path) as (child, address):
        site = await site_at(address, tmp_path)
        await site.post(subjects.of_host(machine_id, subjects.REPORTS), b"kept", WAIT_S)
        await site.close()
        child.terminate()
        await asyncio.wait_for(child.wait(), WAIT_S)
    async with running(tmp_path) as (_, address):
        site = await site_at(address, tmp_path)
        await site.consume_hosts(subjects.REPORTS, take)
        assert await asyncio.wait_for(taken.get(), WAIT_S) == b"kept"
        await site.close()


async def test_the_server_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as (child, _):
        (server,) = psutil.Process(child.pid).children()
        assert "nats-server" in " ".join(server.cmdline())
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
        gone, _ = await asyncio.to_thread(psutil.wait_procs, [server], WAIT_S)
        assert gone


async def test_two_on_one_folder_are_refused(tmp_path: Path) -> None:
    async with running(tmp_path):
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "footlight", "bus", "--data-dir", str(tmp_path)),
            *("--listen", "127.0.0.1:0"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await asyncio.wait_for(second.communicate(), WAIT_S)
        assert second.returncode != 0
        assert b"a bus is running" in said


@pytest.mark.parametrize("killed", [signal.SIGKILL, signal.SIGTERM])
async def test_a_server_that_ends_by_itself_is_started_again(
    tmp_path: Path, killed: signal.Signals
) -> None:
    async with running(tmp_path) as (child, address):
        site = await site_at(address, tmp_path)
        (server,) = psutil.Process(child.pid).children()
        server.send_signal(killed)
        async with asyncio.timeout(WAIT_S):
            while site.is_connected:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            while not site.is_connected:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await site.close()
