import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from footlight.agent import reel, tape
from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.tape import Tape
from footlight.recording.chain import Manifest, read_manifest
from footlight.recording.format import RecordKind
from footlight.recording.reader import SegmentReader, read_event
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.wire.host import RecordingFacts


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - files tell nobody
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def recording(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts]
) -> AsyncIterator[Tape]:
    """A tape past its first picture; ended, and its chain checked, on leaving."""
    made = Tape(desk, order)
    run = asyncio.get_running_loop().create_task(made.run())
    await until(lambda: reported and reported[-1].status == "recording")
    yield made
    made.end("over")
    await asyncio.wait_for(run, 10)


def manifest_in(desk: Desk, order: BeginRecording) -> Manifest:
    source = FolderSource(desk.spool / order.recording_id)
    assert verify_recording(source, every_record=True).status == "unchanged-unknown-signer"
    data = source.manifest()
    assert data is not None
    return read_manifest(data).manifest


def segment(desk: Desk, order: BeginRecording, number: int) -> list[str]:
    """What is in a sealed segment: kinds of records, events by their type, updates by their size."""
    told = []
    path = desk.spool / order.recording_id / f"{number:06d}.flseg"
    with path.open("rb") as file:
        for record in SegmentReader(file).records():
            if record.kind == RecordKind.EVENT:
                told.append(read_event(record.payload)["type"])
            elif record.kind == RecordKind.UPDATE:
                width = int.from_bytes(record.payload[6:8], "big")
                told.append("full" if width == 16 else "part")
            else:
                told.append(RecordKind(record.kind).name.lower())
    return told


async def test_a_segment_is_a_key_frame_and_what_follows(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    async with recording(desk, order, reported) as running:
        screen.change(1)
        await until(lambda: len(screen.requests) >= 3)
        running.event("notice-shown", {"text": "x"})
    assert segment(desk, order, 0) == [
        "screen",
        "full",
        "recording-started",
        "part",
        "notice-shown",
        "recording-stopped",
        "full",  # the last look
    ]
    assert manifest_in(desk, order).state == "completed"
    assert [f.status for f in reported if f.status != "recording"] == ["starting", "completed"]


async def test_a_change_after_quiet_asks_for_a_key_frame_at_once(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reel, "SEGMENT_QUIET_NS", 50_000_000)
    async with recording(desk, order, reported):
        await until(lambda: reported[-1].sealed_count == 1)
        await until(lambda: screen.requests == [False, True])
        await asyncio.sleep(0.2)
        assert screen.requests == [False, True]  # a still screen is left in peace
        screen.change(1)
        await until(lambda: reported[-1].sealed_count == 2)
        assert screen.requests[:3] == [False, True, False]
    assert segment(desk, order, 1)[:2] == ["screen", "full"]
    assert "part" not in segment(desk, order, 1)
    assert manifest_in(desk, order).gaps == []


async def test_thrown_out_it_records_the_gap(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    async with recording(desk, order, reported):
        screen.throw_out()
        await until(lambda: reported[-1].sealed_count == 1 and reported[-1].segment_count == 2)
    assert screen.connections == 2
    manifest = manifest_in(desk, order)
    (gap,) = manifest.gaps
    assert gap.cause == "disconnected"
    assert gap.from_ns <= gap.to_ns == manifest.segments[1].start_ns
    assert segment(desk, order, 0)[-1] == "recorder-disconnected"
    assert segment(desk, order, 1)[:3] == ["screen", "gap", "full"]


async def test_thrown_out_again_and_again_it_slows_down(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    async with recording(desk, order, reported):
        for _ in range(100):
            screen.throw_out()
            await asyncio.sleep(0.01)
        assert screen.connections < 8


async def test_a_session_that_never_showed_a_picture_is_a_failed_recording(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tape, "GONE_AFTER_S", 0.1)
    await Tape(desk, order).run()
    assert reported[-1].status == "failed"
    assert reported[-1].error == "no picture was recorded"


@pytest.mark.expects_errors
async def test_a_full_disk_fails_the_recording_and_says_so(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with recording(desk, order, reported) as running:

        def full(_: object, __: bytes) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(reel.SegmentFile, "append", full)
        running.event("notice-shown", {})
        await until(lambda: reported[-1].status == "failed")
    assert "No space left" in (reported[-1].error or "")
    manifest = manifest_in(desk, order)
    assert (manifest.state, len(manifest.segments)) == ("failed", 1)
    assert segment(desk, order, 0) == ["screen", "full", "recording-started"]


async def test_a_suspended_recording_goes_on_where_it_was(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    first = Tape(desk, order)
    run = asyncio.get_running_loop().create_task(first.run())
    await until(lambda: reported and reported[-1].status == "recording")
    first.suspend("site-restart")
    await run
    assert reported[-1].status == "starting"
    started = reported[-1].started_at_ms
    async with recording(desk, order, reported):
        assert reported[-1].started_at_ms == started
    manifest = manifest_in(desk, order)
    assert [gap.cause for gap in manifest.gaps] == ["site-restart"]
    assert "recording-resumed" in segment(desk, order, 1)
