"""Which sessions policies have to decide on anew, because something of the session itself has changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from footlight.sessions import actions
from footlight.store import schema
from footlight.store.store import Tx

_v = schema.recording_reviews
_p = schema.recording_policies

WAKE = "recording_review"
IDS_AT_ONCE = 500


def ask(tx: Tx, session_id: str, address: str) -> None:
    """Its user asks for the session from that address, perhaps another one than before."""
    actions.asked_from(tx, session_id, address)
    ask_moved(tx, [session_id])


def ask_moved(tx: Tx, session_ids: Sequence[str]) -> None:
    """These sessions' clients are at other addresses; without a policy that looks at those nobody need decide."""
    if not session_ids or not _any_by_address(tx.connection):
        return
    waiting = set(pending(tx.connection, session_ids))
    new = [one for one in dict.fromkeys(session_ids) if one not in waiting]
    if new:
        tx.connection.execute(
            _v.insert(), [{"session_id": one, "asked_at_ms": tx.now_ms} for one in new]
        )
    tx.wake(WAKE)


def pending(connection: Connection, among: Sequence[str]) -> list[str]:
    """Those of the sessions that wait for a decision."""
    found: list[str] = []
    for start in range(0, len(among), IDS_AT_ONCE):
        query = select(_v.c.session_id).where(
            _v.c.session_id.in_(among[start : start + IDS_AT_ONCE])
        )
        found += connection.execute(query).scalars()
    return found


def oldest(connection: Connection, limit: int) -> list[str]:
    """The sessions that have waited longest, `limit` at most."""
    query = select(_v.c.session_id).order_by(_v.c.asked_at_ms, _v.c.session_id).limit(limit)
    return list(connection.execute(query).scalars())


def done(tx: Tx, session_ids: Sequence[str]) -> None:
    """These have been decided on."""
    tx.connection.execute(_v.delete().where(_v.c.session_id.in_(session_ids)))


def _any_by_address(connection: Connection) -> bool:
    query = select(_p.c.id).where(_p.c.enabled, _p.c.by_address).limit(1)
    return connection.execute(query).first() is not None
