from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from footlight.sessions.moments import Moment
from footlight.wire.rest.dates import rfc3339
from footlight.wire.rest.search import SearchDateOption

NOW_MS = 1_780_000_000_250  # 2026-05-28T20:26:40Z


def window(now_ms: int, zone: tzinfo, option: Any) -> tuple[str | None, str | None]:
    start, end = Moment(now_ms, zone).window(option)
    return rfc3339(start), rfc3339(end)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def test_days_are_those_of_the_zone() -> None:
    def there(hours: int, option: str) -> tuple[str | None, str | None]:
        return window(NOW_MS, timezone(timedelta(hours=hours)), option)

    assert there(0, "Today") == ("2026-05-28T00:00:00Z", "2026-05-29T00:00:00Z")
    assert there(5, "Today") == ("2026-05-28T19:00:00Z", "2026-05-29T19:00:00Z")
    assert there(5, "Yesterday") == ("2026-05-27T19:00:00Z", "2026-05-28T19:00:00Z")
    assert there(-4, "LastThreeMonths") == ("2026-02-28T20:26:40Z", None)


def test_days_of_another_length_and_hours_that_pass_through_them() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    after_the_change = at("2026-03-29T12:00:00+02:00")  # 02:00 became 03:00 that day
    assert window(after_the_change, berlin, "Today") == (
        "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z",
    )  # fmt: skip
    assert window(after_the_change, berlin, "Last24Hours")[0] == "2026-03-28T10:00:00Z"


@pytest.mark.parametrize(
    ("now", "option", "start"),
    [
        ("2026-03-31T08:00:00Z", "LastMonth", "2026-02-28T08:00:00Z"),
        ("2024-03-31T08:00:00Z", "LastMonth", "2024-02-29T08:00:00Z"),
        ("2026-01-15T08:00:00Z", "LastMonth", "2025-12-15T08:00:00Z"),
        ("2026-05-31T08:00:00Z", "LastSixMonths", "2025-11-30T08:00:00Z"),
    ],
)
def test_months_end_on_their_last_day(now: str, option: str, start: str) -> None:
    assert window(at(now), UTC, option) == (start, None)


@pytest.mark.parametrize("option", get_args(SearchDateOption))
def test_every_option_has_a_window_of_whole_seconds(option: Any) -> None:
    start, end = Moment(NOW_MS, UTC).window(option)
    assert start % 1000 == 0
    assert start < NOW_MS
    assert (end is None) == (option not in ("Today", "Yesterday"))
