from __future__ import annotations

from types import SimpleNamespace

from footlight.sessions import phases
from footlight.sessions.phases import Phase


def row(**columns: object) -> SimpleNamespace:
    given = {"brokering_ms": 4, "brokered_at_ms": 1000, "launch_moments": None}
    return SimpleNamespace(**{**given, "first_picture_ms": None, **columns})


def test_time_in_line_is_from_the_order_to_the_turn() -> None:
    def in_line_ms(moments: dict[str, int]) -> int:
        return phases.in_line_ms(row(launch_moments=phases.written(moments)), 100)

    assert phases.in_line_ms(None, 100) == 0
    assert in_line_ms({}) == 0
    assert in_line_ms({"taken": 10}) == 90
    assert in_line_ms({"taken": 10, "account": 20, "turn": 30}) == 20
    assert in_line_ms({"taken": 200}) == 0  # by a clock that is ahead


def test_phases_follow_one_another() -> None:
    moments = phases.written(
        {"account": 1030, "taken": 1010, "x_server": 1200, "fancy": 7, "program": 1190}
    )
    found = phases.of_session(row(launch_moments=moments, first_picture_ms=1500))
    assert found == [
        Phase("brokering", 4),
        Phase("taken", 10),
        Phase("account", 20),
        Phase("x_server", 170),
        Phase("program", 0),  # the clock was set back
        Phase("first_picture", 310),
    ]


def test_what_is_not_through_is_not_named() -> None:
    assert phases.written({}) is None
    assert phases.written({"taken": -5}) is None
    assert phases.of_session(row()) == [Phase("brokering", 4)]
    assert phases.of_session(row(brokering_ms=None, first_picture_ms=9)) == []
