"""The times that a search names, seen from the caller's moment and time zone. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from footlight.wire.rest.search import SearchDateOption

_SPANS: dict[SearchDateOption, timedelta] = {
    "LastMinute": timedelta(minutes=1),
    "Last5Minutes": timedelta(minutes=5),
    "Last30Minutes": timedelta(minutes=30),
    "LastHour": timedelta(hours=1),
    "Last12Hours": timedelta(hours=12),
    "Last24Hours": timedelta(hours=24),
    "Last7Days": timedelta(days=7),
    "Last28Days": timedelta(days=28),
}
_MONTHS: dict[SearchDateOption, int] = {"LastMonth": 1, "LastThreeMonths": 3, "LastSixMonths": 6}


@dataclass(frozen=True)
class Moment:
    """When and where a search is made."""

    now_ms: int
    zone: tzinfo

    def window(self, option: SearchDateOption) -> tuple[int, int | None]:
        """From and before when, in ms since 1970 UTC, whole seconds. What reaches up to now has no end,
        since hosts' clocks may be ahead. Days begin at the zone's midnight; a month ago is the same clock
        time on the same day, or on the last one of a shorter month."""
        now = datetime.fromtimestamp(self.now_ms / 1000, self.zone)
        if option in _SPANS:
            return _ms(now.astimezone(UTC) - _SPANS[option]), None
        if option in _MONTHS:
            return _ms(_months_before(now, _MONTHS[option])), None
        today = now.date()
        first = today if option == "Today" else today - timedelta(days=1)
        return self._midnight(first), self._midnight(first + timedelta(days=1))

    def _midnight(self, day: date) -> int:
        return _ms(datetime.combine(day, time(), self.zone))


def _months_before(at: datetime, months: int) -> datetime:
    count = at.year * 12 + at.month - 1 - months
    year, month = divmod(count, 12)
    last_day = monthrange(year, month + 1)[1]
    return at.replace(year=year, month=month + 1, day=min(at.day, last_day))


def _ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000
