import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest

from footlight.agent import reel, reel_disk, reel_timers, rounds, tape, x_pulse
from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.tape import Tape
from footlight.playback.render import Renderer
from footlight.recording.chain import Manifest, read_manifest
from footlight.recording.format import RecordKind
from footlight.recording.reader import SegmentReader, read_event, rectangles
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.wire.host import RecordingFacts


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(30):
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
                drawn = list(rectangles(record.payload))
                full = any(r.width == 16 for r in drawn)
                told.append("full" if full else "part" if drawn else "same")
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
    *told, last_look = segment(desk, order, 0)
    assert told == [
        "screen",
        "full",
        "recording-started",
        "part",
        "notice-shown",
        "recording-stopped",
    ]
    assert last_look in ("full", "part", "same")  # as it came, or drawn anew
    assert manifest_in(desk, order).state == "completed"
    assert [f.status for f in reported if f.status != "recording"] == ["starting", "completed"]


async def test_a_change_after_quiet_asks_for_a_key_frame_at_once(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reel_timers, "SEGMENT_QUIET_NS", 50_000_000)
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


async def test_what_waits_for_a_picture_that_never_comes_is_told_all_the_same(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reel_timers, "SEGMENT_QUIET_NS", 50_000_000)
    monkeypatch.setattr(tape, "GONE_AFTER_S", 0.1)
    made = Tape(desk, order)
    run = asyncio.get_running_loop().create_task(made.run())
    await until(lambda: reported and reported[-1].sealed_count == 1)
    await screen.stop()
    made.event("session-ended", {"reason": "the X server died"})
    await asyncio.wait_for(run, 10)
    assert reported[-1].status == "completed"
    assert segment(desk, order, 1) == ["session-ended", "recording-stopped"]
    manifest = manifest_in(desk, order)
    picture = Renderer(FolderSource(desk.spool / order.recording_id)).picture(
        manifest.segments[1].end_ns
    )
    assert picture is not None
    assert picture.pixels.width == 16


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


