from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import bindparam, event, select
from sqlalchemy.engine import Engine

from footlight.store import schema
from footlight.store.changes import insert_rows, write_changes, write_rows
from footlight.store.store import Store

_t = schema.tags
NAMES = ("id", "name", "description")


async def tags(store: Store) -> dict[str, tuple[str, str | None]]:
    rows = await store.read(lambda c: list(c.execute(select(_t).order_by(_t.c.uid))))
    return {row.id: (row.name, row.description) for row in rows}


async def test_rows_are_written_as_they_are_given(store: Store) -> None:
    def write(tx: Any) -> None:
        rows = [("a", "A", None), ("b", "Ünï", "x")]
        insert_rows(tx.connection, _t, NAMES, rows)
        # The order of the values is the caller's, not the table's.
        insert_rows(tx.connection, _t, ("name", "id"), [("C", "c")])
        insert_rows(tx.connection, _t, NAMES, [])
        renamed = _t.update().where(_t.c.id == bindparam("of")).values(name=bindparam("called"))
        write_rows(tx.connection, renamed, ("of", "called"), [("c", "D"), ("a", "E")])

    await store.write(write)
    assert await tags(store) == {"a": ("E", None), "b": ("Ünï", "x"), "c": ("D", None)}


async def test_each_row_changes_in_its_own_columns_by_one_statement_for_each_set(
    store: Store,
) -> None:
    statements: list[tuple[str, bool]] = []

    def seen(_c: Any, _cursor: Any, statement: str, _p: Any, _ctx: Any, many: bool) -> None:
        if "UPDATE" in statement:
            statements.append((statement, many))

    def write(tx: Any) -> None:
        rows = [(name, name.upper(), None) for name in "abcd"]
        insert_rows(tx.connection, _t, NAMES, rows)
        uids = dict(tx.connection.execute(select(_t.c.id, _t.c.uid)).all())
        changes = [
            (uids["a"], {"name": "A2", "description": "x"}),
            (uids["b"], {"description": "y"}),
            (uids["c"], {"description": None}),
        ]
        write_changes(tx.connection, _t, changes)
        write_changes(tx.connection, _t, [])

    event.listen(Engine, "before_cursor_execute", seen)
    try:
        await store.write(write)
    finally:
        event.remove(Engine, "before_cursor_execute", seen)
    assert await tags(store) == {
        "a": ("A2", "x"),
        "b": ("B", "y"),
        "c": ("C", None),
        "d": ("D", None),
    }
    assert len(statements) == 2


@pytest.mark.parametrize("count", [1, 100, 237])
async def test_however_many(store: Store, count: int) -> None:
    def write(tx: Any) -> list[str]:
        insert_rows(tx.connection, _t, NAMES, [(f"{n}", f"N{n}", None) for n in range(count)])
        rows = tx.connection.execute(select(_t.c.uid, _t.c.id).order_by(_t.c.uid)).all()
        write_changes(tx.connection, _t, [(uid, {"name": f"M{id}"}) for uid, id in rows])
        return [id for _, id in rows]

    expected = [f"{n}" for n in range(count)]
    assert await store.write(write) == expected, "in the order given"
    assert await tags(store) == {id: (f"M{id}", None) for id in expected}
