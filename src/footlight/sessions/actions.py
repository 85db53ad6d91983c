"""What is wanted of a session, written into its row: each write is one more generation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from footlight.sessions import queries
from footlight.sessions.session import UNKNOWN
from footlight.store import outbox, schema
from footlight.store.changes import write_changes
from footlight.store.store import Tx
from footlight.wire.host import Launch, encode

_s = schema.sessions

# What listeners of the store are told when a session has ended: there may be room for another.
ROOM = "room"
KEPT_AFTER_END_MS = 24 * 3_600_000


@dataclass(frozen=True)
class NewSession:
    """All that a session's row needs at its birth."""

    id: str
    account_id: str
    user_display_name: str
    machine_id: str
    launch: Launch
    brokered_by: str  # DOMAIN\\name
    brokering_ms: int
    client_address: str
    launched_via_ip: str | None
    launched_via_host: str | None
    brokered_at_ms: int | None = None  # None: now
    anonymous: bool = False


def create(tx: Tx, *made: NewSession) -> None:
    """The rows of sessions that shall run; the broker orders them once this is committed."""
    if made:
        tx.connection.execute(_s.insert(), [_first_row(tx, new) for new in made])
    for new in made:
        tx.emit("session", new.id, new.account_id)
    tx.wake("order")


def _first_row(tx: Tx, new: NewSession) -> dict[str, Any]:
    return {
        "id": new.id,
        "account_id": new.account_id,
        "user_name": new.launch.user_name,
        "user_display_name": new.user_display_name,
        "machine_id": new.machine_id,
        "resource_id": new.launch.resource_id,
        "resource_name": new.launch.resource_name,
        "session_type": new.launch.session_type,
        "launch": encode(new.launch).decode(),
        "brokered_at_ms": tx.now_ms if new.brokered_at_ms is None else new.brokered_at_ms,
        "brokering_ms": new.brokering_ms,
        "brokered_by": new.brokered_by,
        "generation": 1,
        "wanted": "run",
        "phase": "ordered",
        "state": "Connected",
        "state_changed_at_ms": tx.now_ms,
        "app_state": "PreLogon",
        "app_state_changed_at_ms": tx.now_ms,
        "client_address": new.client_address,
        "launch_client_ip": new.client_address,
        "launched_via_ip": new.launched_via_ip,
        "launched_via_host": new.launched_via_host,
        "is_anonymous": new.anonymous,
        **_origin(tx),
    }


def want_end(tx: Tx, session_id: str, reason: str) -> None:
    """The session shall end. Wanting it again changes nothing."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.ended_at_ms is None and row.wanted != "end":
        _want(tx, row, wanted="end", wanted_end_reason=reason)


def withdraw_end(tx: Tx, session_id: str) -> None:
    """Take a log-off back that the host has not begun."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.wanted == "end" and row.phase not in ("ending", "ended"):
        _want(tx, row, wanted="run", wanted_end_reason=None)


def want_disconnect(tx: Tx, session_id: str) -> int | None:
    """Its viewers shall be closed: the count to wait for. None if nobody is on it, and nothing is written."""
    row = queries.row(tx.connection, session_id)
    if row is None or row.ended_at_ms is not None or row.state != "Active":
        return None
    count = int(row.wanted_disconnects) + 1
    _want(tx, row, wanted_disconnects=count)
    return count


def withdraw_disconnect(tx: Tx, session_id: str, count: int) -> None:
    """Take a disconnect back that the host has not answered."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.wanted_disconnects == count and row.disconnects < count:
        _want(tx, row, wanted_disconnects=int(row.disconnects))


def want_manager_restart(tx: Tx, session_id: str) -> int:
    """Its window manager shall be replaced: the count to wait for."""
    row = queries.row(tx.connection, session_id)
    if row is None or row.ended_at_ms is not None:
        return 0
    count = int(row.manager_restarts) + 1
    if row.wanted_manager_restarts < count:
        _want(tx, row, wanted_manager_restarts=count)
    return count


def withdraw_manager_restart(tx: Tx, session_id: str, count: int) -> None:
    """Take a restart back that the host has not made."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.manager_restarts < count == row.wanted_manager_restarts:
        _want(tx, row, wanted_manager_restarts=int(row.manager_restarts))


