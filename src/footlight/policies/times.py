"""Parts of the week: pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_MINUTES = 1440


@dataclass(frozen=True)
class Times:
    """`days`: 0 is Monday; minutes of the day from `start` to before `end`, which is of the next day where it is not
    after `start`. Moments are those of the zone's clocks."""

    days: frozenset[int]
    start: int
    end: int
    zone: tzinfo

    def hold(self, at_ms: int) -> bool:
        """Whether the moment (ms since 1970 UTC) is within."""
        local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self.zone)
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        began_today = day in self.days and minute >= self.start
        return began_today or ((day - 1) % 7 in self.days and minute < self.end)


def minute_of(text: str) -> int | None:
    """The minute of the day that HH:MM names, up to 24:00; None for another text."""
    found = re.fullmatch(r"(\d\d):(\d\d)", text, re.ASCII)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    total = hour * 60 + minute
    return total if minute < 60 and total <= DAY_MINUTES else None


def day_of(text: str) -> int | None:
    """The number of the day of that English name, in any case."""
    name = text.strip().capitalize()
    return DAYS.index(name) if name in DAYS else None
