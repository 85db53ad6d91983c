"""Reading the chain: entries by number, filtered by what is repeated in their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from footlight.store import schema

_a = schema.audit


@dataclass(frozen=True)
class Wanted:
    """Which entries, and in which order. `after` and `before` are numbers of entries, exclusive."""

    condition: tuple[ColumnElement[bool], ...] = ()
    newest_first: bool = True


@dataclass(frozen=True)
class Page:
    """Rows of the audit table, whether more follow, and how many there are in all."""

    rows: list[Row[Any]]
    more: bool
    total: int


def page(
    connection: Connection, wanted: Wanted, limit: int, beyond: int | None, total: int | None
) -> Page:
    """Up to `limit` entries beyond that number, in the order that is wanted. Counted when `total` is None."""
    if total is None:
        count = select(func.count()).select_from(_a).where(*wanted.condition)
        total = connection.execute(count).scalar_one()
    query = select(_a).where(*wanted.condition)
    if beyond is not None:
        query = query.where(_a.c.seq < beyond if wanted.newest_first else _a.c.seq > beyond)
    ordered = query.order_by(_a.c.seq.desc() if wanted.newest_first else _a.c.seq)
    rows = list(connection.execute(ordered.limit(limit + 1)))
    return Page(rows[:limit], len(rows) > limit, total)