@pytest.mark.expects_errors
async def test_thrown_out_again_and_again_it_slows_down(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    async with recording(desk, order, reported):
        for _ in range(100):
            screen.throw_out()
            await asyncio.sleep(0.01)
        assert screen.connections < 60


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
async def test_a_broken_disk_fails_the_recording_and_says_so(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with recording(desk, order, reported) as running:

        def broken(_: object, __: bytes) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(reel_disk.SegmentFile, "append", broken)
        running.event("notice-shown", {})
        await until(lambda: reported[-1].status == "failed")
    assert "Input/output error" in (reported[-1].error or "")
    manifest = manifest_in(desk, order)
    assert (manifest.state, len(manifest.segments)) == ("failed", 1)
    assert segment(desk, order, 0) == ["screen", "full", "recording-started"]


@pytest.mark.expects_errors
async def test_a_full_disk_is_waited_for_and_the_recording_goes_on(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tape, "ROOM_LOOK_S", 0.01)
    append = reel_disk.SegmentFile.append
    full = False

    def into(file: reel_disk.SegmentFile, data: bytes) -> None:
        if full:
            append(file, data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        append(file, data)

    monkeypatch.setattr(reel_disk.SegmentFile, "append", into)
    async with recording(desk, order, reported) as running:
        full = True
        running.event("notice-shown", {})
        await until(lambda: reported[-1].status == "starting")
        assert reported[-1].error == "the disk is full"
        screen.change(1)
        full = False
        desk.room.full = ""
        await until(lambda: reported[-1].status == "recording")
        assert reported[-1].error is None
    manifest = manifest_in(desk, order)
    assert (manifest.state, [gap.cause for gap in manifest.gaps]) == ("completed", ["spool-full"])
    assert segment(desk, order, 0) == ["screen", "full", "recording-started"]
    assert segment(desk, order, 1)[:3] == ["screen", "gap", "full"]


@pytest.mark.expects_errors
async def test_a_recording_ends_while_the_disk_is_full(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_: object, __: bytes) -> None:
        raise OSError(28, "No space left on device")

    async with recording(desk, order, reported) as running:
        with monkeypatch.context() as patched:
            patched.setattr(reel_disk.SegmentFile, "append", full)
            running.event("notice-shown", {})
            await until(lambda: reported[-1].error)
    assert (reported[-1].status, manifest_in(desk, order).state) == ("completed", "completed")


@pytest.mark.expects_errors
async def test_in_a_full_spool_the_recording_pauses_and_goes_on_with_a_key_frame(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    async with recording(desk, order, reported) as running:
        desk.room.full = "the spool is full: 1 MiB"
        screen.change(1)
        await until(lambda: reported[-1].status == "starting")
        assert reported[-1].error == "the spool is full: 1 MiB"
        asked = len(screen.requests)
        running.event("viewer-attached", {})
        screen.change(2)
        await asyncio.sleep(0.05)
        assert len(screen.requests) == asked
        desk.room.full = ""
        running.look_at_room()
        await until(lambda: reported[-1].status == "recording")
        assert (reported[-1].error, screen.requests[-1]) == (None, False) or len(
            screen.requests
        ) > asked
    manifest = manifest_in(desk, order)
    assert (manifest.state, [gap.cause for gap in manifest.gaps]) == ("completed", ["spool-full"])
    assert segment(desk, order, 1)[:4] == ["screen", "gap", "full", "viewer-attached"]


@pytest.mark.expects_errors
async def test_a_recording_that_begins_in_a_full_spool_waits(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    desk.room.full = "the spool is full: 1 MiB"
    made = Tape(desk, order)
    run = asyncio.get_running_loop().create_task(made.run())
    await until(lambda: reported and reported[-1].error)
    assert reported[-1].status == "starting"
    await asyncio.sleep(0.05)
    desk.room.full = ""
    made.look_at_room()
    await until(lambda: reported[-1].status == "recording")
    made.end("over")
    await asyncio.wait_for(run, 10)
    assert manifest_in(desk, order).gaps == []


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


async def test_a_recording_of_events_has_no_picture_and_asks_for_none(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reel_timers, "SEGMENT_QUIET_NS", 1_000_000_000)  # enough for both events
    order = msgspec.structs.replace(order, content="events")
    async with recording(desk, order, reported) as running:
        running.event("viewer-attached", {"userName": "ada"})
        await until(lambda: reported[-1].sealed_count == 1)
        running.event("viewer-left", {"userName": "ada"})
    assert screen.connections == 0
    assert segment(desk, order, 0) == ["recording-started", "viewer-attached"]
    assert segment(desk, order, 1) == ["viewer-left", "recording-stopped"]
    manifest = manifest_in(desk, order)
    assert (manifest.state, [one.width for one in manifest.segments]) == ("completed", [0, 0])
    assert Renderer(FolderSource(desk.spool / order.recording_id)).picture(0) is None


async def test_a_torn_recording_of_events_is_made_whole(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts]
) -> None:
    order = msgspec.structs.replace(order, content="events")
    made = Tape(desk, order)
    run = asyncio.get_running_loop().create_task(made.run())
    await until(lambda: reported and reported[-1].status == "recording")
    run.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await run
    reported.clear()
    async with recording(desk, order, reported):
        pass
    assert segment(desk, order, 0) == ["recording-started"]
    assert segment(desk, order, 1)[:2] == ["gap", "recording-resumed"]
    assert manifest_in(desk, order).state == "completed"


async def test_an_x_server_that_does_not_answer_is_a_gap_until_it_does(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "LOOK_S", 0.02)
    monkeypatch.setattr(x_pulse, "QUIET_S", 0.05)
    monkeypatch.setattr(x_pulse, "ASLEEP_S", 0.05)
    monkeypatch.setattr(x_pulse, "ANSWERS_S", 0.05)
    monkeypatch.setattr(x_pulse, "AT_WORK", "")
    async with recording(desk, order, reported):
        await until(lambda: len(screen.pixels) > 2)
        assert reported[-1].gap is None
        screen.frozen = True
        await until(lambda: reported[-1].gap == "x-frozen")
        assert reported[-1].gap_since_ms is not None
        screen.frozen = False
        await until(lambda: reported[-1].gap is None)
    manifest = manifest_in(desk, order)
    assert [gap.cause for gap in manifest.gaps] == ["x-frozen"]
    assert segment(desk, order, 1)[:4] == ["screen", "gap", "full", "x-frozen"]
    told = segment(desk, order, 0)
    assert len(told) < 6, told  # the pixel that was asked for is not recorded again and again


@pytest.mark.expects_errors
async def test_who_interrupts_it_again_and_again_tampers(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tape, "TAMPERING_LASTS_S", 0.2)
    async with recording(desk, order, reported):
        for times in range(3):
            assert reported[-1].tampered == 0
            screen.throw_out()
            await until(lambda times=times: reported[-1].segment_count >= times + 2)
        await until(lambda: reported[-1].tampered == 1)
        assert reported[-1].last_gap == "disconnected"
        await until(lambda: any(facts.gap == "tampering" for facts in reported))
        await until(lambda: reported[-1].gap is None)
    assert [gap.cause for gap in manifest_in(desk, order).gaps] == ["disconnected"] * 3
    assert segment(desk, order, 2)[-2:] == ["recorder-disconnected", "tampering"]


async def test_a_stalled_disk_holds_up_requests_and_bounds_what_is_kept(
    desk: Desk,
    order: BeginRecording,
    reported: list[RecordingFacts],
    screen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bound = 400
    monkeypatch.setattr(reel, "MAX_BACKLOG_BYTES", bound)
    monkeypatch.setattr(reel_disk, "FLUSH_AT_BYTES", 1)
    monkeypatch.setattr("footlight.agent.pace.UPDATE_INTERVAL_S", 0.001)
    stalled, append = threading.Event(), reel_disk.SegmentFile.append

    def wait(file: Any, data: bytes) -> None:
        stalled.wait(20)
        append(file, data)

    async with recording(desk, order, reported) as running:
        monkeypatch.setattr(reel_disk.SegmentFile, "append", wait)
        kept = running._reel
        assert kept is not None
        for colour in range(1, 5000):
            screen.change(colour)  # never waits for the recorder
            await asyncio.sleep(0.001)
            if kept.clogged:
                break
        assert kept.clogged
        asked, kept_bytes = len(screen.requests), kept._disk.backlog_bytes
        for colour in range(50):
            screen.change(colour)
            await asyncio.sleep(0.001)
        assert len(screen.requests) <= asked + 1
        assert kept._disk.backlog_bytes <= kept_bytes + bound  # one update above the bound
        stalled.set()
        await until(lambda: len(screen.requests) > asked + 1 or not kept.clogged)
        assert kept.late_frames >= 1
    assert manifest_in(desk, order).gaps == []


async def test_over_its_budget_the_screen_is_seen_less_often(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    order = msgspec.structs.replace(order, bytes_per_s=10_000)
    async with recording(desk, order, reported) as running:
        running._pace.spent(asyncio.get_running_loop().time(), 0, 1_000_000)  # a video before
        screen.change(1)
        await until(lambda: len(screen.requests) >= 2)
        asked = len(screen.requests)
        screen.change(2)
        await asyncio.sleep(0.4)
        assert len(screen.requests) <= asked + 1
    # The end does not wait for the budget: what is on the screen is looked at once more.
    assert segment(desk, order, 0)[-1] in ("part", "same", "full")
    assert manifest_in(desk, order).state == "completed"


async def test_of_many_resizes_in_a_row_not_each_is_a_key_frame(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts], screen: Any
) -> None:
    async with recording(desk, order, reported) as running:
        loop = asyncio.get_running_loop()
        asked, began = len(screen.requests), loop.time()
        for _ in range(60):
            running.on_resize()
            await asyncio.sleep(0.001)
        assert len(screen.requests) <= asked + 3 + 10 * (loop.time() - began)
        await until(lambda: reported[-1].segment_count >= 2)
    assert manifest_in(desk, order).state == "completed"
