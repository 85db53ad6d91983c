"""The servers of a site: each has a row while it is up, and says each few seconds that it still is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from footlight.store import schema
from footlight.store.leases import now_of
from footlight.store.store import Tx

# Far above the life of a lease: what a server was doing is given up only when it is surely gone.
GONE_AFTER_MS = 30_000
SAY_EACH_MS = 5_000
FORGOTTEN_AFTER_MS = 86_400_000

_s = schema.servers


@dataclass(frozen=True)
class Server:
    """One server. Its id stays the same when it starts anew on the same folder."""

    id: str
    name: str  # of its machine
    version: str


def arrive(tx: Tx, server: Server, *, alone: bool = False) -> None:
    """The server is up from now on. `alone`: no other can be."""
    chosen = _s.delete() if alone else _s.delete().where(_s.c.id == server.id)
    tx.connection.execute(chosen)
    now_ms = now_of(tx.connection, tx.now_ms)
    tx.connection.execute(
        _s.insert().values(
            id=server.id,
            name=server.name[:255],
            version=server.version[:64],
            started_at_ms=now_ms,
            seen_at_ms=now_ms,
        )
    )


def say(tx: Tx, server: Server) -> None:
    """It is up still; its row is made again where others have given it up meanwhile."""
    seen = _s.update().where(_s.c.id == server.id)
    now_ms = now_of(tx.connection, tx.now_ms)
    if tx.connection.execute(seen.values(seen_at_ms=now_ms)).rowcount == 0:
        arrive(tx, server)


def leave(tx: Tx, server_id: str) -> None:
    """It has ended."""
    tx.connection.execute(_s.delete().where(_s.c.id == server_id))


def alive(connection: Connection, own_ms: int) -> frozenset[str]:
    """The ids of those that are up; `own_ms` is our clock, where the database has none."""
    since_ms = now_of(connection, own_ms) - GONE_AFTER_MS
    return frozenset(
        connection.execute(select(_s.c.id).where(_s.c.seen_at_ms >= since_ms)).scalars()
    )


def any_gone(connection: Connection, own_ms: int) -> bool:
    """Whether forget_gone has anything to do."""
    since_ms = now_of(connection, own_ms) - FORGOTTEN_AFTER_MS
    return connection.execute(select(_s.c.id).where(_s.c.seen_at_ms < since_ms)).first() is not None


def forget_gone(tx: Tx) -> None:
    """Rows of servers that ended without a word go after a day: until then one may have been frozen only."""
    since_ms = now_of(tx.connection, tx.now_ms) - FORGOTTEN_AFTER_MS
    tx.connection.execute(_s.delete().where(_s.c.seen_at_ms < since_ms))
