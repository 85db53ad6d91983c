"""Expressions over sessions and their machines, said of the narrow rows in their place (schema.session_keys).

There text is folded already and what free text is looked for in stands together, so that looking through a hundred
thousand sessions is looking through some megabytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BinaryExpression,
    Column,
    ColumnElement,
    FromClause,
    Select,
    String,
    literal,
    select,
)
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.functions import FunctionElement, coalesce
from sqlalchemy.sql.selectable import ScalarSelect
from sqlalchemy.sql.visitors import replacement_traverse

from footlight.sessions import queries
from footlight.sessions.properties import APPLICATION_IN_USE
from footlight.store import schema
from footlight.store.text import ascii_folded, folded

_s = schema.sessions
_m = schema.machines
_k = schema.session_keys

# Text that is kept folded there; states stand as on the wire.
_FOLDED = {
    column
    for column in _s.columns
    if column.name in _k.columns
    and isinstance(column.type, String)
    and column.name not in ("account_id", "state", "app_state")
}
_BETWEEN = "\n"  # stands in no name


def _words() -> ColumnElement[str]:
    named = (
        _s.c.user_name,
        _s.c.user_display_name,
        _s.c.linux_user,
        _s.c.client_name,
        _s.c.client_address,
        APPLICATION_IN_USE,
    )
    whole: ColumnElement[str] = literal("")
    for one in named:
        whole = whole + _BETWEEN + coalesce(one, "")
    return whole


# What free text is looked for in, of the session itself; session_keys.words says the same.
WORDS = _words()


Resolve = Callable[[Select[Any]], ColumnElement[bool]]


def over_keys(expression: ColumnElement[Any], resolve: Resolve | None = None) -> ColumnElement[Any]:
    """The same of `session_keys` and, where it needs them, of machines. `resolve` makes a condition of a query for
    uids of machines (hosts.py); without, the database looks for them."""

    def replaced(element: Any, **_: Any) -> Any:
        if isinstance(element, BinaryExpression) and element.left is _s.c.machine_id:
            return _on_machines(element, resolve)
        return _replaced(element)

    made: ColumnElement[Any] = replacement_traverse(expression, {}, replaced)
    return made


def tables_for(*expressions: ColumnElement[Any]) -> FromClause:
    """The narrow rows joined with those tables that the expressions (of over_keys) name."""
    return queries.joined_as_needed(_k, _k.c.machine_uid == _m.c.uid, expressions)


def _replaced(element: Any) -> Any:
    if element is APPLICATION_IN_USE:
        return _k.c.application
    if isinstance(element, folded | ascii_folded):
        return _unfolded(element)
    if isinstance(element, Column) and element.table is _s:
        return _m.c.id if element.name == "machine_id" else _k.c[element.name]
    if isinstance(element, coalesce):
        return _never_null(element)
    return None


def _unfolded(element: FunctionElement[str]) -> Any:
    (inner,) = element.clauses
    if inner is WORDS:
        return _k.c.words
    named = set(queries.columns_in(inner)) - {_s.c.app_state}
    # Of machines text is not folded: what has some of it is folded as a whole.
    return over_keys(inner) if named and named <= _FOLDED else None


def _on_machines(element: BinaryExpression[Any], resolve: Resolve | None) -> Any:
    """`machine_id IN (SELECT id ...)`, by uid: machines are looked for once, and their uids are short."""
    if element.operator is not operators.in_op or not isinstance(element.right, ScalarSelect):
        return None
    found = select(_m.c.uid).where(_m.c.id.in_(element.right)).correlate(None)
    return _k.c.machine_uid.in_(found) if resolve is None else resolve(found)


def _never_null(element: FunctionElement[Any]) -> Any:
    """A column that is never null needs nothing instead, and alone it has an index."""
    first, *others = element.clauses
    made = over_keys(first) if len(others) == 1 and isinstance(others[0], BindParameter) else None
    return made if isinstance(made, Column) and made.table is _k and not made.nullable else None
