"""Which scopes hold which catalogs and delivery groups, and who may put them there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from footlight.caller import Caller, Permission
from footlight.errors import Forbidden, NotFound
from footlight.ids import ZERO_GUID
from footlight.store import schema
from footlight.store.store import Tx
from footlight.store.text import folded

MAX_SCOPES_OF_OBJECT = 100

_s = schema.scopes
_on = schema.scope_objects
# Made once: it is asked for each page of a list.
_HOLDING = (
    select(_on.c.object_id, _s)
    .join(_s, _on.c.scope_id == _s.c.id)
    .where(_on.c.object_id.in_(bindparam("objects", expanding=True)))
    .order_by(folded(_s.c.name))
)


def of_objects(
    connection: Connection, caller: Caller, permission: Permission, object_ids: Iterable[str]
) -> dict[str, list[Row[Any]]]:
    """By object, the rows of the scopes that hold it, by name, of those in which the caller has the permission.
    The scope All, which holds everything, is no row."""
    query = _HOLDING
    mine = caller.scopes_of(permission)
    if mine is not None:
        query = query.where(_s.c.id.in_(sorted(mine)))
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query, {"objects": list(object_ids)}):
        found.setdefault(row.object_id, []).append(row)
    return found


def for_new(
    connection: Connection, caller: Caller, permission: Permission, names: Sequence[str] | None
) -> list[str]:
    """Ids of the scopes into which an object goes that the caller makes: those named, else those in which it
    has the permission. None for who has it everywhere and names none. Raises NotFound, Forbidden."""
    mine = caller.scopes_of(permission)
    if not names:
        return [] if mine is None else sorted(mine)
    ids = _ids(connection, mine, names)
    if mine is not None and not ids:
        raise Forbidden("An object of yours is in one of your scopes.", entityType="Scope")
    return ids


def put(
    tx: Tx, caller: Caller, permission: Permission, kind: str, object_id: str, names: Sequence[str]
) -> None:
    """The object is in exactly the scopes named; in those in which the caller has not the permission it stays
    as it is. Raises NotFound, and Forbidden where the caller would lose it."""
    mine = caller.scopes_of(permission)
    ids = set(_ids(tx.connection, mine, names))
    if mine is not None and not ids:
        raise Forbidden("An object of yours is in one of your scopes.", entityType="Scope")
    chosen = (_on.c.object_kind == kind, _on.c.object_id == object_id)
    held = set(tx.connection.execute(select(_on.c.scope_id).where(*chosen)).scalars())
    gone = held - ids if mine is None else (held & mine) - ids
    if gone:
        tx.connection.execute(_on.delete().where(*chosen, _on.c.scope_id.in_(sorted(gone))))
    add(tx, kind, object_id, sorted(ids - held))


def add(tx: Tx, kind: str, object_id: str, scope_ids: Iterable[str]) -> None:
    """The object is in these scopes too."""
    for scope_id in scope_ids:
        values = {"scope_id": scope_id, "object_kind": kind, "object_id": object_id}
        tx.connection.execute(_on.insert().values(**values))


def forget_object(tx: Tx, kind: str, object_id: str) -> None:
    """The object is deleted: no scope holds it any more."""
    chosen = (_on.c.object_kind == kind, _on.c.object_id == object_id)
    tx.connection.execute(_on.delete().where(*chosen))


def names_of(found: Mapping[str, Sequence[Row[Any]]], object_id: str) -> list[str]:
    """The names of an object's scopes, from what of_objects gives."""
    return [str(row.name) for row in found.get(object_id, ())]


def _ids(connection: Connection, mine: frozenset[str] | None, names: Sequence[str]) -> list[str]:
    """Scopes that the caller does not have are as unknown as those that there are not."""
    found: list[str] = []
    for name in names[:MAX_SCOPES_OF_OBJECT]:
        text = name.strip().lower()
        if text in ("all", ZERO_GUID) and mine is None:
            continue  # holds everything anyway
        chosen = or_(_s.c.id == text, folded(_s.c.name) == text)
        scope_id = connection.execute(select(_s.c.id).where(chosen)).scalar()
        if scope_id is None or (mine is not None and scope_id not in mine):
            raise NotFound(
                "There is no such scope.", code="ScopeNotFound", entityType="Scope", id=name[:256]
            )
        found.append(scope_id)
    return sorted(set(found))
