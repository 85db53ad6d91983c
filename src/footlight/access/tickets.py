"""One-time tickets for the display door. The store keeps only their hashes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

from footlight.store import schema
from footlight.store.store import Tx

TICKET_LIFE_MS = 60_000

Mode = Literal["interactive", "view"]


@dataclass(frozen=True)
class Ticket:
    """What a redeemed ticket opens."""

    session_id: str
    account_id: str
    mode: Mode


def make(tx: Tx, ticket: Ticket) -> tuple[str, int]:
    """The ticket's text and its expiry (ms since 1970)."""
    text = secrets.token_urlsafe(24)
    expires_at_ms = tx.now_ms + TICKET_LIFE_MS
    table = schema.tickets
    tx.connection.execute(table.delete().where(table.c.expires_at_ms < tx.now_ms))
    tx.connection.execute(
        table.insert().values(
            ticket_hash=_hash(text),
            session_id=ticket.session_id,
            account_id=ticket.account_id,
            mode=ticket.mode,
            expires_at_ms=expires_at_ms,
        )
    )
    return text, expires_at_ms


def redeem(tx: Tx, text: str) -> Ticket | None:
    """What the ticket opens, once; None for an unknown, used or expired one."""
    table = schema.tickets
    chosen = table.c.ticket_hash == _hash(text)
    row = tx.connection.execute(table.select().where(chosen)).first()
    tx.connection.execute(table.delete().where(chosen))
    if row is None or row.expires_at_ms < tx.now_ms:
        return None
    return Ticket(row.session_id, row.account_id, row.mode)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
