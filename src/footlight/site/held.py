"""Whether a caller has a permission on one object, which it sees."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Table, select

from footlight.caller import Caller, Permission
from footlight.errors import Forbidden
from footlight.store import schema, sight


def machine(
    connection: Connection, caller: Caller, permission: Permission, machine_id: str
) -> None:
    """Raises Forbidden."""
    held = sight.machines(caller, permission)
    _require(connection, permission, schema.machines, machine_id, held)


def catalog(
    connection: Connection, caller: Caller, permission: Permission, catalog_id: str
) -> None:
    """Raises Forbidden."""
    held = sight.catalogs(caller, permission)
    _require(connection, permission, schema.catalogs, catalog_id, held)


def group(connection: Connection, caller: Caller, permission: Permission, group_id: str) -> None:
    """Raises Forbidden."""
    held = sight.groups(caller, permission)
    _require(connection, permission, schema.delivery_groups, group_id, held)


def _require(
    connection: Connection,
    permission: Permission,
    table: Table,
    object_id: str,
    held: ColumnElement[bool],
) -> None:
    one = select(table.c.id).where(table.c.id == object_id, held)
    if connection.execute(one).first() is None:
        raise Forbidden(f"This needs the permission {permission}.", id=object_id)
