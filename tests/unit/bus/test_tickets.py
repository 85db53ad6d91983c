from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.bus.tickets import TICKET_CHARS, TicketBook
from footlight.clock import FakeClock
from footlight.errors import Unavailable


def test_a_ticket_counts_once() -> None:
    book: TicketBook[str] = TicketBook(FakeClock())
    ticket = book.make("stream")
    assert len(ticket) == TICKET_CHARS
    assert len(book) == 1
    assert book.redeem(ticket) == "stream"
    assert book.redeem(ticket) is None
    assert len(book) == 0


@pytest.mark.parametrize("wrong", ["", "x", "0" * TICKET_CHARS, "ä" * TICKET_CHARS, "\udcff"])
def test_what_is_no_ticket_opens_nothing(wrong: str) -> None:
    book: TicketBook[str] = TicketBook(FakeClock())
    ticket = book.make("stream")
    assert book.redeem(wrong) is None
    assert book.redeem(ticket[:-1] + ("0" if ticket[-1] != "0" else "1")) is None
    assert book.redeem(ticket + "0") is None
    assert book.redeem(ticket) == "stream"


def test_so_many_are_out_at_most_and_expired_ones_make_room() -> None:
    clock = FakeClock()
    book: TicketBook[int] = TicketBook(clock, life_s=10, most=3)
    for number in range(3):
        book.make(number)
    with pytest.raises(Unavailable, match="Too many"):
        book.make(3)
    clock.advance(10_000)
    assert book.redeem(book.make(4)) == 4


Step = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.just(0)),
        st.tuples(st.sampled_from(["redeem", "drop", "guess"]), st.integers(0, 20)),
        st.tuples(st.just("wait"), st.integers(1, 6000)),
    ),
    max_size=60,
)


@given(STEPS)
def test_whatever_happens_each_opens_its_own_once_and_in_time(steps: list[Step]) -> None:
    clock = FakeClock()
    book: TicketBook[int] = TicketBook(clock, life_s=10, most=8)
    made: list[str] = []
    good: dict[int, int] = {}  # number of the ticket -> when it expires, ms
    for what, value in steps:
        good = {number: end for number, end in good.items() if end > clock.now_ms()}
        if what == "wait":
            clock.advance(value)
        elif what == "make" and len(good) < 8:
            made.append(book.make(len(made)))
            good[len(made) - 1] = clock.now_ms() + 10_000
        elif what == "make":
            with pytest.raises(Unavailable):
                book.make(-1)
        elif value < len(made):
            ticket = made[value]
            if what == "redeem":
                assert book.redeem(ticket) == (value if value in good else None)
                good.pop(value, None)
            elif what == "drop":
                book.drop(ticket)
                good.pop(value, None)
            else:
                assert book.redeem(ticket[:16] + "f" * 64) is None
        good = {number: end for number, end in good.items() if end > clock.now_ms()}
        assert len(book) == len(good)
    assert len(set(made)) == len(made)
