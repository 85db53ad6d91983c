"""Published desktops and applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, or_, select

from footlight.store import schema
from footlight.store.text import folded


@dataclass(frozen=True)
class Resource:
    """What can be launched. An empty command is the desktop itself."""

    id: str
    uid: int
    name: str
    kind: str  # Desktop, Application
    command: list[str]
    working_dir: str | None
    delivery_group_id: str


@dataclass(frozen=True)
class Application:
    """A published application with its delivery group."""

    resource: Resource
    enabled: bool
    delivery_group_name: str


def find(connection: Connection, name_or_id: str) -> Resource | None:
    """The enabled resource of that id, or of that name in any case."""
    table = schema.resources
    wanted = or_(
        table.c.id == name_or_id.lower(), table.c.name.ilike(_literal(name_or_id), escape="\\")
    )
    row = connection.execute(select(table).where(wanted, table.c.enabled).limit(1)).first()
    return None if row is None else _resource(row)


def application(connection: Connection, name_or_id: str) -> Application | None:
    """The application of that id or uid, or of that name in any case; also one that is not enabled."""
    table, text = schema.resources, name_or_id.lower()
    chosen = or_(table.c.id == text, folded(table.c.name) == text)
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, table.c.uid == int(text))
    query = _applications().where(chosen).order_by(table.c.uid).limit(3)
    found = sorted(connection.execute(query), key=lambda row: row.name.lower() != text)
    return _application(found[0]) if found else None


def _applications() -> Select[Any]:
    table, group = schema.resources, schema.delivery_groups
    return (
        select(table, group.c.name.label("g_name"))
        .join(group, table.c.delivery_group_id == group.c.id)
        .where(table.c.kind == "Application")
    )


def _application(row: Row[Any]) -> Application:
    return Application(_resource(row), bool(row.enabled), row.g_name)


def every(connection: Connection) -> list[Resource]:
    """All enabled resources in the order of their making."""
    table = schema.resources
    rows = connection.execute(select(table).where(table.c.enabled).order_by(table.c.uid))
    return [_resource(row) for row in rows]


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _resource(row: Row[Any]) -> Resource:
    return Resource(
        id=row.id,
        uid=row.uid,
        name=row.name,
        kind=row.kind,
        command=msgspec.json.decode(row.command, type=list[str]),
        working_dir=row.working_dir,
        delivery_group_id=row.delivery_group_id,
    )
