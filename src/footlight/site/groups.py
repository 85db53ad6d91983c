"""Reading delivery groups: rows with their folder, and what their machines, sessions and resources add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    null,
    or_,
    select,
)

from footlight.caller import Caller, Permission
from footlight.errors import NotFound
from footlight.sessions.moments import Moment
from footlight.sessions.properties import Kind, Property
from footlight.sessions.translation import Search
from footlight.site.inventory_search import TextTranslation
from footlight.site.machine_rows import assigned_somewhere
from footlight.store import schema, sight
from footlight.store.text import folded
from footlight.wire.rest import machine as wire
from footlight.wire.rest.catalog import FolderSearchRequest

_g = schema.delivery_groups
_m = schema.machines
_s = schema.sessions
_r = schema.resources
_in = schema.resource_groups
_f = schema.folders

TABLES = _g.outerjoin(_f, _g.c.folder_id == _f.c.id)
FULL_NAME = case((_f.c.path.is_not(None), _f.c.path + "|" + _g.c.name), else_=_g.c.name)


@dataclass(frozen=True)
class Counts:
    """Machines of a group by what they are; its sessions, of those that the caller sees; its resources."""

    machines: int = 0
    registered: int = 0
    in_maintenance: int = 0
    in_use: int = 0  # registered, with a session
    unassigned: int = 0
    sessions: int = 0
    active: int = 0
    disconnected: int = 0
    applications: int = 0
    desktops: int = 0  # published ones


def joined() -> Select[Any]:
    """Groups with their folder (f_)."""
    return select(
        _g,
        FULL_NAME.label("full_name"),
        _f.c.id.label("f_id"),
        _f.c.uid.label("f_uid"),
        _f.c.path.label("f_path"),
    ).select_from(TABLES)


def seen(caller: Caller) -> Select[Any]:
    """The joined rows of groups that the caller sees."""
    return joined().where(sight.groups(caller))


def get(connection: Connection, caller: Caller, name_or_id: str) -> Row[Any]:
    """The joined row of a group that the caller sees, by id, uid, name or folder path and name, in any case.
    Raises NotFound, Forbidden for a caller that reads no groups at all."""
    caller.require(Permission.GROUP_READ)
    text = name_or_id.strip().lower()
    chosen = or_(
        _g.c.id == text, folded(_g.c.name) == text, folded(FULL_NAME) == text.replace("\\", "|")
    )
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, _g.c.uid == int(text))
    rows = list(connection.execute(seen(caller).where(chosen).order_by(_g.c.uid).limit(3)))
    rows.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    if not rows:
        raise NotFound(
            "There is no such delivery group.", entityType="DeliveryGroup", id=name_or_id[:256]
        )
    return rows[0]


def by_id(connection: Connection, group_id: str) -> Row[Any]:
    """The joined row of a group that there is, whoever asks."""
    return connection.execute(joined().where(_g.c.id == group_id)).one()


def by_uid(connection: Connection, uids: list[int]) -> list[Row[Any]]:
    """The joined rows of these groups (at most some thousand), in the order given."""
    rows = {row.uid: row for row in connection.execute(joined().where(_g.c.uid.in_(uids)))}
    return [rows[uid] for uid in uids]


def counts(connection: Connection, caller: Caller, group_ids: Iterable[str]) -> dict[str, Counts]:
    """By group; those that have nothing are not named."""
    ids = list(group_ids)
    found: dict[str, dict[str, int]] = {}
    for query in (_machine_counts(caller), _session_counts(caller), _resource_counts()):
        for row in connection.execute(query.where(query.selected_columns[0].in_(ids))):
            values = {name: int(value or 0) for name, value in row._mapping.items() if name != "of"}
            found.setdefault(row.of, {}).update(values)
    return {one: Counts(**values) for one, values in found.items()}


def _sum(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0)).label(name)


def _machine_counts(caller: Caller) -> Select[Any]:
    live = and_(_s.c.ended_at_ms.is_(None), sight.sessions(caller))
    used = _m.c.id.in_(select(_s.c.machine_id).where(live).correlate(None))
    return select(
        _m.c.delivery_group_id.label("of"),
        func.count().label("machines"),
        _sum(_m.c.registered, "registered"),
        _sum(_m.c.in_maintenance, "in_maintenance"),
        _sum(and_(_m.c.registered, used), "in_use"),
        _sum(~assigned_somewhere(), "unassigned"),
    ).group_by(_m.c.delivery_group_id)


def _session_counts(caller: Caller) -> Select[Any]:
    return (
        select(
            _m.c.delivery_group_id.label("of"),
            func.count().label("sessions"),
            _sum(_s.c.state == "Active", "active"),
            _sum(_s.c.state == "Disconnected", "disconnected"),
        )
        .select_from(_s.join(_m, _s.c.machine_id == _m.c.id))
        .where(_s.c.ended_at_ms.is_(None), sight.sessions(caller))
        .group_by(_m.c.delivery_group_id)
    )


def _resource_counts() -> Select[Any]:
    return (
        select(
            _in.c.delivery_group_id.label("of"),
            _sum(_r.c.kind == "Application", "applications"),
            _sum(_r.c.kind == "Desktop", "desktops"),
        )
        .select_from(_in.join(_r, _in.c.resource_id == _r.c.id))
        .group_by(_in.c.delivery_group_id)
    )


def systems(
    connection: Connection, group_id: str, column: ColumnElement[str]
) -> list[tuple[str, int]]:
    """How many machines of the group have each value of a machine's column."""
    query = select(column, func.count()).where(_m.c.delivery_group_id == group_id)
    rows = connection.execute(query.group_by(column).order_by(column))
    return [(str(value), int(count)) for value, count in rows]


_total_applications = (
    select(func.count())
    .select_from(_in.join(_r, _in.c.resource_id == _r.c.id))
    .where(_in.c.delivery_group_id == _g.c.id, _r.c.kind == "Application")
    .correlate(_g)
    .scalar_subquery()
)
_PROPERTIES = (
    Property("Uid", Kind.INT, _g.c.uid),
    Property("Description", Kind.STRING, _g.c.description),
    Property("DeliveryType", Kind.ENUM, _g.c.delivery_type, get_args(wire.DeliveryKind)),
    Property("Enabled", Kind.BOOL, _g.c.enabled),
    Property("InMaintenanceMode", Kind.BOOL, _g.c.in_maintenance),
    Property("IsRemotePC", Kind.BOOL, false(), fixed=True),
    Property("MachineLogOnType", Kind.STRING, null(), fixed=True),
    Property("Name", Kind.STRING, _g.c.name, other=_g.c.id),
    Property("ProductCode", Kind.STRING, null(), fixed=True),
    Property("SessionSupport", Kind.ENUM, _g.c.session_support, get_args(wire.SessionSupport)),
    Property("TotalApplications", Kind.INT, _total_applications),
)


class _Translation(TextTranslation):
    """Of a search for groups."""

    properties: ClassVar[dict[str, Property]] = {one.name.lower(): one for one in _PROPERTIES}
    texts: ClassVar[tuple[ColumnElement[Any], ...]] = (
        FULL_NAME,
        _g.c.description,
        _g.c.published_name,
    )


def translate(request: FolderSearchRequest, caller: Caller, moment: Moment) -> Search:
    """The request for this caller, without its folder. Raises Invalid, naming what is wrong."""
    return _Translation(caller, moment).search(request, "groups:")
