"""Scopes: named sets of catalogs and delivery groups. The scope All is no row; it holds everything.

Putting an object into a scope gives everybody who has rights there those rights on it. So it needs, besides the
permission to manage administrators, all those rights on the object: nobody grants what he has not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select, true

from footlight.access.roles import permissions_of
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import ZERO_GUID, new_guid
from footlight.site.names import checked_name, checked_text
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.store.text import folded

ALL_NAME = "All"
MAX_OBJECTS = 1000  # named in one request

_s = schema.scopes
_on = schema.scope_objects
_rights = schema.administrator_rights


@dataclass(frozen=True)
class Held:
    """An object of a scope."""

    kind: str  # sight.CATALOG, sight.GROUP
    id: str
    uid: int
    name: str
    description: str | None


@dataclass(frozen=True)
class Named:
    """An object as a caller names it."""

    kind: str
    name_or_id: str


_TABLES: dict[str, Table] = {
    sight.CATALOG: schema.catalogs,
    sight.GROUP: schema.delivery_groups,
}


def seen(caller: Caller) -> ColumnElement[bool]:
    """Scopes that the caller may know of: those in which it may read administrators."""
    mine = caller.scopes_of(Permission.ADMIN_READ)
    return true() if mine is None else _s.c.id.in_(sorted(mine))


def is_all(name_or_id: str) -> bool:
    """Whether this names the scope All."""
    return name_or_id.strip().lower() in (ALL_NAME.lower(), ZERO_GUID)


def get(connection: Connection, caller: Caller, name_or_id: str) -> Row[Any]:
    """The scope of that id or uid, or of that name in any case. Raises NotFound, also for one that the caller
    may not know of."""
    text = name_or_id.strip().lower()
    chosen = or_(_s.c.id == text, folded(_s.c.name) == text)
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, _s.c.uid == int(text))
    found = list(connection.execute(select(_s).where(chosen, seen(caller)).limit(3)))
    found.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    if not found:
        raise NotFound(
            "There is no such scope.", code="ScopeNotFound", entityType="Scope", id=name_or_id[:256]
        )
    return found[0]


def objects(connection: Connection, caller: Caller, scope_id: str) -> list[Held]:
    """What the scope holds, of what the caller sees; for the scope All everything."""
    found: list[Held] = []
    for kind, table in _TABLES.items():
        held = select(_on.c.object_id).where(_on.c.scope_id == scope_id, _on.c.object_kind == kind)
        chosen = true() if scope_id == ZERO_GUID else table.c.id.in_(held)
        query = select(table).where(chosen, _sight(kind, caller)).order_by(table.c.uid)
        found += [
            Held(kind, row.id, row.uid, row.name, row.description)
            for row in connection.execute(query)
        ]
    return found


def create(
    tx: Tx, caller: Caller, name: str | None, description: str | None, wanted: Iterable[Named]
) -> str:
    """The id of a new scope. Raises Invalid, Forbidden, NotFound, Conflict."""
    # Nobody has rights in a new scope: who may manage administrators in some scopes only would not see it.
    caller.require_everywhere(Permission.ADMIN_MANAGE)
    chosen = _free_name(tx.connection, name)
    held = [_found(tx.connection, caller, one) for one in wanted]
    scope_id = new_guid()
    values = {"name": chosen, "description": checked_text(description)}
    tx.connection.execute(_s.insert().values(id=scope_id, **values))
    for one in dict.fromkeys(held):
        _put(tx, scope_id, one)
    tx.emit("scope", scope_id)
    act = Act(
        text=f"Create scope '{chosen}'",
        target_type="Scope",
        object_id=scope_id,
        object_name=chosen,
        changes={"ScopedObjects": (None, _names(held))},
    )
    record(tx, caller, act)
    return scope_id


def change(
    tx: Tx,
    caller: Caller,
    scope: Row[Any],
    *,
    name: str | None,
    description: str | None,
    wanted: Iterable[Named] | None,
) -> None:
    """Change what is not None; objects are replaced, but those that the caller does not see stay.
    Raises Invalid, Forbidden, NotFound, Conflict."""
    _require_own(caller, scope)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = _free_name(tx.connection, name, but=scope.id)
    if description is not None:
        values["description"] = checked_text(description)
    changes = {
        member.title(): (getattr(scope, member), value)
        for member, value in values.items()
        if getattr(scope, member) != value
    }
    if wanted is not None:
        before = objects(tx.connection, caller, scope.id)
        after = list(dict.fromkeys(_found(tx.connection, caller, one) for one in wanted))
        for one in [one for one in after if one not in before]:
            require_widening(tx.connection, caller, scope.id, one.kind, one.id)
            _put(tx, scope.id, one)
        for one in [one for one in before if one not in after]:
            require_widening(tx.connection, caller, scope.id, one.kind, one.id)
            chosen = (_on.c.scope_id == scope.id, _on.c.object_kind == one.kind)
            tx.connection.execute(_on.delete().where(*chosen, _on.c.object_id == one.id))
        if before != after:
            changes["ScopedObjects"] = (_names(before), _names(after))
    if values:
        tx.connection.execute(_s.update().where(_s.c.id == scope.id).values(**values))
    tx.emit("scope", scope.id)
    act = Act(
        text=f"Edit scope '{scope.name}'",
        target_type="Scope",
        object_id=scope.id,
        object_name=scope.name,
        changes=changes,
    )
    record(tx, caller, act)


def delete(tx: Tx, caller: Caller, scope: Row[Any]) -> None:
    """Remove a scope in which no administrator has rights. Raises Forbidden, Conflict."""
    _require_own(caller, scope)
    held = select(_rights.c.account_id).where(_rights.c.scope_id == scope.id).limit(1)
    if tx.connection.execute(held).first() is not None:
        raise Conflict(f"Administrators have rights in the scope {scope.name!r}.", id=scope.id)
    tx.connection.execute(_on.delete().where(_on.c.scope_id == scope.id))
    tx.connection.execute(_s.delete().where(_s.c.id == scope.id))
    tx.emit("scope", scope.id)
    text = f"Delete scope '{scope.name}'"
    act = Act(text=text, target_type="Scope", object_id=scope.id, object_name=scope.name)
    record(tx, caller, act)


def require_widening(
    connection: Connection, caller: Caller, scope_id: str, kind: str, object_id: str
) -> None:
    """Raises Forbidden unless the caller has on the object all that anybody has in the scope: what putting
    the object there grants, and taking it out takes away."""
    roles = select(_rights.c.role_id).where(_rights.c.scope_id == scope_id).distinct()
    granted = {
        permission
        for role_id in connection.execute(roles).scalars()
        for permission in permissions_of(
            connection, role_id, separate_duties=caller.separate_duties
        )
    }
    held = select(_on.c.scope_id).where(_on.c.object_kind == kind, _on.c.object_id == object_id)
    around = frozenset(connection.execute(held).scalars())
    for permission in sorted(granted):
        mine = caller.scopes_of(permission)
        if mine is not None and not mine & around:
            raise Forbidden(
                f"Administrators of the scope have the permission {permission}, which you do not have on"
                " the object.",
                id=object_id,
            )


def _require_own(caller: Caller, scope: Row[Any]) -> None:
    caller.require(Permission.ADMIN_MANAGE)
    mine = caller.scopes_of(Permission.ADMIN_MANAGE)
    if mine is not None and scope.id not in mine:
        raise Forbidden(f"This needs the permission {Permission.ADMIN_MANAGE}.", id=scope.id)


def _found(connection: Connection, caller: Caller, named: Named) -> Held:
    table = _TABLES[named.kind]
    text = named.name_or_id.strip().lower()
    # Objects in folders are written Folder|Name: names are unique without them.
    chosen = or_(table.c.id == text, folded(table.c.name) == text.rpartition("|")[2])
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, table.c.uid == int(text))
    query = select(table).where(chosen, _sight(named.kind, caller)).order_by(table.c.uid).limit(16)
    found = list(connection.execute(query))
    found.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    if not found:
        raise NotFound("There is no such object.", entityType=named.kind, id=named.name_or_id[:256])
    row = found[0]
    return Held(named.kind, row.id, row.uid, row.name, row.description)


def _sight(kind: str, caller: Caller) -> ColumnElement[bool]:
    return sight.catalogs(caller) if kind == sight.CATALOG else sight.groups(caller)


def _put(tx: Tx, scope_id: str, one: Held) -> None:
    values = {"scope_id": scope_id, "object_kind": one.kind, "object_id": one.id}
    tx.connection.execute(_on.insert().values(**values))


def _names(held: Iterable[Held]) -> list[str]:
    return [f"{one.kind} {one.name}" for one in held]


def _free_name(connection: Connection, text: str | None, *, but: str = "") -> str:
    name = checked_name(text)
    if is_all(name):
        raise Conflict("There is a scope All already.", code="ScopeAlreadyExists", name=name)
    taken = select(_s.c.id).where(folded(_s.c.name) == name.lower(), _s.c.id != but)
    if connection.execute(taken).first() is not None:
        raise Conflict(f"There is a scope {name!r} already.", code="ScopeAlreadyExists", name=name)
    return name


def checked_kind(text: str) -> str:
    """The kind of object as the table has it. Raises Invalid for one that no scope holds here."""
    kinds = {kind.lower(): kind for kind in _TABLES}
    kind = kinds.get(text.strip().lower())
    if kind is None:
        raise Invalid(
            "Scopes hold objects of the types MachineCatalog and DeliveryGroup.",
            name="ScopedObjects.ObjectType",
            problem="invalidEnum",
        )
    return kind
