from __future__ import annotations

from footlight.agent.events.budget import Budget


def test_a_burst_then_so_many_a_second() -> None:
    budget = Budget(2, 5)
    assert [budget.take(100.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert budget.skipped == 2
    assert [budget.take(101.0) for _ in range(3)] == [True, True, False]
    assert budget.skipped == 3


def test_what_was_skipped_is_told_once_there_is_room() -> None:
    budget = Budget(2, 2)
    for _ in range(10):
        budget.take(5.0)
    assert budget.settle(5.1) == 0
    assert budget.settle(6.0) == 8
    assert budget.settle(7.0) == 0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    budget = Budget(1, 1)
    assert budget.take(10.0)
    assert not budget.take(1.0)
    assert not budget.take(10.5)
