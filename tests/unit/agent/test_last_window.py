from __future__ import annotations

from footlight.agent.last_window import FIRST_S, GONE_S, LastWindow


def over(
    last: LastWindow,
    now_s: float,
    *,
    windows: bool = False,
    ended: bool = False,
    others: bool = False,
) -> bool:
    return last.is_over(windows=windows, ended=ended, others=others, now_s=now_s)


def test_a_program_without_windows_lasts_as_long_as_its_process() -> None:
    last = LastWindow()
    assert not over(last, 0)
    assert not over(last, 1000)
    assert over(last, 1001, ended=True)


def test_time_counts_only_while_it_may_end_the_session() -> None:
    last = LastWindow()
    over(last, 0)
    assert not last.counting
    over(last, 1, windows=True)
    assert not last.counting
    over(last, 2)
    assert last.counting
    over(last, 3, windows=True)
    assert not last.counting
    over(last, 4, ended=True, others=True)
    assert last.counting


def test_what_was_started_and_left_gets_time_for_its_first_window() -> None:
    last = LastWindow()
    assert not over(last, 10, ended=True, others=True)
    assert not over(last, 10 + FIRST_S - 1, ended=True, others=True)
    assert over(last, 10 + FIRST_S, ended=True, others=True)


def test_the_windows_of_what_was_started_count() -> None:
    last = LastWindow()
    assert not over(last, 10, ended=True, others=True)
    assert not over(last, 12, ended=True, others=True, windows=True)
    assert not over(last, 1000, ended=True, others=True, windows=True)
    assert over(last, 1001, ended=True, others=True)


def test_a_process_that_stays_without_its_windows_is_over() -> None:
    last = LastWindow()
    assert not over(last, 0, windows=True)
    assert not over(last, 10)
    assert not over(last, 10 + GONE_S - 1)
    assert not over(last, 10 + GONE_S, windows=True)  # after the splash screen
    assert not over(last, 100)
    assert over(last, 100 + GONE_S)
