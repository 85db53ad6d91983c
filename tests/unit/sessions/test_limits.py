from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from footlight.errors import Invalid
from footlight.sessions import limits
from footlight.sessions.limits import Due, Limit, Limits, Step

START = 1_000_000


def session(**columns: Any) -> Any:
    given = {
        "state": "Active", "state_changed_at_ms": START, "established_at_ms": START,
        "idle_since_ms": None, "limit_warned_ms": None, "wanted": "run", "generation": 3,
        "reported_generation": 3, **columns,
    }  # fmt: skip
    return SimpleNamespace(**given)


ALL = Limits(idle_s=600, disconnected_s=1200, total_s=3600, warning_s=300)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"established_at_ms": None}, None),
        ({}, Due(Limit.TOTAL, START + 3_600_000)),
        ({"idle_since_ms": START + 5000}, Due(Limit.IDLE, START + 605_000)),
        # Idle for long before its user came back: that does not count.
        ({"idle_since_ms": 5, "state_changed_at_ms": START}, Due(Limit.IDLE, START + 600_000)),
        ({"state": "Disconnected"}, Due(Limit.DISCONNECTED, START + 1_200_000)),
        ({"state": "Disconnected", "idle_since_ms": 5}, Due(Limit.DISCONNECTED, START + 1_200_000)),
        (
            {"state": "Disconnected", "state_changed_at_ms": START + 3_000_000},
            Due(Limit.TOTAL, START + 3_600_000),
        ),
    ],
)
def test_the_limit_that_is_met_first(columns: dict[str, Any], expected: Due | None) -> None:
    assert limits.due(ALL, session(**columns)) == expected


def test_without_limits_nothing_is_due() -> None:
    assert limits.due(Limits(), session(idle_since_ms=5)) is None


def step(now_ms: int, **columns: Any) -> Step:
    one = session(**columns)
    ahead = limits.due(ALL, one)
    assert ahead is not None
    return limits.step(ALL, one, ahead, now_ms)


def test_a_warning_comes_once_and_before() -> None:
    end_ms = START + 3_600_000
    assert step(end_ms - 300_001) is Step.WAIT
    assert step(end_ms - 300_000) is Step.WARN
    assert step(end_ms - 299_000, limit_warned_ms=end_ms) is Step.WAIT
    assert step(end_ms, limit_warned_ms=end_ms) is Step.ACT


def test_work_after_a_warning_of_idleness_asks_for_another() -> None:
    before_ms = START + 600_000
    again = {"idle_since_ms": START + 590_000, "limit_warned_ms": before_ms}
    assert step(START + 800_000, **again) is Step.WAIT
    assert step(START + 900_000, **again) is Step.WARN


def test_who_is_not_there_is_not_warned() -> None:
    away = {"state": "Disconnected"}
    assert step(START + 1_199_999, **away) is Step.WAIT
    assert step(START + 1_200_000, **away) is Step.ACT


def test_a_late_warning_leaves_a_minute() -> None:
    now_ms = START + 9_000_000
    assert step(now_ms) is Step.WARN
    told = limits.announced(ALL, Due(Limit.TOTAL, START + 3_600_000), now_ms)
    assert told == Due(Limit.TOTAL, now_ms + 60_000)
    assert step(now_ms + 59_000, limit_warned_ms=told.at_ms) is Step.WAIT
    assert step(now_ms + 60_000, limit_warned_ms=told.at_ms) is Step.ACT
    early = Due(Limit.TOTAL, now_ms + 300_000)
    assert limits.announced(ALL, early, now_ms) == early


def test_what_is_ordered_already_is_not_ordered_again() -> None:
    late_ms = START + 9_000_000
    assert step(late_ms, wanted="end") is Step.WAIT
    assert step(late_ms, generation=4) is Step.WAIT


def test_the_text_says_how_long() -> None:
    assert "in 5 minutes unless" in limits.warning(Due(Limit.IDLE, 300_000), 0)
    assert "ends in 1 minute." in limits.warning(Due(Limit.TOTAL, 20_000), 0)


@pytest.mark.parametrize(
    ("given", "member"),
    [({"idle_s": 59}, "idle_s"), ({"total_s": 10**9}, "total_s"), ({"warning_s": -1}, "warning_s")],
)
async def test_what_is_no_limit(rooms: Any, given: dict[str, int], member: str) -> None:
    with pytest.raises(Invalid) as refused:
        await rooms.store.write(lambda tx: limits.put(tx, "g", Limits(**given)))
    assert refused.value.facts["name"] == member
