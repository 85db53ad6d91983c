"""Published desktops and applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, or_, select

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
    delivery_group_ids: tuple[str, ...]  # the groups that give it, the first choice first
    # live sessions of it, in all and of one user; 0: as many as one likes
    max_total_instances: int = 0
    max_per_user_instances: int = 0


def find(connection: Connection, name_or_id: str) -> Resource | None:
    """The enabled resource of that id, or of that name in any case."""
    table = schema.resources
    wanted = or_(
        table.c.id == name_or_id.lower(), table.c.name.ilike(_literal(name_or_id), escape="\\")
    )
    row = connection.execute(_resources().where(wanted, table.c.enabled).limit(1)).first()
    return None if row is None else _resource(connection, row)


def every(connection: Connection) -> list[Resource]:
    """All enabled resources that are shown to users, in the order of their making."""
    table = schema.resources
    rows = connection.execute(_resources().where(table.c.enabled, table.c.visible)).all()
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
        max_total_instances=row.max_total_instances,
        max_per_user_instances=row.max_per_user_instances,
    )
