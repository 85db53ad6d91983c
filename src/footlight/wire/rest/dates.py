"""The two date spellings of the wire, both UTC: locale form and its RFC 3339 twin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _moment(at_ms: int) -> datetime:
    # Whole seconds are cut, never rounded, so that both spellings name the same second.
    return _EPOCH + timedelta(seconds=at_ms // 1000)


def locale_date(at_ms: int | None) -> str | None:
    """`M/d/yyyy h:mm:ss tt` of a time in ms since 1970 UTC, without zero padding of month, day and
    hour: `3/15/2022 7:41:46 AM`. None stays None."""
    if at_ms is None:
        return None
    at = _moment(at_ms)
    half = "AM" if at.hour < 12 else "PM"
    clock = f"{at.hour % 12 or 12}:{at.minute:02}:{at.second:02} {half}"
    return f"{at.month}/{at.day}/{at.year:04} {clock}"


def rfc3339(at_ms: int | None) -> str | None:
    """`2022-03-15T07:41:46Z` of a time in ms since 1970 UTC. None stays None."""
    if at_ms is None:
        return None
    return rfc3339_of(at_ms)


def rfc3339_of(at_ms: int) -> str:
    """As rfc3339, for a time that is known to be there."""
    return _moment(at_ms).strftime("%Y-%m-%dT%H:%M:%SZ")


def both(at_ms: int | None) -> tuple[str | None, str | None]:
    """(locale form, RFC 3339 form) of one time."""
    return locale_date(at_ms), rfc3339(at_ms)
