"""Recordings that go on as new ones, those that are tried again, and those that were never begun: what is due now."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from footlight.archive import catalogue
from footlight.policies import reasons
from footlight.sessions import queries
from footlight.store import schema
from footlight.store.store import Tx

_r = schema.recordings
_s = schema.sessions
_y = schema.recording_reasons

AT_ONCE = 100
NEVER_BEGUN_MS = 60_000


def due(connection: Connection, now_ms: int) -> list[str]:
    """Sessions whose recording is as big or as long as it may be, AT_ONCE at most."""
    query = select(_s.c.id).join(_r, _r.c.id == _s.c.wanted_recording_id).where(_full(now_ms))
    return list(connection.execute(query.limit(AT_ONCE)).scalars())


def roll_over(tx: Tx, session_ids: list[str]) -> None:
    """Their recordings go on as new ones, for the same reasons."""
    for session_id in session_ids:
        session = queries.row(tx.connection, session_id)
        if session is None or session.wanted_recording_id is None:
            continue
        full = select(_r.c.id).where(_r.c.id == session.wanted_recording_id, _full(tx.now_ms))
        held = reasons.of(tx.connection, session_id)
        wanted = reasons.terms_of(held)
        if wanted is not None and tx.connection.execute(full).first() is not None:
            reasons.open_for(tx, session, held, wanted, session.wanted_recording_id)


def to_try_again(connection: Connection, now_ms: int) -> list[str]:
    """Sessions whose recording failed and is to be tried again now, AT_ONCE at most."""
    query = (
        select(_y.c.session_id)
        .join(_s, _s.c.id == _y.c.session_id)
        .where(_y.c.retry_at_ms <= now_ms, _s.c.ended_at_ms.is_(None), _s.c.wanted == "run")
        .limit(AT_ONCE)
    )
    return list(connection.execute(query).scalars())


def try_again(tx: Tx, session_ids: list[str]) -> None:
    """Another recording is opened for each of them."""
    for session_id in session_ids:
        row = reasons.row(tx.connection, session_id)
        session = queries.row(tx.connection, session_id)
        if session is None or row is None or row.retry_at_ms is None:
            continue
        if row.retry_at_ms <= tx.now_ms:
            reasons.want(tx, session, reasons.read(row))


def never_begun(connection: Connection, now_ms: int) -> list[str]:
    """Recordings that no host began and that nobody wants any more, AT_ONCE at most."""
    answered = _s.c.reported_generation >= _s.c.generation
    query = (
        select(_r.c.id)
        .outerjoin(_s, _s.c.id == _r.c.session_id)
        .where(
            _r.c.status == "ordered",
            _r.c.ordered_at_ms < now_ms - NEVER_BEGUN_MS,
            or_(
                _s.c.id.is_(None),
                _s.c.ended_at_ms < now_ms - NEVER_BEGUN_MS,
                and_(
                    answered,
                    _s.c.ended_at_ms.is_(None),
                    or_(
                        _s.c.wanted_recording_id.is_(None),
                        _s.c.wanted_recording_id != _r.c.id,
                    ),
                ),
            ),
        )
        .limit(AT_ONCE)
    )
    return list(connection.execute(query).scalars())


def close_never_begun(tx: Tx, recording_ids: list[str]) -> None:
    """They have failed."""
    for recording_id in recording_ids:
        catalogue.withdraw(tx, recording_id, "it was not wanted any more before it began")


def _full(now_ms: int) -> ColumnElement[bool]:
    return and_(
        _r.c.status == "recording",
        or_(
            _r.c.size_bytes >= _r.c.roll_over_bytes,
            _r.c.started_at_ms + _r.c.roll_over_ms <= now_ms,
        ),
    )
