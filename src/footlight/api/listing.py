"""Pages of the inventory's lists: key set by uid, the total counted on the first page and carried in the token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from footlight.api.parts import Parts
from footlight.api.tokens import page_limit
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.wire.rest.paging import (
    DEFAULT_LIMIT,
    MAXIMUM_LIMIT,
    Collection,
    named_fields,
    projected,
)

Render = Callable[[Connection, Sequence[Row[Any]]], Sequence[msgspec.Struct]]


async def page(
    parts: Parts,
    name: str,
    query: Select[Any],
    uid: ColumnElement[int],
    render: Render,
    *,
    limit: int | None,
    token: str | None,
    fields: str | None = None,
    default_fields: frozenset[str] | None = None,
) -> Collection[Any]:
    """A page of `query`'s rows in the order of `uid`, which is one of its columns labelled "uid". `name` seals
    the token: it is good for this list only. `render` gets the rows of one page, in the same snapshot."""
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    key = parts.site.token_key
    after = read_token(key, name, token) if token else None

    def read(connection: Connection) -> tuple[Sequence[msgspec.Struct], PageToken | None, int]:
        total = (
            after.total
            if after
            else connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        )
        chosen = query.where(uid > (after.after_uid if after else 0)).order_by(uid)
        rows = list(connection.execute(chosen.limit(size + 1)))
        following = PageToken(rows[size - 1].uid, total) if len(rows) > size else None
        return render(connection, rows[:size]), following, total

    items, following, total = await parts.store.read(read)
    wanted = named_fields(fields) or default_fields
    return Collection(
        items=[projected(item, wanted) for item in items],
        continuation_token=write_token(key, name, following) if following else None,
        total_items=total,
    )
