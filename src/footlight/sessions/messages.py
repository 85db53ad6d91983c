"""Messages to the screens of sessions: ordered, then shown, or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from footlight.errors import LimitReached
from footlight.ids import new_guid
from footlight.sessions import actions, queries
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.message import Style

_t = schema.messages

PENDING_AT_MOST = 20  # of one session
KEPT_MS = 24 * 3_600_000


@dataclass(frozen=True)
class NewMessage:
    """What shall be on the screen, and who says so (DOMAIN\\name)."""

    style: Style
    title: str
    text: str
    ordered_by: str


def want(tx: Tx, session_id: str, new: NewMessage) -> str:
    """The message shall be shown; its id. Raises LimitReached when too many wait already."""
    if len(pending(tx.connection, [session_id])) >= PENDING_AT_MOST:
        raise LimitReached("Too many messages wait for this session.", retry_s=10)
    message_id = new_guid()
    tx.connection.execute(
        _t.insert().values(
            id=message_id,
            session_id=session_id,
            style=new.style,
            title=new.title,
            text=new.text,
            ordered_by=new.ordered_by,
            ordered_at_ms=tx.now_ms,
        )
    )
    actions.order_again(tx, session_id)
    return message_id


def pending(connection: Connection, session_ids: Sequence[str]) -> list[Row[Any]]:
    """Messages of these sessions that have not been shown yet, in their order."""
    waiting = (_t.c.session_id.in_(session_ids), _t.c.shown_at_ms.is_(None))
    return list(connection.execute(select(_t).where(*waiting).order_by(_t.c.uid)))


def is_shown(connection: Connection, message_id: str) -> bool:
    """Whether the host has said that it was on the screen."""
    shown = select(_t.c.uid).where(_t.c.id == message_id, _t.c.shown_at_ms.is_not(None))
    return connection.execute(shown).first() is not None


def take_shown(tx: Tx, session_id: str, message_ids: Sequence[str]) -> None:
    """The host says that these were on the screen."""
    waiting = (_t.c.session_id == session_id, _t.c.shown_at_ms.is_(None))
    done = tx.connection.execute(
        update(_t).where(_t.c.id.in_(message_ids), *waiting).values(shown_at_ms=tx.now_ms)
    )
    if done.rowcount:
        row = queries.row(tx.connection, session_id)
        tx.emit("session", session_id, row.account_id if row is not None else None)


def withdraw(tx: Tx, session_id: str, message_id: str) -> None:
    """It shall not be shown after all. One that was shown stays as it is."""
    gone = tx.connection.execute(
        _t.delete().where(_t.c.id == message_id, _t.c.shown_at_ms.is_(None))
    )
    if gone.rowcount:
        actions.order_again(tx, session_id)


def forget_old(tx: Tx) -> None:
    """Messages older than 24 h go."""
    tx.connection.execute(_t.delete().where(_t.c.ordered_at_ms < tx.now_ms - KEPT_MS))
