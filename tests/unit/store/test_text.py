"""SQLite is asked; what PostgreSQL would be asked is compared as text."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import column, literal, select
from sqlalchemy.dialects import postgresql

from footlight.store.store import Store
from footlight.store.text import (
    after_backslash,
    ascii_folded,
    class_match,
    fold,
    folded,
    holds,
)


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        (folded(literal("ZOË Ünal ΣΑΣ")), "zoë ünal σας"),
        (folded(literal("A") + "B"), "ab"),
        (ascii_folded(literal("DESK1")), "desk1"),
        (holds(literal("a%b"), "%"), True),
        (holds(literal("a%b"), "_"), False),
        (class_match(literal("desk3"), "desk[0-4]", "^desk[0-4]$"), True),
        (class_match(literal("desk33"), "desk[0-4]", "^desk[0-4]$"), False),
        (after_backslash(literal("EX\\DESK1")), "DESK1"),
        (after_backslash(literal("EX\\")), ""),
    ],
)
async def test_sqlite_answers(store: Store, expression: Any, answer: Any) -> None:
    assert await store.read(lambda c: c.execute(select(expression)).scalar_one()) == answer


async def test_null_stays_null(store: Store) -> None:
    for expression in (folded(literal(None)), holds(literal(None), "a")):
        assert await store.read(lambda c, e=expression: c.execute(select(e)).scalar_one()) is None
    assert fold(None) is None


async def test_order_is_by_code_point(store: Store) -> None:
    names = ["É", "z", "A", "_", "~"]
    union = select(literal(names[0]).label("name"))
    rows = union.union_all(*(select(literal(one)) for one in names[1:])).subquery()
    query = select(rows.c.name).order_by(folded(rows.c.name))
    assert await store.read(lambda c: list(c.execute(query).scalars())) == ["_", "A", "z", "~", "É"]


def test_postgresql_is_asked_in_its_own_words() -> None:
    def sql(expression: object) -> str:
        return str(expression.compile(dialect=postgresql.dialect()))  # type: ignore[attr-defined]

    name = column("name")
    assert sql(folded(name)) == sql(ascii_folded(name)) == 'lower(name) COLLATE "C"'
    assert sql(holds(name, "a")) == "(strpos(name, %(holds_1)s::VARCHAR) > 0)"
    assert sql(after_backslash(name)) == "split_part(name, chr(92), 2)"
    assert sql(class_match(folded(name), "g", "r")) == (
        '(lower(name) COLLATE "C" ~ %(class_match_1)s::VARCHAR)'
    )
