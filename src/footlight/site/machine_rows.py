"""Reading machines with their catalog, group and zone: what lists, searches and related routes show."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from footlight.caller import Caller, Permission
from footlight.errors import NotFound
from footlight.site.machines import is_named
from footlight.store import schema, sight

_m = schema.machines
_c = schema.catalogs
_g = schema.delivery_groups
_z = schema.zones

# What a machine in no catalog is taken for: what the hosts here are.
SESSION_SUPPORT = func.coalesce(_c.c.session_support, "MultiSession")
ALLOCATION_TYPE = func.coalesce(_c.c.allocation_type, "Random")
PERSIST_CHANGES = func.coalesce(_c.c.persist_changes, "OnLocal")
TABLES = (
    _m.outerjoin(_c, _m.c.catalog_id == _c.c.id)
    .outerjoin(_g, _m.c.delivery_group_id == _g.c.id)
    .join(_z, _m.c.zone_id == _z.c.id)
)


def joined() -> Select[Any]:
    """Machines with all that their containers show: columns c_, g_ and z_."""
    return select(
        _m,
        _c.c.id.label("c_id"),
        _c.c.uid.label("c_uid"),
        _c.c.name.label("c_name"),
        SESSION_SUPPORT.label("c_session_support"),
        ALLOCATION_TYPE.label("c_allocation_type"),
        PERSIST_CHANGES.label("c_persist_changes"),
        _g.c.id.label("g_id"),
        _g.c.uid.label("g_uid"),
        _g.c.name.label("g_name"),
        _g.c.delivery_type.label("g_delivery_type"),
        _z.c.id.label("z_id"),
        _z.c.name.label("z_name"),
    ).select_from(TABLES)


def seen(caller: Caller, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The joined rows of machines that the caller sees."""
    return joined().where(sight.machines(caller), *conditions)


def get(connection: Connection, caller: Caller, name_or_id: str) -> Row[Any]:
    """The joined row of a machine that the caller sees, by each of its names (machines.named). Raises
    NotFound, Forbidden for a caller that reads no machines at all."""
    caller.require(Permission.MACHINE_READ)
    found = find(connection, name_or_id, sight.machines(caller))
    if found is None:
        raise no_machine(name_or_id)
    return found


def find(
    connection: Connection, name_or_id: str, *conditions: ColumnElement[bool]
) -> Row[Any] | None:
    """The joined row of a machine for which the conditions hold, by each of its names."""
    text = name_or_id.replace("|", "\\").lower()
    query = joined().where(is_named(name_or_id), *conditions).order_by(_m.c.uid).limit(16)
    # One may bear another's uid as its name: what is named so comes first.
    rows = sorted(
        connection.execute(query), key=lambda row: (row.id != text, row.name.lower() != text)
    )
    return rows[0] if rows else None


def by_id(connection: Connection, machine_id: str) -> Row[Any] | None:
    """The joined row of that id, whoever asks."""
    return connection.execute(joined().where(_m.c.id == machine_id)).first()


def by_uid(connection: Connection, uids: list[int]) -> list[Row[Any]]:
    """The joined rows of these machines (at most some thousand), in the order given."""
    rows = {row.uid: row for row in connection.execute(joined().where(_m.c.uid.in_(uids)))}
    return [rows[uid] for uid in uids]


def configured(wanted: bool) -> ColumnElement[bool]:
    """Machines that are in a catalog, or those that are in none."""
    return _m.c.catalog_id.is_not(None) if wanted else _m.c.catalog_id.is_(None)


def no_machine(name_or_id: str) -> NotFound:
    """There is none, or the caller does not see it."""
    return NotFound(
        "There is no such machine.",
        code="UnknownMachine",
        entityType="Machine",
        id=name_or_id[:256],
    )


def assigned_somewhere() -> ColumnElement[bool]:
    """Machines that are assigned to somebody."""
    e = schema.entitlements
    return or_(_m.c.id.in_(select(e.c.object_id).where(e.c.excluded.is_(False))))
