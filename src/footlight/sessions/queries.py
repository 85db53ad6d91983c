"""Reading sessions: one joined query each, the caller's sight in its WHERE."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.sql.expression import ClauseElement, ScalarSelect, SelectBase

from footlight.caller import Caller, Permission
from footlight.store import schema, sight

_s = schema.sessions
_m = schema.machines

# Where a session runs: at most one of each, and its session is kept without, so that a join that nobody needs
# may be left out.
_WHERE = (
    (schema.catalogs, _m.c.catalog_id == schema.catalogs.c.id),
    (schema.delivery_groups, _m.c.delivery_group_id == schema.delivery_groups.c.id),
    (schema.zones, _m.c.zone_id == schema.zones.c.id),
)
_ON_MACHINE = _s.c.machine_id == _m.c.id


_MACHINE_COLUMNS = (
    _m.c.id.label("m_id"),
    _m.c.uid.label("m_uid"),
    _m.c.name.label("m_name"),
    _m.c.dns_name.label("m_dns_name"),
    _m.c.ip_address.label("m_ip_address"),
    _m.c.os_type.label("m_os_type"),
    _m.c.os_version.label("m_os_version"),
    _m.c.agent_version.label("m_agent_version"),
    _m.c.in_maintenance.label("m_in_maintenance"),
    _m.c.registered.label("m_registered"),
    schema.catalogs.c.id.label("c_id"),
    schema.catalogs.c.uid.label("c_uid"),
    schema.catalogs.c.name.label("c_name"),
    schema.delivery_groups.c.id.label("g_id"),
    schema.delivery_groups.c.uid.label("g_uid"),
    schema.delivery_groups.c.name.label("g_name"),
    schema.zones.c.id.label("z_id"),
    schema.zones.c.name.label("z_name"),
)


class ShownMachine(NamedTuple):
    """_MACHINE_COLUMNS of one machine, under the same names."""

    m_id: str
    m_uid: int
    m_name: str
    m_dns_name: str
    m_ip_address: str | None
    m_os_type: str
    m_os_version: str
    m_agent_version: str
    m_in_maintenance: bool
    m_registered: bool
    c_id: str | None
    c_uid: int | None
    c_name: str | None
    g_id: str | None
    g_uid: int | None
    g_name: str | None
    z_id: str
    z_name: str


_MACHINES: Select[Any] = select(*_MACHINE_COLUMNS).select_from(
    _m.outerjoin(*_WHERE[0]).outerjoin(*_WHERE[1]).join(*_WHERE[2])
)
_MACHINES_BETWEEN = _MACHINES.where(_m.c.uid.between(bindparam("first"), bindparam("last")))


def joined() -> Select[Any]:
    """Sessions with all that their objects show: their own columns, and those of machine, catalog, group and zone
    under prefixes."""
    r = schema.recordings.c
    told = (r.notify.label("r_notify"), r.started_at_ms.label("r_started_at_ms"))
    return select(_s, *_MACHINE_COLUMNS, *told).select_from(
        _s.join(_m, _ON_MACHINE)
        .outerjoin(*_WHERE[0])
        .outerjoin(*_WHERE[1])
        .join(*_WHERE[2])
        .outerjoin(schema.recordings, _s.c.wanted_recording_id == schema.recordings.c.id)
    )


def machines_by_uid(connection: Connection, uids: Collection[int]) -> dict[int, ShownMachine]:
    """What sessions show of these machines (at most some thousand), perhaps with others, in the columns of
    `joined`."""
    if not uids:
        return {}
    first, last = min(uids), max(uids)
    if last - first < 2 * len(uids):  # nearly all between: a list of them costs more to say
        rows = connection.execute(_MACHINES_BETWEEN, {"first": first, "last": last}).all()
    else:
        rows = connection.execute(_MACHINES.where(_m.c.uid.in_(uids))).all()
    return {row.m_uid: ShownMachine._make(row) for row in rows}


def tables_for(*expressions: ColumnElement[Any]) -> FromClause:
    """Sessions joined with those tables that the expressions name."""
    return joined_as_needed(_s, _ON_MACHINE, expressions)


def joined_as_needed(
    start: FromClause, on_machine: ColumnElement[bool], expressions: Iterable[ColumnElement[Any]]
) -> FromClause:
    """`start`, rows of sessions, joined with those tables that the expressions name."""
    named = {column.table for expression in expressions for column in columns_in(expression)}
    beyond = [(table, on) for table, on in _WHERE if table in named]
    found: FromClause = start.join(_m, on_machine) if beyond or _m in named else start
    for table, on in beyond:
        found = found.outerjoin(table, on)
    return found


def columns_in(part: ClauseElement) -> Iterator[Column[Any]]:
    """The columns in an expression, but not in queries within it, except those that a query takes from around."""
    if isinstance(part, Column):
        yield part
    elif isinstance(part, Select) and part.whereclause is not None and part._correlate:
        yield from (one for one in columns_in(part.whereclause) if one.table in part._correlate)
    elif isinstance(part, ScalarSelect):
        yield from columns_in(part.element)
    elif not isinstance(part, SelectBase):
        for inner in part.get_children():
            if isinstance(inner, ClauseElement):
                yield from columns_in(inner)


def machine_ids(condition: ColumnElement[bool]) -> Select[Any]:
    """Ids of the machines for which it holds, of themselves or their catalog, group or zone."""
    machines = _m.outerjoin(*_WHERE[0]).outerjoin(*_WHERE[1]).join(*_WHERE[2])
    # Its tables are its own, also where the query around it joins the same.
    return select(_m.c.id).select_from(machines).where(condition).correlate(None)


def of_machines(connection: Connection, value: ColumnElement[Any]) -> list[tuple[int, Any]]:
    """(uid, value) of each machine, for an expression over itself, its catalog, group or zone."""
    query = select(_m.c.uid, value).select_from(
        _m.outerjoin(*_WHERE[0]).outerjoin(*_WHERE[1]).join(*_WHERE[2])
    )
    return [(uid, found) for uid, found in connection.execute(query)]


def by_uid(connection: Connection, uids: list[int]) -> list[Row[Any]]:
    """The joined rows of these sessions (at most some thousand), in the order given."""
    rows = {row.uid: row for row in connection.execute(joined().where(_s.c.uid.in_(uids)))}
    return [rows[uid] for uid in uids]


def recording_shown(row: Row[Any], may_record: bool) -> bool:
    """Whether the session is being recorded, as far as a caller may know: a recording without notice is not
    told to who may not record the session. Of a host that is silent nothing is known."""
    told = may_record or bool(row.r_notify)
    return bool(row.recording_live and row.m_registered and told)


def count_of(connection: Connection, caller: Caller, of: ColumnElement[bool]) -> int:
    """How many live sessions the caller sees for which it holds."""
    seen = (_s.c.ended_at_ms.is_(None), sight.sessions(caller), of)
    return connection.execute(select(func.count()).select_from(_s).where(*seen)).scalar_one()


def uids_of(
    connection: Connection, caller: Caller, of: ColumnElement[bool], limit: int, after_uid: int
) -> list[int]:
    """Up to `limit` of those, above `after_uid`, by uid."""
    seen = (_s.c.ended_at_ms.is_(None), sight.sessions(caller), of, _s.c.uid > after_uid)
    query = select(_s.c.uid).where(*seen).order_by(_s.c.uid).limit(limit)
    return list(connection.execute(query).scalars())


def of_application(resource_id: str) -> ColumnElement[bool]:
    """Sessions in which that application runs, as their `ApplicationsInUse` show it."""
    return and_(_s.c.resource_id == resource_id, _s.c.app_state == "Active")


def on_machine(connection: Connection, caller: Caller, machine_id: str) -> list[Row[Any]]:
    """All live sessions on a machine that the caller sees, by uid."""
    seen = (_s.c.machine_id == machine_id, _s.c.ended_at_ms.is_(None), sight.sessions(caller))
    return list(connection.execute(joined().where(*seen).order_by(_s.c.uid)))


def live_on_machine(
    connection: Connection, caller: Caller, machine_id: str, permission: Permission
) -> list[Row[Any]]:
    """The bare rows of the live sessions on a machine on which the caller has the permission, by uid."""
    held = (sight.sessions(caller), sight.sessions(caller, permission))
    live = (_s.c.machine_id == machine_id, _s.c.ended_at_ms.is_(None))
    return list(connection.execute(select(_s).where(*live, *held).order_by(_s.c.uid)))


def get(
    connection: Connection, caller: Caller, session_id: str, *, ended: bool = False
) -> Row[Any] | None:
    """The joined row of a session that the caller sees, by GUID or uid; an ended one only if asked for."""
    chosen = _chosen(session_id)
    if chosen is None:
        return None
    query = joined().where(chosen, sight.sessions(caller))
    if not ended:
        query = query.where(_s.c.ended_at_ms.is_(None))
    return connection.execute(query).first()


def may(connection: Connection, caller: Caller, session_id: str, permission: Permission) -> bool:
    """Whether the caller has the permission on the session of that GUID."""
    held = sight.sessions(caller, permission)
    return (
        connection.execute(select(_s.c.id).where(_s.c.id == session_id, held)).first() is not None
    )


def allowed(
    connection: Connection, caller: Caller, rows: list[Row[Any]], permission: Permission
) -> frozenset[str]:
    """The ids of those sessions on which the caller has the permission."""
    if caller.everywhere(permission):
        return frozenset(row.id for row in rows)
    if not caller.may(permission):
        return frozenset()
    chosen = _s.c.id.in_([row.id for row in rows])
    held = select(_s.c.id).where(chosen, sight.sessions(caller, permission))
    return frozenset(connection.execute(held).scalars())


def row(connection: Connection, session_id: str) -> Row[Any] | None:
    """The bare row by GUID, for the rooms that act on it."""
    return connection.execute(select(_s).where(_s.c.id == session_id)).first()


def to_take_up(
    connection: Connection, account_id: str, resource_id: str, *conditions: ColumnElement[bool]
) -> Row[Any] | None:
    """The account's running session of that resource, connected or not, the newest for which the conditions hold;
    not one that is logging off or hidden, nor one whose host is silent: nobody could work in it."""
    query = (
        select(_s)
        .join(_m, _s.c.machine_id == _m.c.id)
        .where(
            _s.c.account_id == account_id,
            _s.c.resource_id == resource_id,
            _s.c.ended_at_ms.is_(None),
            _s.c.wanted == "run",
            _s.c.is_hidden.is_(False),
            _s.c.phase.in_(("ordered", "starting", "running")),
            _m.c.registered,
            *conditions,
        )
        .order_by(_s.c.uid.desc())
        .limit(1)
    )
    return connection.execute(query).first()


def own_page(
    connection: Connection, caller: Caller, limit: int, after_uid: int
) -> tuple[list[Row[Any]], bool]:
    """For our own view: live ones and those that ended, newest first, below `after_uid` (0: from the top)."""
    query = joined().where(sight.sessions(caller)).order_by(_s.c.uid.desc()).limit(limit + 1)
    if after_uid:
        query = query.where(_s.c.uid < after_uid)
    rows = list(connection.execute(query))
    return rows[:limit], len(rows) > limit


def _chosen(session_id: str) -> ColumnElement[bool] | None:
    if session_id.isdecimal() and len(session_id) < 16:
        return _s.c.uid == int(session_id)
    if len(session_id) == 36:
        return _s.c.id == session_id.lower()
    return None
