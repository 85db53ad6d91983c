"""How much recordings take, from those that ended: by resource, and what that makes for each policy's sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from footlight.store import schema

_r = schema.recordings
_y = schema.recording_reasons
_s = schema.sessions

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LEAST_MS = 60_000  # of recorded time; less says nothing of an hour
MOST_RESOURCES = 1000


@dataclass(frozen=True)
class Amount:
    """So many bytes in so much recorded time."""

    size_bytes: int = 0
    duration_ms: int = 0
    recordings: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.size_bytes + other.size_bytes,
            self.duration_ms + other.duration_ms,
            self.recordings + other.recordings,
        )

    @property
    def bytes_per_hour(self) -> int | None:
        """None where too little was recorded to say."""
        if self.duration_ms < LEAST_MS:
            return None
        return round(self.size_bytes * HOUR_MS / self.duration_ms)

    @property
    def hours(self) -> float:
        """Of recorded time, to the minute or so."""
        return round(self.duration_ms / HOUR_MS, 2)


@dataclass(frozen=True)
class Decided:
    """How many live sessions of a resource a policy decides on, and has recorded."""

    policy_id: str
    resource_name: str
    sessions: int


def recorded(connection: Connection, now_ms: int, days: int) -> dict[str, Amount]:
    """By name of resource, of recordings that were completed within so many days."""
    query = (
        select(
            _r.c.resource_name,
            func.sum(_r.c.size_bytes).label("size_bytes"),
            func.sum(_r.c.duration_ms).label("duration_ms"),
            func.count().label("recordings"),
        )
        .where(_r.c.status == "completed", _r.c.ended_at_ms >= now_ms - days * DAY_MS)
        .group_by(_r.c.resource_name)
        .order_by(func.sum(_r.c.size_bytes).desc(), _r.c.resource_name)
        .limit(MOST_RESOURCES)
    )
    return {
        row.resource_name: Amount(int(row.size_bytes), int(row.duration_ms), int(row.recordings))
        for row in connection.execute(query)
    }


def decided(connection: Connection) -> list[Decided]:
    """Of all policies that have sessions recorded now."""
    query = (
        select(_y.c.policy_id, _s.c.resource_name, func.count().label("sessions"))
        .join(_s, _s.c.id == _y.c.session_id)
        .where(
            _s.c.ended_at_ms.is_(None),
            _s.c.wanted_recording_id.is_not(None),
            _y.c.policy_id.is_not(None),
        )
        .group_by(_y.c.policy_id, _s.c.resource_name)
    )
    return [Decided(*row) for row in connection.execute(query)]


def of_policy(policy: Any, held: Iterable[Decided], by_resource: dict[str, Amount]) -> int | None:
    """Bytes in an hour of the sessions that the policy decides on; of resources without recordings of their own as
    the average says. None where nothing is known."""
    average = sum(by_resource.values(), Amount()).bytes_per_hour
    total = 0
    for one in held:
        if one.policy_id != policy.id:
            continue
        own = by_resource.get(one.resource_name, Amount()).bytes_per_hour
        each = average if own is None else own
        if each is None:
            return None
        total += one.sessions * each
    return total if average is not None else None
