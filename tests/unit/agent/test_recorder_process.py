import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.agent import recorder_process
from footlight.agent.recorder import NAME
from footlight.agent.recorder_process import RecorderConfig, RecorderProcess, RecorderProcesses
from footlight.recording import chain

ANSWER_S = 60.0


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(ANSWER_S):
        while not condition():  # noqa: ASYNC110 - processes tell nobody
            await asyncio.sleep(0.01)


@pytest.fixture
async def processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[RecorderProcesses]:
    monkeypatch.setattr(recorder_process, "PREPARE_AFTER_S", 0.0)
    key = tmp_path / "key.pem"
    key.write_bytes(chain.private_pem(Ed25519PrivateKey.generate()))
    made = RecorderProcesses(RecorderConfig(tmp_path / "spool", key, tmp_path / "certificate"))
    yield made
    await made.stop()


async def prepared(processes: RecorderProcesses) -> int:
    """The pid of the one that stands by."""
    processes.prepare()
    await until(lambda: processes.standby_pid)
    assert processes.standby_pid is not None
    return processes.standby_pid


async def first_line(taken: RecorderProcess) -> bytes:
    """What it says first; it is over then."""
    taken.control.setblocking(False)
    async with asyncio.timeout(ANSWER_S):
        said = await asyncio.get_running_loop().sock_recv(taken.control, 1024)
    await end(taken)
    return said.partition(b"\n")[0]


async def end(taken: RecorderProcess) -> None:
    taken.control.close()
    async with asyncio.timeout(ANSWER_S):
        await taken.process.wait()


async def test_without_one_that_stands_by_a_new_one_works(processes: RecorderProcesses) -> None:
    assert await first_line(await processes.take()) == b'{"type":"Started"}'


async def test_one_that_stands_by_waits_for_its_turn(processes: RecorderProcesses) -> None:
    pid = await prepared(processes)
    processes.prepare()
    taken = await processes.take()
    assert (taken.process.pid, processes.standby_pid) == (pid, None)
    assert await first_line(taken) == b'{"type":"Started"}'


async def test_it_is_known_by_its_name(processes: RecorderProcesses) -> None:
    waiting = psutil.Process(await prepared(processes))
    assert waiting.name() != NAME
    taken = await processes.take()
    await until(lambda: waiting.name() == NAME)
    await end(taken)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_one_that_could_not_work_is_not_taken(
    processes: RecorderProcesses, number: signal.Signals
) -> None:
    pid = await prepared(processes)
    os.kill(pid, number)
    gone = {"T", "Z", "?"}
    await until(lambda: recorder_process.processes.state_of(pid) in gone)
    taken = await processes.take()
    assert taken.process.pid != pid
    assert await first_line(taken) == b'{"type":"Started"}'
    assert not psutil.pid_exists(pid)


async def test_it_goes_with_its_agent(processes: RecorderProcesses) -> None:
    process = psutil.Process(await prepared(processes))
    await processes.stop()
    assert not process.is_running()
