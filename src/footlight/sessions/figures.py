"""How many sessions there are and were, by the rows that are kept for a day after a session's end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, and_, func, or_, select

from footlight.caller import Caller
from footlight.store import schema, sight

_s = schema.sessions
_SHOWN = 5


@dataclass(frozen=True)
class History:
    """Counts at the ends of steps, oldest first, the last of them now; and how many sessions began meanwhile."""

    counts: list[int]
    began: int


def by_state(connection: Connection, caller: Caller) -> Mapping[str, int]:
    """Live sessions that the caller sees, by their state."""
    live = (_s.c.ended_at_ms.is_(None), sight.sessions(caller))
    query = select(_s.c.state, func.count()).where(*live).group_by(_s.c.state)
    return {state: count for state, count in connection.execute(query)}


def recorded(connection: Connection, caller: Caller, told: ColumnElement[bool]) -> int:
    """Live sessions that are being recorded, of those of which the caller is told."""
    live = (_s.c.ended_at_ms.is_(None), _s.c.recording_live, sight.sessions(caller), told)
    return connection.execute(select(func.count()).select_from(_s).where(*live)).scalar_one()


def history(
    connection: Connection, caller: Caller, now_ms: int, step_ms: int, steps: int, live: int
) -> History:
    """From `live` sessions now back over so many steps, at most the day for which ended ones are kept."""
    began = _by_step(connection, caller, _s.c.brokered_at_ms, now_ms, step_ms, steps)
    ended = _by_step(connection, caller, _s.c.ended_at_ms, now_ms, step_ms, steps)
    counts = [live]
    for step in range(steps):
        counts.append(max(counts[-1] - began.get(step, 0) + ended.get(step, 0), 0))
    return History(counts[::-1], sum(began.values()))


def failures(connection: Connection, caller: Caller, since_ms: int) -> list[tuple[str, int]]:
    """What was said of sessions that never came up or ended with an error, most frequent first."""
    bad = or_(
        _s.c.established_at_ms.is_(None), and_(_s.c.exit_code.is_not(None), _s.c.exit_code != 0)
    )
    query = (
        select(func.coalesce(_s.c.end_reason, ""), func.count())
        .where(_s.c.ended_at_ms >= since_ms, bad, sight.sessions(caller))
        .group_by(_s.c.end_reason)
        .order_by(func.count().desc(), _s.c.end_reason)
        .limit(_SHOWN)
    )
    return [(reason, count) for reason, count in connection.execute(query)]


def _by_step(
    connection: Connection,
    caller: Caller,
    moment: Column[int],
    now_ms: int,
    step_ms: int,
    steps: int,
) -> dict[int, int]:
    """How many of the moments are in each step before now; the first step ends now."""
    step = (now_ms - moment) // step_ms
    query = (
        select(step, func.count())
        .where(moment > now_ms - step_ms * steps, moment <= now_ms, sight.sessions(caller))
        .group_by(step)
    )
    return {int(place): count for place, count in connection.execute(query)}
