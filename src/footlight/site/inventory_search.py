"""Searching what a site has: pages by key set over one table and those joined to it, as sessions are searched
(sessions/search.py), with the properties of another noun. Source: rest-api.md section 5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select

from footlight.sessions import wildcards
from footlight.sessions.operators import matches
from footlight.sessions.positions import Position, beyond
from footlight.sessions.translation import Condition, Search, Translation, together


class TextTranslation(Translation):
    """Of a noun whose free text is looked for in `texts`, columns of the searched tables."""

    texts: ClassVar[Sequence[ColumnElement[Any]]] = ()

    def basic(self, text: str) -> Condition:
        """Where the text stands in some string of the object."""
        return or_(matches(together(self.texts), wildcards.within(tuple(text.lower()))))


def page(
    connection: Connection,
    tables: FromClause,
    uid: ColumnElement[int],
    seen: Condition,
    search: Search,
    limit: int,
    *,
    after: Position | None = None,
    skip: int = 0,
) -> tuple[list[int], int, Position | None]:
    """Uids of up to `limit` matches among those for which `seen` holds, after a position or after the first
    `skip`; how many match in all; and where the page ends (None: there is no more)."""
    found = and_(seen, search.condition)
    keys = [key.expression for key in search.order]
    directions = [
        key.expression.desc() if key.descending else key.expression for key in search.order
    ]
    query = select(uid, *keys).select_from(tables).where(found)
    query = query.offset(skip) if after is None else query.where(beyond(search.order, after, uid))
    picked = list(connection.execute(query.order_by(*directions, uid).limit(limit + 1)))
    more = len(picked) > limit
    if after is not None:
        total = after.total
    elif skip == 0 and not more:
        total = len(picked)
    else:
        count = select(func.count()).select_from(tables).where(found)
        total = connection.execute(count).scalar_one()
    uids = [row[0] for row in picked[:limit]]
    if not more:
        return uids, total, None
    last, *values = picked[limit - 1]
    return uids, total, Position(tuple(values), last, total)
