"""Many rows that change, each in columns of its own, in as few statements as there are sets of columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, Update, bindparam, update

_KEY = "row_uid"


def write_changes(
    connection: Connection, table: Table, changes: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Write (uid, new values by column) into the table; each row at most once, values not empty."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for uid, values in changes:
        # Sorted, so that the same columns named in another order are the same statement.
        groups[tuple(sorted(values))].append({_KEY: uid, **values})
    for columns, rows in groups.items():
        connection.execute(_statement(table, columns), rows)


@lru_cache(maxsize=256)
def _statement(table: Table, columns: tuple[str, ...]) -> Update:
    values = {name: bindparam(name) for name in columns}
    return update(table).where(table.c.uid == bindparam(_KEY)).values(values)
