from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from footlight.policies.times import DAYS, Times, day_of, minute_of

ALL = frozenset(range(7))
WORK = frozenset(range(5))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_a_window_of_a_day_holds_from_its_start_to_before_its_end() -> None:
    times = Times(WORK, 8 * 60, 17 * 60, UTC)
    assert times.hold(at("2026-11-23T08:00:00"))
    assert times.hold(at("2026-11-23T16:59:59"))
    assert not times.hold(at("2026-11-23T17:00:00"))
    assert not times.hold(at("2026-11-22T12:00:00"))  # a Sunday


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = Times(frozenset((4,)), 22 * 60, 6 * 60, UTC)
    assert friday_night.hold(at("2026-11-27T23:00:00"))
    assert friday_night.hold(at("2026-11-28T05:59:00"))
    assert not friday_night.hold(at("2026-11-27T05:59:00"))
    assert not friday_night.hold(at("2026-11-28T22:30:00"))


def test_a_window_that_ends_where_it_begins_is_a_whole_day() -> None:
    times = Times(frozenset((0,)), 60, 60, UTC)
    assert times.hold(at("2026-11-23T01:00:00"))
    assert times.hold(at("2026-11-24T00:59:00"))
    assert not times.hold(at("2026-11-24T01:00:00"))


def test_its_clock_is_that_of_the_zone_in_summer_and_in_winter() -> None:
    times = Times(ALL, 8 * 60, 9 * 60, ZoneInfo("Europe/Berlin"))
    assert times.hold(at("2026-07-01T06:30:00"))
    assert times.hold(at("2026-12-01T07:30:00"))
    assert not times.hold(at("2026-12-01T06:30:00"))


@pytest.mark.parametrize(
    ("text", "minute"),
    [("00:00", 0), ("08:30", 510), ("24:00", 1440), ("24:01", None), ("8:30", None), ("12:60", None),
     ("", None), ("٠٨:٣٠", None)],
)  # fmt: skip
def test_a_time_of_day_is_hours_and_minutes(text: str, minute: int | None) -> None:
    assert minute_of(text) == minute


def test_days_have_english_names() -> None:
    assert [day_of(day) for day in DAYS] == list(range(7))
    assert day_of(" monday ") == 0
    assert day_of("Montag") is None
