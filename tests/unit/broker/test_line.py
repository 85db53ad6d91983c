from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from footlight.broker.line import MOST_OF_USER, YIELD, Line, Ticket


def enter(line: Line, user: str) -> Ticket:
    ticket = line.enter(user)
    assert ticket is not None
    return ticket


def users(line: Line) -> str:
    return "".join(ticket.user for ticket in line.in_order())


def test_in_the_order_of_arrival() -> None:
    line = Line()
    for user in "abc":
        enter(line, user)
    assert users(line) == "abc"


def test_who_asks_for_much_lets_others_pass() -> None:
    line = Line()
    for user in "aaabc":
        enter(line, user)
    assert users(line) == "abcaa"


def test_who_has_left_does_not_wait() -> None:
    line = Line()
    first, _ = enter(line, "a"), enter(line, "b")
    line.leave(first)
    line.leave(first)
    assert users(line) == "b"
    assert len(line) == 1


def test_it_is_bounded_in_all_and_by_user() -> None:
    line = Line(most=3, most_of_user=2)
    tickets = [line.enter("a"), line.enter("a")]
    assert line.enter("a") is None
    assert line.enter("b") is not None
    assert line.enter("c") is None
    assert tickets[0] is not None
    line.leave(tickets[0])
    assert line.enter("c") is not None


# Steps: a user enters, or (None) the first in line is served.
STEPS = st.lists(st.sampled_from(["a", "b", "c", None]), max_size=80)


@given(STEPS)
def test_of_one_user_the_order_of_arrival_is_kept(steps: list[str | None]) -> None:
    line = Line()
    for step in steps:
        if step is not None:
            line.enter(step)
        elif len(line):
            line.leave(line.in_order()[0])
        for user in "abc":
            own = [ticket.arrival for ticket in line.in_order() if ticket.user == user]
            assert own == sorted(own)


@given(STEPS, st.integers(1, 5))
def test_nobody_is_starved(steps: list[str | None], before: int) -> None:
    """However many come after it, each of a user of its own, one that waits is served once a bounded number of them
    has been."""
    line = Line(most=10_000)
    for step in steps:
        if step is not None:
            line.enter(step)
        elif len(line):
            line.leave(line.in_order()[0])
    for _ in range(before):
        line.enter("late")
    waiting = line.in_order()[-1]
    bound = len(line) + YIELD * MOST_OF_USER
    for number in range(bound + 1):
        enter(line, f"newcomer {number}")
        served = line.in_order()[0]
        line.leave(served)
        if served == waiting:
            return
    raise AssertionError(f"not served after {bound} others")
