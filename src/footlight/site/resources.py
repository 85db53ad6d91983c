"""Published desktops and applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select

from footlight.store import schema
from footlight.store.text import folded

MAX_NAMED = 64  # of one name


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
    published_name: str = ""  # what users see
    enabled: bool = True
    description: str | None = None
    icon_uid: int | None = None
    restrict_to_tag: str | None = None  # id of the tag that machines must have
    # where its sessions shall be, or must
    home_zone_id: str | None = None
    home_zone_only: bool = False


def named(
    connection: Connection, name_or_id: str, *conditions: ColumnElement[bool], all_: bool = False
) -> list[Resource]:
    """The enabled resources (`all_`: disabled ones, too) of that id, or of that name or published name in any case,
    for which the conditions hold; the likeliest first."""
    table, text = schema.resources, name_or_id.lower()
    wanted = or_(
        table.c.id == text, folded(table.c.name) == text, folded(table.c.published_name) == text
    )
    if not all_:
        conditions = (*conditions, table.c.enabled)
    rows = list(connection.execute(_resources().where(wanted, *conditions).limit(MAX_NAMED)))
    rows.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    return [_resource(connection, row) for row in rows]


def find(connection: Connection, name_or_id: str) -> Resource | None:
    """The likeliest of that name."""
    found = named(connection, name_or_id)
    return found[0] if found else None


def every(connection: Connection) -> list[Resource]:
    """All enabled resources that are shown to users, in the order of their making."""
    table = schema.resources
    rows = connection.execute(_resources().where(table.c.enabled, table.c.visible)).all()
    return [_resource(connection, row) for row in rows]


def _resources() -> Select[Any]:
    return select(schema.resources).order_by(schema.resources.c.uid)


def _resource(connection: Connection, row: Row[Any]) -> Resource:
    places = schema.resource_groups
    groups = (
        select(places.c.delivery_group_id)
        .where(places.c.resource_id == row.id)
        .order_by(places.c.priority, places.c.delivery_group_id)
    )
    settings = msgspec.json.decode(row.settings)
    # HomeZoneMode: "Ignore" and "User" say that the application has no home of its own.
    mode = settings.get("home_zone_mode", "Unknown")
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
        published_name=row.published_name,
        enabled=row.enabled,
        description=row.description,
        icon_uid=row.icon_uid,
        restrict_to_tag=settings.get("restrict_to_tag"),
        home_zone_id=None if mode in ("Ignore", "User") else settings.get("home_zone_id"),
        home_zone_only=mode == "Only",
    )
