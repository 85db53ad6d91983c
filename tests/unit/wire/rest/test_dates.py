"""Both date spellings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.wire.rest.dates import both, locale_date, read_date, rfc3339


@pytest.mark.parametrize(
    ("at_ms", "locale", "formatted"),
    [
        (1647330106000, "3/15/2022 7:41:46 AM", "2022-03-15T07:41:46Z"),
        (1605535264999, "11/16/2020 2:01:04 PM", "2020-11-16T14:01:04Z"),
        (0, "1/1/1970 12:00:00 AM", "1970-01-01T00:00:00Z"),
        (1767787200000, "1/7/2026 12:00:00 PM", "2026-01-07T12:00:00Z"),
        (None, None, None),
    ],
)
def test_forms(at_ms: int | None, locale: str | None, formatted: str | None) -> None:
    assert both(at_ms) == (locale, formatted)
    assert (locale_date(at_ms), rfc3339(at_ms)) == (locale, formatted)


@given(st.integers(min_value=0, max_value=4102444800000))
def test_both_name_the_same_second(at_ms: int) -> None:
    locale, formatted = both(at_ms)
    assert locale is not None
    assert formatted is not None
    read = datetime.strptime(locale, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=UTC)
    assert read == datetime.fromisoformat(formatted)
    assert read.timestamp() == at_ms // 1000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2022-03-15T07:41:46Z", "2022-03-15T07:41:46Z"),
        ("2022-03-15T07:41:46.999+02:00", "2022-03-15T05:41:46Z"),
        ("2022-03-15 07:41:46", "2022-03-15T02:11:46Z"),
        ("2022-03-15", "2022-03-14T18:30:00Z"),
        ("3/15/2022 7:41:46 AM", "2022-03-15T02:11:46Z"),
        ("03/15/2022 12:00:00 am", "2022-03-14T18:30:00Z"),
        ("3/15/2022 12:00 PM", "2022-03-15T06:30:00Z"),
        (" 3/15/2022 ", "2022-03-14T18:30:00Z"),
    ],
)
def test_dates_are_read_in_both_spellings(text: str, shown: str) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    assert rfc3339(read_date(text, india)) == shown


@pytest.mark.parametrize(
    "text",
    ["", "soon", "13/1/2022", "3/15/2022 13:00:00 PM", "2022-02-30", "0001-01-01T00:00:00+09:00x"],
)
def test_what_is_no_date(text: str) -> None:
    assert read_date(text, UTC) is None
