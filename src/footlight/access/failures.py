"""The table of wrong sign-ins: shared by all servers of a site and kept over restarts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select, text

from footlight.access.lockout import Failures, Lockout, after_failure
from footlight.store import schema
from footlight.store.store import Tx

MAX_KEYS = 100_000
_table = schema.sign_in_failures
# One statement that both databases take: a row to lock, whoever comes first.
_FIRST = text(
    "INSERT INTO sign_in_failures (key, failures, last_ms) VALUES (:key, 0, :now_ms)"
    " ON CONFLICT (key) DO NOTHING"
)


def read(connection: Connection, keys: Iterable[str]) -> dict[str, Failures]:
    """What stands under the keys; those without failures are left out."""
    rows = connection.execute(select(_table).where(_table.c.key.in_([*keys])))
    return {row.key: Failures(row.failures, row.last_ms, row.locked_until_ms) for row in rows}


def count(tx: Tx, key: str, lockout: Lockout, attempts: int) -> Failures:
    """Add one failure; what stands then. Old rows go, and of too many the oldest."""
    _prune(tx, lockout)
    tx.connection.execute(_FIRST, {"key": key, "now_ms": tx.now_ms})
    chosen = _table.c.key == key
    row = tx.connection.execute(select(_table).where(chosen).with_for_update()).one()
    before = Failures(row.failures, row.last_ms, row.locked_until_ms)
    after = after_failure(before, lockout, attempts, tx.now_ms)
    tx.connection.execute(
        _table.update()
        .where(chosen)
        .values(failures=after.count, last_ms=after.last_ms, locked_until_ms=after.locked_until_ms)
    )
    return after


def forget(tx: Tx, key: str) -> None:
    """Nothing stands against the key any more."""
    tx.connection.execute(_table.delete().where(_table.c.key == key))


def _prune(tx: Tx, lockout: Lockout) -> None:
    old = (_table.c.last_ms < tx.now_ms - lockout.kept_ms) & (_table.c.locked_until_ms < tx.now_ms)
    tx.connection.execute(_table.delete().where(old))
    kept = tx.connection.execute(select(func.count()).select_from(_table)).scalar_one()
    if kept >= MAX_KEYS:
        oldest = select(_table.c.key).order_by(_table.c.last_ms).limit(kept - MAX_KEYS + 1)
        tx.connection.execute(_table.delete().where(_table.c.key.in_(oldest)))
