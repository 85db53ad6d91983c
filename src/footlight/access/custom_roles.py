"""Roles: found by name or id, and those that a site makes. A role is the whole site's: changing one changes what
administrators of every scope may do, so it needs the permission everywhere, and all that the role grants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from footlight.access.roles import BUILT_IN, permissions_of
from footlight.audit.log import Act, record
from footlight.caller import Caller, Grant, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import new_guid
from footlight.site.names import checked_name, checked_text
from footlight.store import schema
from footlight.store.store import Tx
from footlight.store.text import folded

_r = schema.roles
_p = schema.role_permissions


def get(connection: Connection, name_or_id: str) -> Row[Any]:
    """The role of that id or uid, or of that name in any case. Raises NotFound."""
    text = name_or_id.lower()
    chosen = or_(_r.c.id == text, folded(_r.c.name) == text)
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, _r.c.uid == int(text))
    found = list(connection.execute(select(_r).where(chosen).limit(3)))
    found.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    if not found:
        raise NotFound("There is no such role.", entityType="Role", id=name_or_id[:256])
    return found[0]


def create(
    tx: Tx, caller: Caller, name: str | None, description: str | None, permissions: Sequence[str]
) -> str:
    """The id of a new role. Raises Invalid, Forbidden, Conflict."""
    caller.require_everywhere(Permission.ADMIN_MANAGE)
    granted = _known(permissions)
    _require_covered(caller, granted)
    chosen = _free_name(tx.connection, name)
    role_id = new_guid()
    values = {"name": chosen, "description": checked_text(description)}
    tx.connection.execute(_r.insert().values(id=role_id, is_built_in=False, **values))
    _grant(tx, role_id, granted)
    tx.emit("role", role_id)
    act = Act(
        text=f"Create role '{chosen}'",
        target_type="Role",
        object_id=role_id,
        object_name=chosen,
        changes={"Permissions": (None, sorted(granted))},
    )
    record(tx, caller, act)
    return role_id


def change(
    tx: Tx,
    caller: Caller,
    role: Row[Any],
    *,
    name: str | None,
    description: str | None,
    permissions: Sequence[str] | None,
) -> None:
    """Change what is not None; at once for everybody who has the role. Raises Invalid, Forbidden, Conflict."""
    before = _own(tx.connection, caller, role)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = _free_name(tx.connection, name, but=role.id)
    if description is not None:
        values["description"] = checked_text(description)
    changes = {
        member.title(): (getattr(role, member), value)
        for member, value in values.items()
        if getattr(role, member) != value
    }
    if permissions is not None:
        granted = _known(permissions)
        _require_covered(caller, granted)
        if granted != before:
            changes["Permissions"] = (sorted(before), sorted(granted))
            tx.connection.execute(_p.delete().where(_p.c.role_id == role.id))
            _grant(tx, role.id, granted)
    if values:
        tx.connection.execute(_r.update().where(_r.c.id == role.id).values(**values))
    tx.emit("role", role.id)
    act = Act(
        text=f"Edit role '{role.name}'",
        target_type="Role",
        object_id=role.id,
        object_name=role.name,
        changes=changes,
    )
    record(tx, caller, act)


def delete(tx: Tx, caller: Caller, role: Row[Any]) -> None:
    """Remove a role that no administrator has. Raises Forbidden, Conflict."""
    _own(tx.connection, caller, role)
    rights = schema.administrator_rights
    held = select(rights.c.account_id).where(rights.c.role_id == role.id).limit(1)
    if tx.connection.execute(held).first() is not None:
        raise Conflict(f"Administrators have the role {role.name!r}.", id=role.id)
    tx.connection.execute(_p.delete().where(_p.c.role_id == role.id))
    tx.connection.execute(_r.delete().where(_r.c.id == role.id))
    tx.emit("role", role.id)
    text = f"Delete role '{role.name}'"
    record(tx, caller, Act(text=text, target_type="Role", object_id=role.id, object_name=role.name))


def _own(connection: Connection, caller: Caller, role: Row[Any]) -> frozenset[Permission]:
    """What the role grants, if the caller may change it."""
    caller.require_everywhere(Permission.ADMIN_MANAGE)
    if role.id in BUILT_IN:
        raise Conflict("A built-in role is the same on every site.", id=role.id)
    granted = permissions_of(connection, role.id)
    _require_covered(caller, granted)
    return granted


def _require_covered(caller: Caller, permissions: Iterable[Permission]) -> None:
    lacking = sorted(p for p in permissions if not caller.covers([Grant(frozenset({p}))]))
    if lacking:
        raise Forbidden(
            "A role may only be changed by who has all that it grants, in the scope All.",
            permissions=", ".join(lacking),
        )


def _known(names: Sequence[str]) -> frozenset[Permission]:
    by_name = {str(permission).lower(): permission for permission in Permission}
    unknown = [name for name in names if name.strip().lower() not in by_name]
    if unknown:
        raise Invalid(
            f"There is no permission {unknown[0][:64]!r}.",
            name="Permissions",
            problem="invalidEnum",
        )
    if not names:
        raise Invalid("A role grants at least one permission.", name="Permissions")
    return frozenset(by_name[name.strip().lower()] for name in names)


def _free_name(connection: Connection, text: str | None, *, but: str = "") -> str:
    name = checked_name(text)
    taken = select(_r.c.id).where(folded(_r.c.name) == name.lower(), _r.c.id != but)
    if connection.execute(taken).first() is not None:
        raise Conflict(f"There is a role {name!r} already.", code="RoleAlreadyExists", name=name)
    return name


def _grant(tx: Tx, role_id: str, permissions: Iterable[Permission]) -> None:
    rows = [{"role_id": role_id, "permission": str(p)} for p in sorted(permissions)]
    tx.connection.execute(_p.insert(), rows)