def want_recording(
    tx: Tx, session_id: str, recording_id: str | None, *, events_only: bool = False
) -> None:
    """This recording shall run on the session, or none; `events_only`: it holds no screen."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.wanted_recording_id != recording_id:
        events_id = recording_id if events_only else None
        _want(tx, row, wanted_recording_id=recording_id, events_recording_id=events_id)


def want_pre_roll(tx: Tx, session_id: str, seconds: int) -> None:
    """The host shall keep so much of the screen in memory while nothing is recorded."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.wanted_pre_roll_s != seconds:
        _want(tx, row, wanted_pre_roll_s=seconds)


def asked_from(tx: Tx, session_id: str, address: str) -> None:
    """Its user asks for it from that address, and no viewer has come from there yet."""
    row = queries.row(tx.connection, session_id)
    if row is not None and (row.asked_from or row.client_address) != address:
        tx.connection.execute(update(_s).where(_s.c.id == session_id).values(asked_from=address))


def set_hidden(tx: Tx, session_id: str, hidden: bool) -> None:
    """A hidden session is not taken up by launches. The host need not know; setting it again changes nothing."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.is_hidden != hidden:
        tx.connection.execute(update(_s).where(_s.c.id == session_id).values(is_hidden=hidden))
        tx.emit("session", session_id, row.account_id)


def order_again(tx: Tx, session_id: str) -> None:
    """What is wanted has changed in a table beside the session's row: one more generation."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.ended_at_ms is None:
        _want(tx, row)


def settle_unstarted(tx: Tx, session_id: str, reason: str) -> None:
    """A session that no host has ever reported is over, so that a failed launch has no later effect."""
    row = queries.row(tx.connection, session_id)
    if row is not None and row.phase == "ordered":
        tx.wake(ROOM)
        _want(
            tx,
            row,
            wanted="end",
            wanted_end_reason=reason,
            phase="ended",
            ended_at_ms=tx.now_ms,
            end_reason=reason,
        )


def lose_sight(tx: Tx, machine_ids: Collection[str]) -> None:
    """Nobody knows how the sessions of those machines are, until the machines report again."""
    seen = select(_s.c.uid, _s.c.id, _s.c.account_id).where(
        _s.c.machine_id.in_(machine_ids),
        _s.c.ended_at_ms.is_(None),
        _s.c.phase != "ordered",
        _s.c.state != UNKNOWN,
    )
    rows = list(tx.connection.execute(seen))
    lost = {"state": UNKNOWN, "state_changed_at_ms": tx.now_ms}
    write_changes(tx.connection, _s, [(row.uid, lost) for row in rows])
    for row in rows:
        tx.emit("session", row.id, row.account_id)


def forget_old(tx: Tx) -> None:
    """Rows of sessions that ended over 24 h ago go, and changes older than that."""
    before_ms = tx.now_ms - KEPT_AFTER_END_MS
    tx.connection.execute(_s.delete().where(_s.c.ended_at_ms < before_ms))
    outbox.forget(tx, before_ms)


def _want(tx: Tx, row: Any, **values: Any) -> None:
    tx.connection.execute(
        update(_s)
        .where(_s.c.id == row.id)
        .values(generation=row.generation + 1, **_origin(tx), **values)
    )
    tx.emit("session", row.id, row.account_id)
    tx.wake("order")


def _origin(tx: Tx) -> dict[str, Any]:
    """Whose request this is, for the order: also one that is sent again, by another server."""
    return {"wanted_transaction": tx.origin.transaction, "wanted_trace": tx.origin.trace}
