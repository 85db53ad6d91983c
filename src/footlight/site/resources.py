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
    delivery_group_ids: tuple[str, ...]  # the groups that give it, the first choice first


@dataclass(frozen=True)
class Application:
    """A published application, also one that is not enabled."""

    resource: Resource
    enabled: bool


def find(connection: Connection, name_or_id: str) -> Resource | None:
    """The enabled resource of that id, or of that name in any case."""
    table = schema.resources
    wanted = or_(
        table.c.id == name_or_id.lower(), table.c.name.ilike(_literal(name_or_id), escape="\\")
    )
    row = connection.execute(_resources().where(wanted, table.c.enabled).limit(1)).first()
    return None if row is None else _resource(connection, row)


def application(connection: Connection, name_or_id: str) -> Application | None:
    """The application of that id or uid, or of that name in any case; also one that is not enabled."""
    table, text = schema.resources, name_or_id.lower()
    chosen = or_(table.c.id == text, folded(table.c.name) == text)
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, table.c.uid == int(text))
    query = _resources().where(table.c.kind == "Application", chosen).limit(3)
    found = sorted(connection.execute(query), key=lambda row: row.name.lower() != text)
    return Application(_resource(connection, found[0]), bool(found[0].enabled)) if found else None


def every(connection: Connection) -> list[Resource]:
    """All enabled resources in the order of their making."""
    table = schema.resources
    rows = connection.execute(_resources().where(table.c.enabled)).all()
    return [_resource(connection, row) for row in rows]


def _resources() -> Select[Any]:
    return select(schema.resources).order_by(schema.resources.c.uid)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _resource(connection: Connection, row: Row[Any]) -> Resource:
    places = schema.resource_groups
    groups = (
        select(places.c.delivery_group_id)
        .where(places.c.resource_id == row.id)
        .order_by(places.c.priority, places.c.delivery_group_id)
    )
    return Resource(
        id=row.id,
        uid=row.uid,
        name=row.name,
        kind=row.kind,
        command=msgspec.json.decode(row.command, type=list[str]),
        working_dir=row.working_dir,
        delivery_group_ids=tuple(connection.execute(groups).scalars()),
    )
