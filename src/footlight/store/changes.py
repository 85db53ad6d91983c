"""Many rows in one statement.

SQLAlchemy spends several microseconds on the parameters of each row of an executemany; what comes by the ten
thousand a second is given to the driver as it is. The values must be what both drivers take: text, numbers,
booleans and None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Insert, Table, Update, bindparam, update

_KEY = "row_uid"


def write_changes(
    connection: Connection, table: Table, changes: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Write (uid, new values by column) into the table: each row at most once, no values empty. As many statements
    as there are sets of columns."""
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for uid, values in changes:
        groups[tuple(values)].append((*values.values(), uid))
    for columns, rows in groups.items():
        write_rows(connection, _update(table, columns), (*columns, _KEY), rows)


def fitting(column: Column[Any], text: str) -> str:
    """What of a text that nobody has checked the column can keep: PostgreSQL refuses more."""
    return text.replace("\0", "")[: getattr(column.type, "length", None)]


def write_rows(
    connection: Connection,
    statement: Insert | Update,
    names: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Execute the statement for each row; `names` says which parameters the values of a row are. The statement is
    made once by the caller: its text is kept for the next time."""
    text, places = _compiled(statement, names, connection.dialect)
    if places is None:
        connection.exec_driver_sql(text, [dict(zip(names, row, strict=True)) for row in rows])
    elif places == tuple(range(len(names))):
        connection.exec_driver_sql(text, list(rows))
    else:
        connection.exec_driver_sql(text, [tuple(row[i] for i in places) for row in rows])


@lru_cache(maxsize=256)
def _update(table: Table, columns: tuple[str, ...]) -> Update:
    # In the order of the rows' values, so that none has to be put into another.
    values: list[Any] = [(table.c[name], bindparam(name)) for name in columns]
    return update(table).where(table.c.uid == bindparam(_KEY)).ordered_values(*values)


@lru_cache(maxsize=256)
def _compiled(
    statement: Insert | Update, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[int, ...] | None]:
    """The statement's text, and at which place of a row each parameter stands; None: they go by name."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    text = str(compiled)
    order = compiled.positiontup
    return text, None if order is None else tuple(names.index(name) for name in order)
