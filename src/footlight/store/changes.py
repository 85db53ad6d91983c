"""Many rows in one statement.

SQLAlchemy spends several microseconds on the parameters of each row of an executemany, and SQLite as much again on
beginning and ending a statement with triggers for each; what comes by the ten thousand a second is given to the
driver as it is, many rows in each statement: PostgreSQL takes arrays, SQLite lists of values. The values must be
what both drivers take: text, numbers, booleans and None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Dialect,
    Integer,
    String,
    Table,
    Update,
)

_KEY = "uid"
ROWS_AT_ONCE = 100  # in a statement of SQLite; a row has at most some dozen values

_Rows = Sequence[tuple[Any, ...]]


def write_changes(
    connection: Connection, table: Table, changes: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Write (uid, new values by column) into the table: each row at most once, no values empty. Rows with the same
    set of columns are written together."""
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for uid, values in changes:
        groups[tuple(values)].append((*values.values(), uid))
    for columns, rows in groups.items():
        _write(connection, table, columns, rows, updates=True)


def insert_rows(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Add the rows in their order; `names` are the columns of their values."""
    if rows:
        _write(connection, table, names, rows, updates=False)


def fitting(column: Column[Any], text: str) -> str:
    """What of a text that nobody has checked the column can keep: PostgreSQL refuses more."""
    return text.replace("\0", "")[: getattr(column.type, "length", None)]


def write_rows(
    connection: Connection,
    statement: Update,
    names: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Execute the update for each row; `names` says which parameters the values of a row are. The statement is
    made once by the caller: its text is kept for the next time."""
    text, places = _compiled(statement, names, connection.dialect)
    if places is None:
        connection.exec_driver_sql(text, [dict(zip(names, row, strict=True)) for row in rows])
    elif places == tuple(range(len(names))):
        connection.exec_driver_sql(text, list(rows))
    else:
        connection.exec_driver_sql(text, [tuple(row[i] for i in places) for row in rows])


def _write(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: _Rows, *, updates: bool
) -> None:
    make = _update if updates else _insert
    if connection.dialect.name == "postgresql":
        arrays = tuple(list(values) for values in zip(*rows, strict=True))
        connection.exec_driver_sql(make(table, columns, 0), arrays)
        return
    for first in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[first : first + ROWS_AT_ONCE]
        values = tuple(chain.from_iterable(some))
        connection.exec_driver_sql(make(table, columns, len(some)), values)


@lru_cache(maxsize=512)
def _update(table: Table, columns: tuple[str, ...], size: int) -> str:
    """`size`: rows, for SQLite; 0: PostgreSQL's."""
    names = (*columns, _KEY)
    places = ", ".join(f"v{i}" for i in range(len(names)))
    values = ", ".join(f"{name} = v.v{i}" for i, name in enumerate(columns))
    chosen = f"WHERE {table.name}.{_KEY} = v.v{len(columns)}"
    if size:
        given = f"WITH v({places}) AS (VALUES {_marks(len(names), size)})"
        return f"{given} UPDATE {table.name} SET {values} FROM v {chosen}"
    arrays = _arrays(table, names)
    return f"UPDATE {table.name} SET {values} FROM unnest({arrays}) AS v({places}) {chosen}"


@lru_cache(maxsize=512)
def _insert(table: Table, names: tuple[str, ...], size: int) -> str:
    into = f"INSERT INTO {table.name} ({', '.join(names)})"
    if size:
        return f"{into} VALUES {_marks(len(names), size)}"
    return f"{into} SELECT * FROM unnest({_arrays(table, names)})"


def _marks(values: int, rows: int) -> str:
    return ", ".join([f"({', '.join('?' * values)})"] * rows)


def _arrays(table: Table, names: tuple[str, ...]) -> str:
    """The parameters, one for each column. Of text no length is said, so that too long a one is refused as ever."""
    return ", ".join(f"${i}::{_type(table.c[name])}[]" for i, name in enumerate(names, 1))


def _type(column: Column[Any]) -> str:
    match column.type:
        case Boolean():
            return "boolean"
        case BigInteger():
            return "bigint"
        case Integer():
            return "integer"
        case String():
            return "text"
    raise TypeError(f"{column} is written otherwise")


@lru_cache(maxsize=256)
def _compiled(
    statement: Update, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[int, ...] | None]:
    """The statement's text, and at which place of a row each parameter stands; None: they go by name."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    text = str(compiled)
    order = compiled.positiontup
    return text, None if order is None else tuple(names.index(name) for name in order)
