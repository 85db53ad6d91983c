"""Who has a duty: one server at a time, for seconds, by the database's clock.

A holder renews its leases each second. One that is silent for LIFE_MS has lost them: another takes them, and each
taking counts the epoch up. `verify` within a transaction makes sure that a holder which was frozen meanwhile writes
nothing: write transactions follow one another (store.py), so that between the look and the commit nobody takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select, text

from footlight.errors import Unavailable
from footlight.store import schema
from footlight.store.store import Tx

LIFE_MS = 3_000

_l = schema.leases
_NOW = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")


class Lost(Unavailable):
    """Another server has the duty now, or may have it."""


class Lease(NamedTuple):
    """As it stands in the database; `left_ms` below 1: whoever comes may take it."""

    name: str
    holder: str
    epoch: int
    left_ms: int


def now_of(connection: Connection, own_ms: int) -> int:
    """The database's clock, which all its servers have in common; SQLite has none but ours, `own_ms`."""
    if connection.dialect.name != "postgresql":
        return own_ms
    return int(connection.execute(_NOW).scalar_one())


def look(connection: Connection, names: Sequence[str], own_ms: int) -> dict[str, Lease]:
    """Those of these leases that somebody has had, by name."""
    query = select(_l).where(_l.c.name.in_(names))
    rows = list(connection.execute(query))
    now_ms = now_of(connection, own_ms)
    return {
        row.name: Lease(row.name, row.holder, int(row.epoch), int(row.until_ms) - now_ms)
        for row in rows
    }


def acquire(tx: Tx, holder: str, names: Sequence[str]) -> dict[str, int]:
    """Take those that nobody else has; their new epochs by name. Who takes what it has itself (it has started anew
    under its old name) gets a new epoch too."""
    known = look(tx.connection, names, tx.now_ms)
    until_ms = now_of(tx.connection, tx.now_ms) + LIFE_MS
    taken: dict[str, int] = {}
    for name in names:
        lease = known.get(name)
        if lease is None:
            taken[name] = 1
            row = {"name": name, "holder": holder, "until_ms": until_ms, "epoch": 1}
            tx.connection.execute(_l.insert().values(row))
        elif lease.holder == holder or lease.left_ms < 1:
            taken[name] = lease.epoch + 1
            change = _l.update().where(_l.c.name == name)
            values = {"holder": holder, "until_ms": until_ms, "epoch": lease.epoch + 1}
            tx.connection.execute(change.values(values))
    return taken


def renew(tx: Tx, holder: str, held: Mapping[str, int]) -> frozenset[str]:
    """Hold these (epochs by name) for LIFE_MS from now; which of them are held still. One that ran out and that
    nobody took is held again: nothing has happened in between."""
    until_ms = now_of(tx.connection, tx.now_ms) + LIFE_MS
    mine = (_l.c.name.in_(list(held)), _l.c.holder == holder)
    rows = tx.connection.execute(select(_l.c.name, _l.c.epoch).where(*mine))
    kept = frozenset(name for name, epoch in rows if held[name] == epoch)
    if kept:
        change = _l.update().where(_l.c.name.in_(kept), _l.c.holder == holder)
        tx.connection.execute(change.values(until_ms=until_ms))
    return kept


def release(tx: Tx, holder: str, held: Mapping[str, int]) -> None:
    """Let these go, for others to take at once. What is not held any more stays as it is."""
    for name, epoch in held.items():
        chosen = (_l.c.name == name, _l.c.holder == holder, _l.c.epoch == epoch)
        tx.connection.execute(_l.update().where(*chosen).values(until_ms=0))


def verify(tx: Tx, holder: str, name: str, epoch: int) -> None:
    """Raises Lost unless the lease is the holder's of that epoch. Whether its time is over is of no matter as long
    as nobody else has taken it."""
    mine = (_l.c.name == name, _l.c.holder == holder, _l.c.epoch == epoch)
    if tx.connection.execute(select(_l.c.name).where(*mine)).first() is None:
        raise Lost(f"Another server has the duty {name!r} now.")
