import dataclasses

import msgspec
import pytest

from footlight.agent import reel as reels
from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.reel_opening import open_reel
from footlight.agent.spool import SpoolFolder
from footlight.clock import FakeClock
from footlight.recording.format import Encoding
from footlight.recording.index import Index, stored_index
from footlight.wire.host import RecordingFacts

PICTURE = [(0, 0, 8, 8, int(Encoding.ZRLE), b"\x01abc")]
SECOND_MS = 1000


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def still_desk(desk: Desk, clock: FakeClock) -> Desk:
    return dataclasses.replace(desk, clock=clock)


def index_of(desk: Desk, order: BeginRecording, number: int) -> Index:
    path = desk.spool / order.recording_id / f"{number:06d}.flseg"
    with path.open("rb") as file:
        return stored_index(file)


async def test_recording_time_begins_with_the_first_key_frame(
    still_desk: Desk, order: BeginRecording, clock: FakeClock, reported: list[RecordingFacts]
) -> None:
    reel = await open_reel(still_desk, order)
    clock.advance(5 * SECOND_MS)
    reel.begin_segment(8, 8, PICTURE)
    clock.advance(3 * SECOND_MS)
    assert reel.event("notice-shown", {})
    clock.advance(SECOND_MS)
    await reel.complete("over")
    assert reported[-1].duration_ms == 4 * SECOND_MS
    assert reported[-1].status == "completed"
    index = index_of(still_desk, order, 0)
    assert [(e["type"], e["atNs"]) for e in index.events] == [
        ("recording-started", 0),
        ("notice-shown", 3_000_000_000),
    ]


async def test_after_a_reboot_the_wall_clock_tells_the_time(
    still_desk: Desk, order: BeginRecording, clock: FakeClock
) -> None:
    reel = await open_reel(still_desk, order)
    reel.begin_segment(8, 8, PICTURE)
    clock.advance(2 * SECOND_MS)
    await reel.suspend("reboot")
    later = FakeClock(clock.now_ms() + 60 * SECOND_MS)  # its monotonic time began anew
    rebooted = dataclasses.replace(still_desk, clock=later, machine_boot="next boot")
    reel = await open_reel(rebooted, order)
    assert reel.now_ns == 62_000_000_000
    reel.begin_segment(8, 8, PICTURE)
    await reel.complete("over")
    (gap,) = index_of(still_desk, order, 1).gaps
    assert (gap.from_ns, gap.to_ns, gap.cause) == (2_000_000_000, 62_000_000_000, "reboot")


async def test_a_recording_time_never_falls_when_the_wall_clock_does(
    still_desk: Desk, order: BeginRecording, clock: FakeClock
) -> None:
    reel = await open_reel(still_desk, order)
    reel.begin_segment(8, 8, PICTURE)
    clock.advance(100 * SECOND_MS)
    reel.update(PICTURE)
    await reel.suspend("reboot")
    early = FakeClock(clock.now_ms() - 500 * SECOND_MS)
    reel = await open_reel(dataclasses.replace(still_desk, clock=early, machine_boot="b"), order)
    assert reel.now_ns == 100_000_000_000
    await reel.complete("over")


async def test_a_step_of_the_wall_clock_is_an_event(
    still_desk: Desk, order: BeginRecording, clock: FakeClock
) -> None:
    reel = await open_reel(still_desk, order)
    reel.begin_segment(8, 8, PICTURE)
    reel.seal()
    clock.advance(SECOND_MS)
    before_ms = clock.now_ms()
    clock._now_ms += 7 * SECOND_MS
    reel.begin_segment(8, 8, PICTURE)
    await reel.complete("over")
    (step,) = index_of(still_desk, order, 1).events
    assert step["type"] == "clock-step"
    assert (step["beforeNs"], step["afterNs"]) == (
        before_ms * 1_000_000,
        (before_ms + 7 * SECOND_MS) * 1_000_000,
    )


async def test_a_step_is_seen_while_nothing_else_happens(
    still_desk: Desk, order: BeginRecording, clock: FakeClock
) -> None:
    reel = await open_reel(still_desk, order)
    reel.begin_segment(8, 8, PICTURE)
    for _ in range(3):
        clock.advance(SECOND_MS)
        assert reel.look_at_clock()
    clock._now_ms -= 90 * SECOND_MS
    assert reel.look_at_clock()
    assert reel.look_at_clock()
    reel.seal()
    clock._now_ms += 90 * SECOND_MS
    assert not reel.look_at_clock()  # it waits for a key frame
    reel.begin_segment(8, 8, PICTURE)
    await reel.complete("over")
    steps = [
        event["afterNs"] - event["beforeNs"]
        for number in (0, 1)
        for event in index_of(still_desk, order, number).events
        if event["type"] == "clock-step"
    ]
    assert steps == [-90_000_000_000, 90_000_000_000]


async def test_events_without_a_picture_wait_in_a_bounded_list(
    desk: Desk, order: BeginRecording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reels, "MAX_PENDING_EVENTS", 3)
    reel = await open_reel(desk, order)
    for number in range(9):
        assert not reel.event("viewer-attached", {"number": number})
    reel.begin_segment(8, 8, PICTURE)
    await reel.complete("over")
    types = [event["type"] for event in index_of(desk, order, 0).events]
    assert types == ["recording-started", "viewer-attached", "viewer-attached"]


async def test_a_slow_disk_makes_the_screen_wait(
    desk: Desk, order: BeginRecording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reels, "MAX_BACKLOG_BYTES", 1)
    reel = await open_reel(desk, order)
    drained: list[bool] = []
    reel.on_disk_ready = lambda: drained.append(reel.clogged)
    reel.begin_segment(8, 8, PICTURE)
    assert reel.clogged
    await reel.complete("over")
    assert drained == [False]
    assert not reel.clogged


async def test_what_was_begun_is_kept_for_the_next_recorder(
    still_desk: Desk, order: BeginRecording, clock: FakeClock
) -> None:
    folder = SpoolFolder(still_desk.spool / order.recording_id)
    reel = await open_reel(still_desk, order)
    begun = folder.read_begun()
    assert begun is not None
    assert begun.order == order
    assert begun.started_wall_ms is None
    reel.begin_segment(8, 8, PICTURE)
    await reel.suspend("why")
    begun = folder.read_begun()
    assert begun is not None
    assert begun.started_wall_ms == clock.now_ms()
    assert begun.suspended is not None
    assert msgspec.structs.asdict(begun.suspended) == {"cause": "why", "at_ns": 0}
    reel = await open_reel(still_desk, order)
    reel.begin_segment(8, 8, PICTURE)
    await reel.complete("over")
    begun = folder.read_begun()
    assert begun is not None
    assert begun.suspended is None
