"""A session that must be recorded and is not: covered or ended, whatever has become of recorder, disk or X server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent.cover import HEIGHT, WIDTH
from footlight.agent.spool_room import SpoolBounds
from footlight.clock import SystemClock
from footlight.playback.render import Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.rfb.client import Client, Ready
from footlight.wire.host import RecordingOrder

BOUND_S = 2.0  # of use unrecorded


def must(if_lost: Any = "cover", **more: Any) -> RecordingOrder:
    return RecordingOrder(
        recording_id=str(uuid.uuid4()),
        notify=False,
        reason="policy",
        ordered_by="TEST\\root",
        if_lost=if_lost,
        **more,
    )


async def recorded(stage: Any, order: RecordingOrder, user: str = "ada") -> str:
    session: str = await stage.launch(["xterm"], user=user)
    await stage.change(session, recording=order)
    await stage.until(
        session, lambda f: f.recording and f.recording.status == "recording" and not f.covered
    )
    return session


async def shown(stage: Any, session: str) -> tuple[int, int] | None:
    """The size of the screen that a viewer gets who comes now; None when its stream is broken off before."""
    stream = await stage.view(session)
    client = Client()
    try:
        async with asyncio.timeout(20):
            while data := await stream.read(65_536):
                for event in client.receive(data):
                    if isinstance(event, Ready):
                        return event.width, event.height
                with contextlib.suppress(ConnectionError):
                    await stream.write(client.take_outgoing())
        return None
    finally:
        await stream.close()


def is_cover(size: tuple[int, int] | None) -> bool:
    return size == (WIDTH, HEIGHT)


async def broken_off(stream: Any) -> float:
    """When (loop's time) a viewer's stream was broken off so that it comes back."""
    async with asyncio.timeout(20):
        while await stream.read(65_536):
            pass
    assert stream.broken
    return asyncio.get_running_loop().time()


@pytest.mark.expects_errors
async def test_a_recorder_that_is_killed_or_stopped_covers_and_comes_back(stage: Any) -> None:
    loop = asyncio.get_running_loop()
    order = must()
    session = await recorded(stage, order)
    for number in (signal.SIGKILL, signal.SIGSTOP):
        viewer = await stage.view(session)
        await viewer.read(100)
        pid = stage.agent.recorders.pid
        # A second recorder that never comes up: what is lost stays lost until it is let go of.
        held = stage.data_dir / "spool" / ".lock"
        began = loop.time()
        with holding(held):
            os.kill(pid, number)
            await stage.until(session, lambda f: f.covered)
            assert await broken_off(viewer) - began < BOUND_S
            assert is_cover(await shown(stage, session))
            assert stage.sessions[session].recording.gap == "recorder-lost"
        await stage.until(session, lambda f: not f.covered)
        assert not is_cover(await shown(stage, session))
    await stage.log_off(session)
    source = FolderSource(stage.data_dir / "recordings" / order.recording_id)
    await stage.eventually(lambda: source.manifest() is not None)
    timeline = read_timeline(source)
    told = [(e["type"], e.get("cause")) for e in timeline.events if "covered" in e["type"]]
    assert told[-2:] == [("session-covered", told[-1][1]), ("session-uncovered", told[-1][1])]
    assert told[-1][1] in ("recorder-lost", "recorder-silent")


@contextlib.contextmanager
def holding(lock: Path) -> Iterator[None]:
    """The spool's lock is another's as soon as the recorder that has it is gone."""
    program = "import fcntl,sys; f=open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); input()"
    with subprocess.Popen(["python3", "-c", program, str(lock)], stdin=subprocess.PIPE) as other:
        try:
            until = time.monotonic() + 60
            while f"-> FLOCK  ADVISORY  WRITE {other.pid} " not in Path("/proc/locks").read_text():
                assert time.monotonic() < until
                time.sleep(0.01)  # else the recorder that stands by may be there first
            yield
        finally:
            assert other.stdin is not None
            other.stdin.close()
            other.kill()


@pytest.mark.expects_errors
async def test_a_session_that_may_not_go_on_ends_with_the_reason(stage: Any) -> None:
    session = await recorded(stage, must("end"))
    with holding(stage.data_dir / "spool" / ".lock"):
        os.kill(stage.agent.recorders.pid, signal.SIGKILL)
        await stage.until(session, lambda f: f.covered)
        facts = await stage.until(session, lambda f: f.phase == "ended")
    assert facts.end_reason == "not recorded: recorder-lost"


@pytest.mark.expects_errors
async def test_a_frozen_x_server_is_a_gap_with_its_cause(stage: Any) -> None:
    order = must()
    session = await recorded(stage, order)
    pid = next(
        pid for pid in stage.pids(session) if Path(f"/proc/{pid}/comm").read_text() == "Xvnc\n"
    )
    loop = asyncio.get_running_loop()
    began = loop.time()
    os.kill(pid, signal.SIGSTOP)
    try:
        facts = await stage.until(session, lambda f: f.recording.gap == "x-frozen")
        noticed_s = loop.time() - began
        await stage.until(session, lambda f: f.covered)
        assert is_cover(await shown(stage, session))
    finally:
        os.kill(pid, signal.SIGCONT)
    assert noticed_s < BOUND_S
    assert facts.recording.last_gap == "x-frozen"
    await stage.until(session, lambda f: not f.covered and f.recording.gap is None)
    await stage.log_off(session)


def run(argv: list[str]) -> None:
    subprocess.run(argv, check=True, timeout=10)


@pytest.fixture
async def small_spool(stage: Any) -> AsyncIterator[Path]:
    """The spool on a disk of 24 MiB of its own."""
    spool = stage.data_dir / "spool"
    await stage.agent.stop(keep_sessions=False)
    mounted = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(spool)]
    run(mounted)
    stage.bounds = SpoolBounds(free_bytes=0)
    await stage.start_agent()
    yield spool
    await stage.cut_short()
    await stage.agent.stop(keep_sessions=False)
    run(["umount", "-l", str(spool)])


@pytest.mark.expects_errors
async def test_a_disk_that_is_full_or_takes_nothing_covers(stage: Any, small_spool: Path) -> None:
    session = await recorded(stage, must())
    hog = small_spool / "hog"
    with contextlib.suppress(OSError), hog.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(64 * 1024))
    stage.x(session, "xsetroot", "-solid", "red")
    await stage.until(session, lambda f: f.covered)
    for _ in range(5):  # who comes and goes meanwhile sees nothing else
        assert is_cover(await shown(stage, session))
    assert stage.sessions[session].recording.gap == "spool-full"
    hog.unlink()
    await stage.until(session, lambda f: not f.covered)

    run(["mount", "--bind", str(small_spool), str(small_spool)])
    run(["mount", "-o", "remount,bind,ro", str(small_spool)])
    os.kill(stage.agent.recorders.pid, signal.SIGKILL)
    await stage.until(session, lambda f: f.covered)
    assert is_cover(await shown(stage, session))
    run(["umount", "-l", str(small_spool)])
    await stage.until(session, lambda f: not f.covered)
    assert not is_cover(await shown(stage, session))


@pytest.mark.expects_errors
async def test_nobody_sees_a_session_before_its_first_picture_nor_after_a_new_agent(
    stage: Any,
) -> None:
    """Launched with the order, and adopted with it."""
    session = await stage.launch(["xterm"])
    with holding(stage.data_dir / "spool" / ".lock"):
        os.kill(stage.agent.recorders.pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        await stage.change(session, recording=must())
        await stage.until(session, lambda f: f.covered)
        assert is_cover(await shown(stage, session))
    await stage.until(session, lambda f: not f.covered)
    await stage.agent.stop(keep_sessions=True)
    await stage.start_agent()
    await stage.until(session, lambda f: f.recording and f.recording.status == "recording")
    assert not is_cover(await shown(stage, session))


@pytest.mark.expects_errors
async def test_who_throws_the_recorder_out_again_and_again_is_covered(stage: Any) -> None:
    """The user's own programs do it, for as long as they like."""
    order = must()
    session = await recorded(stage, order)
    loop = "for n in $(seq 40); do vncconfig -disconnect; sleep 0.2; done; sleep 1000"
    await stage.agent.host.session(session)._keeper.link.run(["sh", "-c", loop])
    facts = await stage.until(session, lambda f: f.covered)
    assert facts.recording.tampered == 1
    assert facts.recording.last_gap == "disconnected"
    assert is_cover(await shown(stage, session))
    await stage.until(session, lambda f: not f.covered)
    await stage.log_off(session)
    source = FolderSource(stage.data_dir / "recordings" / order.recording_id)
    await stage.eventually(lambda: source.manifest() is not None)
    timeline = read_timeline(source)
    gaps = [(gap.to_ns - gap.from_ns) / 1e6 for gap in timeline.gaps]
    print(
        f"{len(gaps)} gaps, longest {max(gaps):.0f} ms, middle {sorted(gaps)[len(gaps) // 2]:.0f} ms"
    )
    assert len(gaps) > 10
    assert {gap.cause for gap in timeline.gaps} == {"disconnected"}
    told = [(e["type"], e.get("how") or e.get("cause")) for e in timeline.events]
    assert ("tampering", "disconnected") in told
    assert ("session-covered", "tampering") in told


async def test_a_recording_hands_over_without_a_moment_unrecorded(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    first, second = (must("go-on") for _ in range(2))
    await stage.change(session, recording=first)
    await stage.until(session, lambda f: f.recording and f.recording.status == "recording")
    await stage.change(session, recording=second)
    after = await stage.until(session, lambda f: f.recording.recording_id == second.recording_id)
    assert after.recording.status == "recording"  # it is told of only when it records
    ended = await stage.until_recording(first.recording_id, lambda f: f.status == "completed")
    assert after.recording.started_at_ms <= ended.ended_at_ms
    await stage.log_off(session)
    ended = await stage.until_recording(second.recording_id, lambda f: f.status == "completed")
    assert ended.gaps == 0


async def test_the_seconds_before_a_recording_are_in_front_of_it(stage: Any) -> None:
    session = await stage.launch(["sleep", "1000"])  # no window before the root's
    await stage.change(session, pre_roll_s=60)
    await stage.until(session, lambda f: f.generation == 2)
    for colour in ("red", "green", "blue"):
        stage.x(session, "xsetroot", "-solid", colour)
        await asyncio.sleep(0.5)
    spool = stage.data_dir / "spool"
    assert [path.name for path in spool.iterdir()] == [".lock"]
    ordered_ms = SystemClock().now_ms()
    order = must("go-on", pre_roll_s=60)
    await stage.change(session, recording=order)
    facts = await stage.until(session, lambda f: f.recording and f.recording.status == "recording")
    assert facts.recording.started_at_ms < ordered_ms - 1000
    await stage.log_off(session)
    source = FolderSource(stage.data_dir / "recordings" / order.recording_id)
    await stage.eventually(lambda: source.manifest() is not None)
    assert verify_recording(source, every_record=True).status == "unchanged-unknown-signer"
    timeline = read_timeline(source)
    started = next(e for e in timeline.events if e["type"] == "recording-started")
    assert started["preRollMs"] > 1000
    renderer, seen = Renderer(source), set()
    for at_ms in range(0, started["preRollMs"], 50):
        picture = renderer.picture(at_ms * 1_000_000)
        assert picture is not None
        seen.add(hex(int(picture.pixels.pixels[5, -5])))
    assert {"0xff0000", "0xff00", "0xff"} <= seen, seen
