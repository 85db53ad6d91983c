import pytest

from footlight.agent.pace import (
    BURST_S,
    DEFAULT_BYTES_PER_S,
    LONGEST_MOTION_WAIT_S,
    LONGEST_WAIT_S,
    MOTION_BURST_BYTES,
    MOTION_BYTES_PER_S,
    PEAK_BYTES_PER_S,
    UPDATE_INTERVAL_S,
    Pace,
)


def play(pace: Pace, seconds: float, taken: int, stored: int) -> tuple[int, int]:
    """(updates, stored bytes) of a screen that always has that much to show."""
    now_s, updates = 0.0, 0
    while now_s < seconds:
        now_s = pace.spent(now_s, taken, stored)
        updates += 1
    return updates, updates * stored


def test_small_changes_come_ten_times_a_second() -> None:
    updates, _ = play(Pace(), 60, 5_000, 500)
    assert updates == pytest.approx(600, abs=2)


def test_full_motion_comes_less_often_however_well_it_compresses() -> None:
    picture = 3 * 1280 * 800
    updates, _ = play(Pace(), 60, picture, 1000)
    allowed = 60 * MOTION_BYTES_PER_S + MOTION_BURST_BYTES
    assert updates == pytest.approx(allowed / picture, abs=2)
    assert Pace().spent(5.0, 1 << 40, 0) == 5.0 + LONGEST_MOTION_WAIT_S


def test_motion_that_pauses_is_not_slowed() -> None:
    pace, now_s = Pace(), 0.0
    half = 1280 * 800  # of its pixels, before compression
    for _ in range(20):  # a person turns the wheel for a second, then reads for one
        for _ in range(10):
            at_s = pace.spent(now_s, half, 1000)
            assert at_s - now_s == pytest.approx(max(UPDATE_INTERVAL_S, half / PEAK_BYTES_PER_S))
            now_s = at_s
        now_s += 1.0
    without_pause, _ = play(Pace(), 60, half, 1000)
    assert without_pause < 60 * 7


@pytest.mark.parametrize("rate", [None, 50_000, 200_000])
def test_a_video_stays_within_its_budget(rate: int | None) -> None:
    budget = rate or DEFAULT_BYTES_PER_S
    for seconds in (60, 600):
        _, stored = play(Pace(rate), seconds, 600_000, 400_000)
        assert stored <= budget * (seconds + BURST_S) + 400_000
        assert stored >= budget * seconds * 0.9


def test_a_burst_is_not_slowed_and_comes_back_with_rest() -> None:
    pace = Pace(100_000)
    burst = int(100_000 * BURST_S)
    assert pace.spent(0.0, 1, burst) == UPDATE_INTERVAL_S
    assert pace.spent(0.1, 1, 100_000) == pytest.approx(0.1 + 0.9)
    assert pace.spent(1000.0, 1, burst) == 1000.0 + UPDATE_INTERVAL_S


def test_the_screen_is_seen_now_and_then_whatever_a_picture_costs() -> None:
    pace = Pace(10_000)
    assert pace.spent(0.0, 1, 1 << 30) == LONGEST_WAIT_S
    assert pace.spent(LONGEST_WAIT_S, 1, 1 << 30) <= 2 * LONGEST_WAIT_S
