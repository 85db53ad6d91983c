"""The two date spellings of the wire, both UTC: locale form and its RFC 3339 twin."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCALE_FORM = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?)?", re.IGNORECASE
)


@lru_cache(maxsize=8192)
def _spelled(at_s: int) -> tuple[str, str]:
    # Sessions' times are many and often the same. Written out: strftime takes three times as long.
    at = _EPOCH + timedelta(seconds=at_s)
    half = "AM" if at.hour < 12 else "PM"
    clock = f"{at.minute:02}:{at.second:02}"
    return (
        f"{at.month}/{at.day}/{at.year:04} {at.hour % 12 or 12}:{clock} {half}",
        f"{at.year:04}-{at.month:02}-{at.day:02}T{at.hour:02}:{clock}Z",
    )


def locale_date(at_ms: int | None) -> str | None:
    """`M/d/yyyy h:mm:ss tt` of a time in ms since 1970 UTC, without zero padding of month, day and
    hour: `3/15/2022 7:41:46 AM`. None stays None."""
    return both(at_ms)[0]


def rfc3339(at_ms: int | None) -> str | None:
    """`2022-03-15T07:41:46Z` of a time in ms since 1970 UTC. None stays None."""
    return both(at_ms)[1]


def rfc3339_of(at_ms: int) -> str:
    """As rfc3339, for a time that is known to be there."""
    return _spelled(at_ms // 1000)[1]


def both(at_ms: int | None) -> tuple[str | None, str | None]:
    """(locale form, RFC 3339 form) of one time."""
    # Whole seconds are cut, never rounded, so that both spellings name the same second.
    return (None, None) if at_ms is None else _spelled(at_ms // 1000)


def read_date(text: str, zone: tzinfo) -> int | None:
    """Milliseconds since 1970 UTC, cut to the whole second, of a time in RFC 3339 (or the wider ISO 8601)
    or in locale form; without a zone of its own it is in `zone`. None when it is neither."""
    text = text.strip()
    try:
        local = _LOCALE_FORM.fullmatch(text)
        at = datetime.fromisoformat(text) if local is None else _of_locale_form(*local.groups())
        if at.tzinfo is None:
            at = at.replace(tzinfo=zone)
        return (at - _EPOCH) // timedelta(seconds=1) * 1000
    except (ValueError, OverflowError):
        return None


def _of_locale_form(
    month: str,
    day: str,
    year: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    half: str | None,
) -> datetime:
    hours = int(hour or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError("hours of a half day are 1 to 12")
        hours = hours % 12 + (12 if half.upper() == "PM" else 0)
    return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
