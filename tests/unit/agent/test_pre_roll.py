from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Any

import msgspec
import pytest

from footlight.agent import pre_roll
from footlight.agent.desk import Desk
from footlight.agent.pre_roll import Kept, Memory, PreRoll, cut
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.tape import Tape
from footlight.clock import FakeClock, SystemClock
from footlight.playback.render import Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording.chain import read_manifest
from footlight.recording.reader import SegmentReader, rectangles
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.wire.host import RecordingFacts

S = 1_000_000_000


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def keeping(
    order: BeginRecording, clock: Any, seconds: int = 60, memory: Memory | None = None
) -> AsyncIterator[PreRoll]:
    made = PreRoll(clock, memory or Memory(), order.rfb_path, seconds)
    run = asyncio.get_running_loop().create_task(made.run())
    yield made
    made.stop()
    await asyncio.wait_for(run, 10)


async def test_nothing_is_on_the_disk_before_and_all_of_it_in_front_after(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    order = msgspec.structs.replace(order, pre_roll_s=60)
    async with keeping(order, SystemClock()) as kept:
        await until(lambda: screen.requests == [False, True])
        kept.event("viewer-attached", {"userName": "ada"})
        screen.change(0xFF)
        await until(lambda: len(screen.requests) == 3)
        assert list(desk.spool.iterdir()) == []
        tape = Tape(desk, order, kept)
        run = asyncio.get_running_loop().create_task(tape.run())
        await until(lambda: reported and reported[-1].status == "recording")
        began_ms = reported[-1].started_at_ms
        tape.end("over")
        await asyncio.wait_for(run, 10)
    source = FolderSource(desk.spool / order.recording_id)
    assert verify_recording(source, every_record=True).status == "unchanged-unknown-signer"
    data = source.manifest()
    assert data is not None
    manifest = read_manifest(data).manifest
    assert (manifest.state, len(manifest.segments), manifest.gaps) == ("completed", 2, [])
    assert reported[-1].started_at_ms == began_ms
    events = events_of(source)
    assert [event["type"] for event in events] == [
        *("viewer-attached", "recording-started", "recording-stopped"),
    ]
    order_came_ms = events[1]["preRollMs"]
    assert 0 < order_came_ms <= events[1]["atNs"] // 1_000_000
    renderer = Renderer(source)
    first, last = renderer.picture(0), renderer.picture(manifest.duration_ms * 1_000_000)
    assert first is not None
    assert last is not None
    assert (first.pixels.pixels[0, 0], last.pixels.pixels[0, 0]) == (0, 0xFF)


def events_of(source: FolderSource) -> list[dict[str, Any]]:
    return [{**event} for event in read_timeline(source).events]


async def test_it_is_cut_to_the_seconds_that_are_asked_for(
    order: BeginRecording, screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FakeClock()
    async with keeping(order, clock) as kept:
        await until(lambda: screen.requests == [False, True])
        for second in range(1, 11):
            clock.advance(1000)
            screen.change(second)
            await until(lambda second=second: len(screen.requests) == 2 + second)
        taken = await kept.take(4)
    now_ns = clock.monotonic_ns()
    (only,) = taken
    assert only.begun_ns == now_ns - 4 * S
    assert pictures(only) == {0: 6, 1: 7, 2: 8, 3: 9, 4: 10}


def pictures(kept: Kept) -> dict[int, int]:
    """The colour at the left top by seconds since its beginning."""
    seen = {}
    for second in range(10):
        try:
            later = cut(kept, kept.begun_ns + second * S)
        except StopIteration:
            break
        if later.begun_ns > kept.end_ns:
            break
        seen[second] = colour_of(later)
    return seen


def colour_of(kept: Kept) -> int:
    records = list(SegmentReader(BytesIO(kept.open_file(0, pre_roll.Place(0)))).records())
    (whole, *_) = rectangles(records[1].payload)
    return whole.body[0]


async def test_what_is_older_goes_at_the_next_key_frame(
    order: BeginRecording, screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, memory = FakeClock(), Memory()
    async with keeping(order, clock, 30, memory) as kept:
        await until(lambda: screen.requests == [False, True])
        for step in range(1, 9):
            clock.advance(15_000)
            before = len(screen.requests)
            screen.change(step)
            await until(lambda before=before: len(screen.requests) > before)
        await until(lambda: memory.used_bytes > 0)
        taken = await kept.take(30)
        assert taken[0].begun_ns == clock.monotonic_ns() - 30 * S
        assert len(taken) <= 3
    assert memory.used_bytes == 0


async def test_what_has_no_room_is_dropped(
    order: BeginRecording, screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pre_roll, "MAX_BYTES", 1)
    async with keeping(order, SystemClock()) as kept:
        await until(lambda: len(screen.requests) > 3)
        assert await kept.take(60) == []


async def test_thrown_out_it_begins_anew(order: BeginRecording, screen: Any) -> None:
    clock = FakeClock()
    async with keeping(order, clock) as kept:
        await until(lambda: screen.requests == [False, True])
        clock.advance(5000)
        screen.throw_out()
        await until(lambda: screen.connections == 2 and screen.requests[2:] == [False, True])
        taken = await kept.take(60)
        assert [one.begun_ns for one in taken] == [clock.monotonic_ns()]


async def test_it_ends_with_the_session(order: BeginRecording) -> None:
    async with keeping(order, SystemClock()) as kept:
        await until(lambda: kept.over)
