"""Both date spellings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.wire.rest.dates import both, locale_date, rfc3339


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
