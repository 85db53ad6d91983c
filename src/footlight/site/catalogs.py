"""Reading machine catalogs: rows with their zone and folder, and what their machines add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    literal,
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

_c = schema.catalogs
_m = schema.machines
_g = schema.delivery_groups
_z = schema.zones
_f = schema.folders

TABLES = _c.join(_z, _c.c.zone_id == _z.c.id).outerjoin(_f, _c.c.folder_id == _f.c.id)
FULL_NAME = case((_f.c.path.is_not(None), _f.c.path + "|" + _c.c.name), else_=_c.c.name)


@dataclass(frozen=True)
class Counts:
    """Machines of a catalog: all, those in a group, those assigned, and those assigned and in no group."""

    total: int = 0
    used: int = 0
    assigned: int = 0
    free_assigned: int = 0


@dataclass(frozen=True)
class Systems:
    """What most machines of a catalog run; None of an empty one."""

    agent_version: str | None = None
    os_type: str | None = None
    os_version: str | None = None


def joined() -> Select[Any]:
    """Catalogs with zone (z_) and folder (f_)."""
    return select(
        _c,
        FULL_NAME.label("full_name"),
        _z.c.name.label("z_name"),
        _f.c.id.label("f_id"),
        _f.c.uid.label("f_uid"),
        _f.c.path.label("f_path"),
    ).select_from(TABLES)


def seen(caller: Caller) -> Select[Any]:
    """The joined rows of catalogs that the caller sees."""
    return joined().where(sight.catalogs(caller))


def get(connection: Connection, caller: Caller, name_or_id: str) -> Row[Any]:
    """The joined row of a catalog that the caller sees, by id, uid, name or folder path and name, in any case.
    Raises NotFound, Forbidden for a caller that reads no catalogs at all."""
    caller.require(Permission.CATALOG_READ)
    text = name_or_id.strip().lower()
    chosen = or_(
        _c.c.id == text, folded(_c.c.name) == text, folded(FULL_NAME) == text.replace("\\", "|")
    )
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, _c.c.uid == int(text))
    rows = list(connection.execute(seen(caller).where(chosen).order_by(_c.c.uid).limit(3)))
    rows.sort(key=lambda row: (row.id != text, row.name.lower() != text))
    if not rows:
        raise no_catalog(name_or_id)
    return rows[0]


def no_catalog(name_or_id: str) -> NotFound:
    """There is none, or the caller does not see it."""
    return NotFound(
        "There is no such machine catalog.",
        code="UnknownCatalog",
        entityType="MachineCatalog",
        id=name_or_id[:256],
    )


def by_uid(connection: Connection, uids: list[int]) -> list[Row[Any]]:
    """The joined rows of these catalogs (at most some thousand), in the order given."""
    rows = {row.uid: row for row in connection.execute(joined().where(_c.c.uid.in_(uids)))}
    return [rows[uid] for uid in uids]


def counts(connection: Connection, catalog_ids: Iterable[str]) -> dict[str, Counts]:
    """By catalog; those without machines are not named."""
    assigned = assigned_somewhere()
    free = _m.c.delivery_group_id.is_(None)
    query = (
        select(
            _m.c.catalog_id,
            func.count(),
            func.count(_m.c.delivery_group_id),
            func.sum(case((assigned, 1), else_=0)),
            func.sum(case((and_(assigned, free), 1), else_=0)),
        )
        .where(_m.c.catalog_id.in_(list(catalog_ids)))
        .group_by(_m.c.catalog_id)
    )
    return {one: Counts(*map(int, found)) for one, *found in connection.execute(query)}


def systems(connection: Connection, catalog_id: str) -> Systems:
    """Of the commonest kind of machine in the catalog."""
    columns = (_m.c.agent_version, _m.c.os_type, _m.c.os_version)
    query = (
        select(*columns)
        .where(_m.c.catalog_id == catalog_id)
        .group_by(*columns)
        .order_by(func.count().desc(), *columns)
    )
    found = connection.execute(query.limit(1)).first()
    return Systems() if found is None else Systems(*found)


def groups_of(connection: Connection, caller: Caller, catalog_id: str) -> Sequence[Row[Any]]:
    """Delivery groups with machines of the catalog, of those that the caller sees: id, uid, name, how many are
    of the catalog (`count`) and how many there are (`total`)."""
    total = select(func.count()).where(_m.c.delivery_group_id == _g.c.id).correlate(_g)
    inner = _m.alias("inner_machines")
    count = select(func.count()).where(
        inner.c.delivery_group_id == _g.c.id, inner.c.catalog_id == catalog_id
    )
    number = count.correlate(_g).scalar_subquery()
    query = select(
        _g.c.id,
        _g.c.uid,
        _g.c.name,
        number.label("count"),
        total.scalar_subquery().label("total"),
    ).where(sight.groups(caller), number > 0)
    return list(connection.execute(query.order_by(_g.c.uid)))


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    query = select(func.count()).where(_m.c.catalog_id == _c.c.id, condition)
    return query.correlate(_c).scalar_subquery()


_free = _m.c.delivery_group_id.is_(None)
_PROPERTIES = (
    Property("Name", Kind.STRING, _c.c.name, other=_c.c.id),
    Property("FullName", Kind.STRING, FULL_NAME),
    Property("Uid", Kind.INT, _c.c.uid),
    Property("AllocationType", Kind.ENUM, _c.c.allocation_type, get_args(wire.AllocationType)),
    Property("AssignedCount", Kind.INT, _counted(assigned_somewhere())),
    Property("AvailableCount", Kind.INT, _counted(_free)),
    Property("Description", Kind.STRING, _c.c.description),
    Property("IsRemotePC", Kind.BOOL, _c.c.is_remote_pc),
    Property("MachinesArePhysical", Kind.BOOL, _c.c.machine_type == "Physical"),
    Property("ProvisioningType", Kind.ENUM, literal("Manual"), get_args(wire.ProvisioningType)),
    Property("PvsAddress", Kind.STRING, null(), fixed=True),
    Property("PvsDomain", Kind.STRING, null(), fixed=True),
    Property("SessionSupport", Kind.ENUM, _c.c.session_support, get_args(wire.SessionSupport)),
    Property("UnassignedCount", Kind.INT, _counted(~assigned_somewhere())),
    Property("UsedCount", Kind.INT, _counted(~_free)),
)


class _Translation(TextTranslation):
    """Of a search for catalogs."""

    properties: ClassVar[dict[str, Property]] = {one.name.lower(): one for one in _PROPERTIES}
    texts: ClassVar[tuple[ColumnElement[Any], ...]] = (FULL_NAME, _c.c.description, _z.c.name)


def translate(request: FolderSearchRequest, caller: Caller, moment: Moment) -> Search:
    """The request for this caller, without its folder. Raises Invalid, naming what is wrong."""
    return _Translation(caller, moment).search(request, "catalogs:")
