"""Published desktops and applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, or_, select

from footlight.store import schema


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


def find(connection: Connection, name_or_id: str) -> Resource | None:
    """The enabled resource of that id, or of that name in any case."""
    table = schema.resources
    wanted = or_(
        table.c.id == name_or_id.lower(), table.c.name.ilike(_literal(name_or_id), escape="\\")
    )
    row = connection.execute(select(table).where(wanted, table.c.enabled).limit(1)).first()
    return None if row is None else _resource(row)


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
