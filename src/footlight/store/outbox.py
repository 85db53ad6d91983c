"""Reading the outbox in order from any place, and forgetting what is old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from footlight.store import schema
from footlight.store.store import Tx

_o = schema.outbox


@dataclass(frozen=True)
class Following:
    """What comes after a place, at most as many as were asked for. `lost_until`: changes after the place, up to
    this number, are forgotten and can't be told any more; None: nothing is missing."""

    rows: list[Row[Any]]
    lost_until: int | None


def newest(connection: Connection) -> int:
    """The number of the last change; 0 while there is none."""
    return connection.execute(select(func.max(_o.c.seq))).scalar() or 0


def following(connection: Connection, after: int, at_most: int) -> Following:
    """The changes after the number `after`, in their order."""
    query = select(_o).where(_o.c.seq > after).order_by(_o.c.seq).limit(at_most)
    rows = list(connection.execute(query))
    oldest = connection.execute(select(func.min(_o.c.seq))).scalar()
    lost = oldest is not None and oldest > after + 1
    return Following(rows, oldest - 1 if lost and oldest is not None else None)


def forget(tx: Tx, before_ms: int) -> None:
    """Changes older than that go, but for the last of them: a place before the oldest that is left has lost
    something, any other nothing."""
    old = select(func.max(_o.c.seq)).where(_o.c.at_ms < before_ms).scalar_subquery()
    tx.connection.execute(_o.delete().where(_o.c.seq < old))
