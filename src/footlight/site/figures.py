"""What is so in the whole site, in numbers: few and cheap queries, however many sessions there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, select

from footlight.store import schema

LATE_MS = 30_000
MOST_HOSTS = 5000
_m, _g, _r, _w = schema.machines, schema.delivery_groups, schema.recordings, schema.webhooks
_OVER = ("completed", "failed")


@dataclass(frozen=True)
class SiteFigures:
    """Counts by what they are labelled with. `hosts`: name, registered, in_maintenance, last_seen_ms, live_sessions,
    load_index, figures (HostFigures as JSON) and delivery_group, MOST_HOSTS at most. `outbox`: the newest number;
    `told`: that of the slowest enabled webhook. `audit`: the newest entry's."""

    sessions: Mapping[tuple[str, str], int]
    hosts: list[Row[Any]]
    recordings: Mapping[str, int]
    recordings_late: int
    recording_health: Mapping[str, int]
    jobs: Mapping[str, int]
    webhooks: Mapping[str, int]
    outbox: int
    told: int | None
    audit: int


def read(connection: Connection, now_ms: int) -> SiteFigures:
    """All of them, of one moment."""
    counts = schema.session_counts
    told = select(func.min(_w.c.position)).where(_w.c.enabled)
    return SiteFigures(
        sessions={
            (row.state, row.app_state): row.sessions for row in connection.execute(select(counts))
        },
        hosts=_hosts(connection),
        recordings=_by(connection, _r.c.status, _r.c.status.not_in(_OVER)),
        recordings_late=_late(connection, now_ms),
        recording_health=_health(connection),
        jobs=_by(connection, schema.jobs.c.state),
        webhooks=_by(
            connection,
            case(
                (and_(_w.c.enabled, _w.c.failures > 0), "failing"),
                (_w.c.enabled, "well"),
                (_w.c.stopped_reason.is_not(None), "stopped"),
                else_="disabled",
            ),
        ),
        outbox=_newest(connection, schema.outbox.c.seq),
        told=connection.execute(told).scalar(),
        audit=_newest(connection, schema.audit.c.seq),
    )


def _hosts(connection: Connection) -> list[Row[Any]]:
    query = (
        select(
            *(_m.c.name, _m.c.registered, _m.c.in_maintenance, _m.c.last_seen_ms),
            *(_m.c.live_sessions, _m.c.load_index, _m.c.figures),
            _g.c.name.label("delivery_group"),
        )
        .outerjoin(_g, _g.c.id == _m.c.delivery_group_id)
        .order_by(_m.c.uid)
        .limit(MOST_HOSTS)
    )
    return list(connection.execute(query))


def _by(connection: Connection, label: Any, *where: Any) -> dict[str, int]:
    query = select(label, func.count()).where(*where).group_by(label)
    return {str(name): int(count) for name, count in connection.execute(query)}


def _late(connection: Connection, now_ms: int) -> int:
    """Of sessions that live: what is recorded of one that is over is finished when it is stored."""
    query = (
        select(func.count())
        .select_from(_r.join(schema.sessions, schema.sessions.c.id == _r.c.session_id))
        .where(
            _r.c.status.not_in((*_OVER, "recording")),
            _r.c.ordered_at_ms < now_ms - LATE_MS,
            schema.sessions.c.ended_at_ms.is_(None),
        )
    )
    return connection.execute(query).scalar_one()


def _health(connection: Connection) -> dict[str, int]:
    why, sessions = schema.recording_reasons, schema.sessions
    query = (
        select(why.c.health, func.count())
        .join(sessions, sessions.c.id == why.c.session_id)
        .where(why.c.health.is_not(None), sessions.c.ended_at_ms.is_(None))
        .group_by(why.c.health)
    )
    return {str(state): int(count) for state, count in connection.execute(query)}


def _newest(connection: Connection, seq: Any) -> int:
    return connection.execute(select(func.max(seq))).scalar() or 0
