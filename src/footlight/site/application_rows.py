"""Reading published applications: their rows, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from footlight.caller import Caller, Permission
from footlight.errors import Forbidden, NotFound
from footlight.site import entitlement, folders, scoping, tags
from footlight.site.entitlement import OPEN, Rule
from footlight.site.names import FOLDER_BREAK
from footlight.site.tags import Tagged
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest.application import CpuPriorityLevel, HomeZoneMode

_r = schema.resources
_f = schema.folders
_g = schema.delivery_groups
_in = schema.resource_groups


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Column `settings`: members as clients gave them. All but the command line and the
    home zone have no effect here."""

    executable: str | None = None
    arguments: str | None = None
    client_folder: str | None = None
    categories: tuple[str, ...] = ()
    cpu_priority_level: CpuPriorityLevel = "Normal"
    do_not_enumerate: bool = False
    home_zone_id: str | None = None
    home_zone_mode: HomeZoneMode = "Unknown"
    icon_from_client: bool = False
    shortcut_added_to_desktop: bool = False
    shortcut_added_to_start_menu: bool = False
    start_menu_folder: str | None = None
    wait_for_printer_creation: bool = False
    metadata: str = "{}"  # as site/metadata.py writes it


@dataclass(frozen=True)
class Facts:
    """What stands beside an application's row: groups that the caller sees, the first choice first."""

    groups: Sequence[Any] = ()  # id, uid, name, priority
    tags: Sequence[str] = ()
    scopes: Sequence[Row[Any]] = ()  # of the groups
    rule: Rule = OPEN


def rows() -> Select[Any]:
    """Published applications, whoever sees them, with the paths of their folders."""
    query = select(_r, _f.c.path.label("folder_path"), _f.c.uid.label("folder_uid"))
    return query.select_from(_r.outerjoin(_f, _r.c.folder_id == _f.c.id)).where(
        _r.c.kind == "Application"
    )


def seen(caller: Caller) -> Select[Any]:
    """As rows, of those that the caller sees."""
    return rows().where(sight.applications(caller))


def find(connection: Connection, caller: Caller | None, name_or_id: str) -> Row[Any] | None:
    """The application that the caller sees (None: whoever sees it): by id, uid, name in any case, or path
    A|B|Name."""
    text = name_or_id.strip().lower()
    chosen = or_(_r.c.id == text, folded(_r.c.name) == text)
    path, parted, name = text.replace("\\", FOLDER_BREAK).rpartition(FOLDER_BREAK)
    if parted:
        folder = folders.find(connection, path)
        if folder is not None:
            chosen = or_(chosen, and_(folded(_r.c.name) == name, folders.in_folder(_r, folder)))
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, _r.c.uid == int(text))
    query = rows() if caller is None else seen(caller)
    found = list(connection.execute(query.where(chosen).limit(3)))
    found.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    return found[0] if found else None


def get(connection: Connection, caller: Caller, name_or_id: str) -> Row[Any]:
    """As find. Raises NotFound."""
    row = find(connection, caller, name_or_id)
    if row is None:
        raise no_application(name_or_id)
    return row


def no_application(name_or_id: str) -> NotFound:
    """The refusal of a name that no application has, of those that the caller sees."""
    return NotFound(
        "There is no such application.",
        code="UnknownApplication",
        entityType="Application",
        id=name_or_id,
    )


def require(
    connection: Connection, caller: Caller, permission: Permission, application_id: str
) -> None:
    """Raises Forbidden when the caller lacks the permission on the application."""
    one = select(_r.c.id).where(_r.c.id == application_id, sight.applications(caller, permission))
    if connection.execute(one).first() is None:
        raise Forbidden(f"This needs the permission {permission}.", id=application_id)


def changeable(tx: Tx, caller: Caller, permission: Permission, name_or_id: str) -> Row[Any]:
    """The application, which the caller may change. Raises NotFound, Forbidden."""
    row = get(tx.connection, caller, name_or_id)
    require(tx.connection, caller, permission, row.id)
    return row


def group(connection: Connection, caller: Caller, name_or_id: str) -> Row[Any]:
    """The delivery group that the caller sees: by id, uid, name or path. Raises NotFound."""
    text = name_or_id.strip().lower()
    name = text.replace("\\", FOLDER_BREAK).rpartition(FOLDER_BREAK)[2]
    chosen = or_(_g.c.id == text, folded(_g.c.name) == text, folded(_g.c.name) == name)
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, _g.c.uid == int(text))
    found = list(connection.execute(select(_g).where(chosen, sight.groups(caller)).limit(3)))
    found.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    if not found:
        raise NotFound(
            "There is no such delivery group.", entityType="DeliveryGroup", id=name_or_id
        )
    return found[0]


def facts(
    connection: Connection, caller: Caller, application_ids: Sequence[str]
) -> dict[str, Facts]:
    """What stands beside each of these applications."""
    groups: dict[str, list[Any]] = {one: [] for one in application_ids}
    query = (
        select(_in.c.resource_id, _in.c.priority, _g.c.id, _g.c.uid, _g.c.name)
        .join(_g, _in.c.delivery_group_id == _g.c.id)
        .where(_in.c.resource_id.in_(application_ids), _groups_of(caller))
        .order_by(_in.c.priority, _g.c.uid)
    )
    for row in connection.execute(query):
        groups[row.resource_id].append(row)
    tagged = tags.names_of(connection, Tagged.APPLICATION, application_ids)
    rules = entitlement.rules(connection, application_ids)
    group_ids = {row.id for rows in groups.values() for row in rows}
    scopes = scoping.of_objects(connection, caller, Permission.APPLICATION_READ, group_ids)
    return {
        one: Facts(
            groups=groups[one],
            tags=tagged.get(one, ()),
            scopes=_each_once(row for group in groups[one] for row in scopes.get(group.id, ())),
            rule=rules.get(one, OPEN),
        )
        for one in application_ids
    }


def _groups_of(caller: Caller) -> ColumnElement[bool]:
    """Groups through which the caller sees applications."""
    return sight.groups(caller, Permission.APPLICATION_READ)


def _each_once(found: Any) -> list[Row[Any]]:
    return list({row.id: row for row in found}.values())
