from __future__ import annotations

from dataclasses import replace

from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.recording_time import RecordingTime
from footlight.agent.spool import Begun
from footlight.clock import FakeClock

NS = 1_000_000


def _times(desk: Desk, begun: Begun, end_ns: int = 0) -> tuple[RecordingTime, FakeClock]:
    clock = FakeClock(now_ms=10_000_000)
    clock.advance(5_000)
    return RecordingTime(replace(desk, clock=clock), begun, end_ns), clock


def test_before_the_first_key_frame_it_stands_still(desk: Desk, order: BeginRecording) -> None:
    time, clock = _times(desk, Begun(order=order, machine_boot="this boot"))
    clock.advance(700)
    assert (time.zero_ns, time.now_ns(0)) == (None, 0)
    time.zero_ns = clock.monotonic_ns()
    clock.advance(700)
    assert time.now_ns(0) == 700 * NS
    assert time.now_ns(900 * NS) == 900 * NS  # never before the last record


def test_on_the_same_boot_the_monotonic_clock_goes_on(desk: Desk, order: BeginRecording) -> None:
    begun = Begun(
        order=order,
        machine_boot="this boot",
        started_monotonic_ns=1_000 * NS,
        started_wall_ms=1,  # a wall clock that was set since does not matter
    )
    time, clock = _times(desk, begun)
    assert time.now_ns(0) == clock.monotonic_ns() - 1_000 * NS


def test_after_a_reboot_the_wall_clock_tells(desk: Desk, order: BeginRecording) -> None:
    begun = Begun(
        order=order,
        machine_boot="an earlier boot",
        started_monotonic_ns=10**15,
        started_wall_ms=10_000_000 - 60_000,
    )
    time, _ = _times(desk, begun)
    assert time.now_ns(0) == 65_000 * NS


def test_it_never_begins_before_what_is_recorded(desk: Desk, order: BeginRecording) -> None:
    begun = Begun(
        order=order,
        machine_boot="an earlier boot",
        started_monotonic_ns=1,
        started_wall_ms=20_000_000,  # the wall clock was set back
    )
    time, clock = _times(desk, begun, end_ns=90_000 * NS)
    assert time.now_ns(0) == 90_000 * NS
    clock.advance(10)
    assert time.now_ns(0) == 90_010 * NS


def test_a_step_of_the_wall_clock_is_told_once(desk: Desk, order: BeginRecording) -> None:
    time, _ = _times(desk, Begun(order=order, machine_boot="this boot"))
    assert time.step(100 * NS, 5_000 * NS) is None  # nothing to compare with
    assert time.step(200 * NS, 5_100 * NS) is None
    assert time.step(300 * NS, 9_200 * NS) == {"beforeNs": 5_200 * NS, "afterNs": 9_200 * NS}
    assert time.step(400 * NS, 9_300 * NS) is None
