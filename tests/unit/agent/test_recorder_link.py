import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.agent import recorder_link
from footlight.agent.recorder import NAME
from footlight.agent.recorder_link import BeginRecording, Recorders
from footlight.agent.recorder_process import RecorderConfig
from footlight.errors import Unavailable
from footlight.recording import chain
from footlight.wire.host import RecordingFacts


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - processes tell nobody
            await asyncio.sleep(0.01)


@pytest.fixture
def config(tmp_path: Path) -> RecorderConfig:
    (tmp_path / "key.pem").write_bytes(chain.private_pem(Ed25519PrivateKey.generate()))
    return RecorderConfig(tmp_path / "spool", tmp_path / "key.pem", tmp_path / "certificate")


@pytest.fixture
async def recorders(
    config: RecorderConfig, reported: list[RecordingFacts]
) -> AsyncIterator[Recorders]:
    link = Recorders(config, reported.append)
    await link.start()
    yield link
    await link.stop()


async def test_the_process_can_be_told_and_goes_with_the_link(config: RecorderConfig) -> None:
    link = Recorders(config, lambda _: None)
    await link.start()
    process = psutil.Process(link.pid)
    assert "footlight.agent.recorder" in process.cmdline()
    await link.stop()
    assert not process.is_running()


async def test_begun_once_and_ended_it_can_be_forgotten(
    recorders: Recorders,
    reported: list[RecordingFacts],
    order: BeginRecording,
    screen: Any,
    config: RecorderConfig,
) -> None:
    await asyncio.gather(*(recorders.begin(order) for _ in range(20)))
    assert [f.status for f in recorders.facts()] == ["starting"]
    await until(lambda: recorders.facts()[0].status == "recording")
    assert screen.connections == 1
    await recorders.event(order.recording_id, "notice-shown", {"text": "x"})
    await recorders.end(order.recording_id, "over")
    (facts,) = recorders.facts()
    assert facts.status == "completed"
    assert facts.notified
    assert reported[-1] == facts
    recorders.forget(order.recording_id)
    assert recorders.facts() == []
    reported_mark = config.spool / order.recording_id / "reported"
    await until(reported_mark.exists)


@pytest.mark.expects_errors
async def test_a_dead_recorder_is_told_at_once_and_comes_back(
    recorders: Recorders, reported: list[RecordingFacts], order: BeginRecording, screen: Any
) -> None:
    await recorders.begin(order)
    await until(lambda: recorders.facts()[0].status == "recording")
    old = recorders.pid
    assert old is not None
    os.kill(old, signal.SIGKILL)
    await until(lambda: recorders.facts()[0].status == "starting")
    await until(lambda: recorders.facts()[0].status == "recording")
    assert recorders.pid != old
    assert recorders.facts()[0].error is None
    statuses = [f.status for f in reported]
    assert statuses.index("starting", statuses.index("recording")) < len(statuses) - 1


def standby() -> psutil.Process | None:
    """The recorder process that waits for its turn."""
    for one in psutil.Process().children():
        if "--stand-by" in one.cmdline() and one.name() != NAME:
            return one
    return None


@pytest.mark.expects_errors
async def test_who_stands_by_takes_the_place_of_the_dead(
    recorders: Recorders, order: BeginRecording, screen: Any, config: RecorderConfig
) -> None:
    assert standby() is None  # nothing is recorded yet
    await recorders.begin(order)
    await until(lambda: recorders.facts()[0].status == "recording")
    await until(standby)
    (waiting, old) = (standby(), recorders.pid)
    assert waiting is not None
    assert old is not None
    os.kill(old, signal.SIGKILL)
    await until(lambda: recorders.pid == waiting.pid and recorders.facts()[0].status == "recording")
    await until(standby)  # and another one for the next time
    await recorders.end(order.recording_id, "over")
    data = (config.spool / order.recording_id / "manifest.json").read_bytes()
    assert [gap.cause for gap in chain.read_manifest(data).manifest.gaps] == ["recorder-lost"]


@pytest.mark.expects_errors
async def test_what_the_dead_was_asked_the_next_one_does(
    recorders: Recorders, order: BeginRecording, screen: Any
) -> None:
    await recorders.begin(order)
    await until(lambda: recorders.facts()[0].status == "recording")
    pid = recorders.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    ending = asyncio.ensure_future(recorders.end(order.recording_id, "over"))
    await asyncio.sleep(0.1)
    assert not ending.done()
    os.kill(pid, signal.SIGKILL)
    await ending
    assert recorders.facts()[0].status == "completed"


async def test_a_recorder_that_stays_silent_is_unavailable(
    recorders: Recorders,
    order: BeginRecording,
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recorder_link, "REQUEST_TIMEOUT_S", 0.1)
    await recorders.begin(order)
    pid = recorders.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(Unavailable):
        await recorders.end(order.recording_id, "over")
    os.kill(pid, signal.SIGCONT)


@pytest.mark.expects_errors
async def test_a_polite_kill_of_the_recorder_leaves_nothing_open(
    recorders: Recorders, order: BeginRecording, screen: Any, config: RecorderConfig
) -> None:
    await recorders.begin(order)
    await until(lambda: recorders.facts()[0].status == "recording")
    old = recorders.pid
    assert old is not None
    os.kill(old, signal.SIGTERM)
    await until(lambda: recorders.pid != old and recorders.facts()[0].status == "recording")
    await recorders.end(order.recording_id, "over")
    data = (config.spool / order.recording_id / "manifest.json").read_bytes()
    assert [gap.cause for gap in chain.read_manifest(data).manifest.gaps] == ["recorder-restart"]


async def test_events_of_what_does_not_run_go_nowhere(
    recorders: Recorders, order: BeginRecording
) -> None:
    await recorders.event(order.recording_id, "notice-shown", {})
    await recorders.end(order.recording_id, "over")
    assert recorders.facts() == []
