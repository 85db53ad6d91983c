"""Where a page of a search ends, as a token: the sort keys of the last row, so that what lives throughout stands on
exactly one page whatever comes and goes beside it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, and_, or_

from footlight.sessions.paging import damaged, read_sealed, write_sealed
from footlight.sessions.translation import Condition, Search, SortKey

Key = str | int | bytes  # bytes: of a machine, within one request


@dataclass(frozen=True)
class Position:
    """The last row of a page: its sort keys and uid, and the total counted on the first page."""

    keys: tuple[Key, ...]
    uid: int
    total: int


def write_position(key: bytes, search: Search, position: Position) -> str:
    """The position as a page token, for this search only."""
    body = msgspec.json.encode([position.uid, position.total, *position.keys])
    return write_sealed(key, f"search:{search.name}", body)


def read_position(key: bytes, search: Search, text: str) -> Position:
    """What the token says. Raises Invalid if it is damaged or of another search."""
    body = read_sealed(key, f"search:{search.name}", text)
    uid, total, *keys = msgspec.json.decode(body)
    if len(keys) != len(search.order):
        raise damaged()
    return Position(tuple(keys), uid, total)


def beyond(order: tuple[SortKey, ...], after: Position, by_uid: ColumnElement[int]) -> Condition:
    """(keys, uid) > (keys, uid) of the position, written out since directions may differ."""
    pairs = [*zip(order, after.keys, strict=True), (SortKey(by_uid, False), after.uid)]
    steps: list[Condition] = []
    equal: list[Condition] = []
    for key, value in pairs:
        step = key.expression < value if key.descending else key.expression > value
        steps.append(and_(*equal, step))
        equal.append(key.expression == value)
    return or_(*steps)
