"""How long a group's sessions may be idle, be disconnected and last: the limits, and pure decisions by them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Column, Connection, Row, select

from footlight.errors import Invalid
from footlight.sessions import queries
from footlight.store import schema
from footlight.store.store import Tx

_l = schema.session_limits
_s = schema.sessions
_m = schema.machines

_READ: tuple[Column[Any], ...] = (
    _s.c.id,
    _s.c.state,
    _s.c.state_changed_at_ms,
    _s.c.established_at_ms,
    _s.c.idle_since_ms,
    _s.c.limit_warned_ms,
    _s.c.wanted,
    _s.c.generation,
    _s.c.reported_generation,
)

SHORTEST_S = 60
LONGEST_S = 366 * 86_400
DEFAULT_WARNING_S = 300
LATE_WARNING_S = 60


@dataclass(frozen=True)
class Limits:
    """Of a delivery group. None: no limit. `warning_s`: how long before, a message tells of it; 0: none does."""

    idle_s: int | None = None  # without key or mouse, while its user is on it: disconnected then
    disconnected_s: int | None = None  # nobody on it: logged off then
    total_s: int | None = None  # since its log-on: logged off then
    warning_s: int = DEFAULT_WARNING_S


class Limit(Enum):
    """Which limit it is; the value is the end's reason."""

    IDLE = "nobody used it for too long"
    DISCONNECTED = "it was disconnected for too long"
    TOTAL = "its time was over"


@dataclass(frozen=True)
class Due:
    """The limit that a session meets first, and when, if nothing changes."""

    limit: Limit
    at_ms: int


class Step(Enum):
    """What to do about it now."""

    WAIT = "wait"
    WARN = "warn"
    ACT = "act"


def due(limits: Limits, session: Any) -> Due | None:
    """For a session's row; None when no limit is ahead of it."""
    if session.established_at_ms is None:
        return None
    found = []
    if limits.total_s is not None:
        found.append(Due(Limit.TOTAL, session.established_at_ms + limits.total_s * 1000))
    if session.state == "Disconnected" and limits.disconnected_s is not None:
        since_ms = session.state_changed_at_ms
        found.append(Due(Limit.DISCONNECTED, since_ms + limits.disconnected_s * 1000))
    if (
        session.state == "Active"
        and limits.idle_s is not None
        and session.idle_since_ms is not None
    ):
        # Who has just come back is not idle, whatever the X server has counted until then.
        since_ms = max(session.idle_since_ms, session.state_changed_at_ms)
        found.append(Due(Limit.IDLE, since_ms + limits.idle_s * 1000))
    return min(found, key=lambda one: one.at_ms, default=None)


def step(limits: Limits, session: Any, ahead: Due, now_ms: int) -> Step:
    """What to do about the limit ahead. A warning is given once for a moment, and its time passes before the act;
    nobody is warned where nobody looks. Of a host that has not acted yet nothing more is asked."""
    if session.wanted == "end" or session.generation > session.reported_generation:
        return Step.WAIT
    warn_at_ms = ahead.at_ms - limits.warning_s * 1000
    watched = session.state == "Active" and limits.warning_s > 0
    warned_of_ms = session.limit_warned_ms or 0
    if watched and warned_of_ms < ahead.at_ms:
        return Step.WARN if now_ms >= warn_at_ms else Step.WAIT
    act_at_ms = max(ahead.at_ms, warned_of_ms) if watched else ahead.at_ms
    return Step.ACT if now_ms >= act_at_ms else Step.WAIT


def announced(limits: Limits, ahead: Due, now_ms: int) -> Due:
    """What a warning now tells of: a late one, because the limit is new or the site was away, gives a minute."""
    shortest_ms = min(limits.warning_s, LATE_WARNING_S) * 1000
    return Due(ahead.limit, max(ahead.at_ms, now_ms + shortest_ms))


def warning(ahead: Due, now_ms: int) -> str:
    """The text for the screen."""
    minutes = max(1, round((ahead.at_ms - now_ms) / 60_000))
    time = "1 minute" if minutes == 1 else f"{minutes} minutes"
    if ahead.limit is Limit.IDLE:
        return f"Nobody has used this session for a while. It is disconnected in {time} unless you go on working."
    return f"The time of this session ends in {time}. It is logged off then: please save your work."


def of_group(connection: Connection, group_id: str) -> Limits:
    """The group's limits; none where nobody set any."""
    row = connection.execute(select(_l).where(_l.c.delivery_group_id == group_id)).first()
    return Limits() if row is None else _limits(row)


def put(tx: Tx, group_id: str, limits: Limits) -> None:
    """These are the group's limits from now on. Raises Invalid, naming the member in seconds."""
    for name in ("idle_s", "disconnected_s", "total_s"):
        value = getattr(limits, name)
        if value is not None and not SHORTEST_S <= value <= LONGEST_S:
            raise Invalid(
                f"A limit is {SHORTEST_S} to {LONGEST_S} seconds.", name=name, value=str(value)
            )
    if not 0 <= limits.warning_s <= LONGEST_S:
        raise Invalid(f"A warning comes 0 to {LONGEST_S} seconds before.", name="warning_s")
    forget(tx, group_id)
    values = {name: getattr(limits, name) for name in Limits.__dataclass_fields__}
    tx.connection.execute(_l.insert().values(delivery_group_id=group_id, **values))
    tx.emit("delivery_group", group_id)


def forget(tx: Tx, group_id: str) -> None:
    """The group has no limits."""
    tx.connection.execute(_l.delete().where(_l.c.delivery_group_id == group_id))


def limited(connection: Connection) -> list[tuple[Row[Any], Limits]]:
    """The live sessions of groups with limits, with the columns that decisions read."""
    query = (
        select(*_READ, *(_l.c[name] for name in Limits.__dataclass_fields__))
        .select_from(_l)
        .join(_m, _m.c.delivery_group_id == _l.c.delivery_group_id)
        .join(_s, _s.c.machine_id == _m.c.id)
        .where(_s.c.ended_at_ms.is_(None), _s.c.established_at_ms.is_not(None), _m.c.registered)
    )
    return [(row, _limits(row)) for row in connection.execute(query)]


def visiting(connection: Connection, of_visitors: Limits) -> list[tuple[Row[Any], Limits]]:
    """The live sessions of people without an account, who have one limit more."""
    query = (
        select(*_READ)
        .join(_m, _s.c.machine_id == _m.c.id)
        .where(
            _s.c.is_anonymous,
            _s.c.ended_at_ms.is_(None),
            _s.c.established_at_ms.is_not(None),
            _m.c.registered,
        )
    )
    return [(row, of_visitors) for row in connection.execute(query)]


def warned(tx: Tx, session_id: str, at_ms: int) -> None:
    """The session's user has been warned of that moment."""
    if queries.row(tx.connection, session_id) is not None:
        changed = _s.update().where(_s.c.id == session_id).values(limit_warned_ms=at_ms)
        tx.connection.execute(changed)


def _limits(row: Any) -> Limits:
    return Limits(row.idle_s, row.disconnected_s, row.total_s, row.warning_s)
