"""What stands beside machines: their sessions, tags, scopes, assigned users and published applications, read for
a page of machines at once and only as far as it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, select

from footlight.caller import Caller, Permission
from footlight.site import entitlement, scoping, tags
from footlight.site.tags import Tagged
from footlight.store import schema, sight
from footlight.store.text import folded

_s = schema.sessions
_r = schema.resources
_in = schema.resource_groups

Shown = frozenset[str] | None  # lower-case names of members; None: all


@dataclass(frozen=True)
class Facts:
    """Beside one machine. Sessions and counts are of those that the caller sees; `pending` of them have no
    logon yet. `sessions`: rows with account, user and application."""

    session_count: int = 0
    pending: int = 0
    sessions: Sequence[Row[Any]] = ()
    tags: Sequence[str] = ()
    assigned: Sequence[str] = ()
    catalog_scopes: Sequence[Row[Any]] = ()
    group_scopes: Sequence[Row[Any]] = ()
    applications: Sequence[str] = ()


@dataclass
class _Read:
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    sessions: Mapping[str, list[Row[Any]]] = field(default_factory=dict)
    tags: Mapping[str, list[str]] = field(default_factory=dict)
    assigned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scopes: Mapping[str, list[Row[Any]]] = field(default_factory=dict)
    applications: Mapping[str, list[str]] = field(default_factory=dict)


def beside(
    connection: Connection, caller: Caller, rows: Sequence[Row[Any]], shown: Shown = None
) -> dict[str, Facts]:
    """Facts by machine id, for joined rows (machine_rows.py)."""
    read = _read(connection, caller, rows, shown)
    return {
        row.id: Facts(
            *read.counts.get(row.id, (0, 0)),
            sessions=read.sessions.get(row.id, ()),
            tags=read.tags.get(row.id, ()),
            assigned=read.assigned.get(row.id, ()),
            catalog_scopes=read.scopes.get(row.catalog_id or "", ()),
            group_scopes=read.scopes.get(row.delivery_group_id or "", ()),
            applications=read.applications.get(row.delivery_group_id or "", ()),
        )
        for row in rows
    }


def _read(connection: Connection, caller: Caller, rows: Sequence[Row[Any]], shown: Shown) -> _Read:
    ids = [row.id for row in rows]
    groups = {row.delivery_group_id for row in rows} - {None}
    catalogs = {row.catalog_id for row in rows} - {None}
    found = _Read()
    if _any(shown, "sessioncount", "summarystate", "sessionsestablished", "sessionspending"):
        found.counts = _counts(connection, caller, ids)
    if _any(shown, "associatedusers", "applicationsinuse"):
        found.sessions = _sessions(connection, caller, ids)
    if _any(shown, "tags"):
        found.tags = tags.names_of(connection, Tagged.MACHINE, ids)
    if _any(shown, "assignedusers", "isassigned", "associatedusers"):
        found.assigned = entitlement.assigned(connection, ids)
    if _any(shown, "containerscopes"):
        of_catalogs = scoping.of_objects(connection, caller, Permission.CATALOG_READ, catalogs)
        of_groups = scoping.of_objects(connection, caller, Permission.GROUP_READ, groups)
        found.scopes = {**of_catalogs, **of_groups}
    if _any(shown, "publishedapplications"):
        found.applications = _applications(connection, caller, groups)
    return found


def _any(shown: Shown, *members: str) -> bool:
    return shown is None or not shown.isdisjoint(members)


def _counts(connection: Connection, caller: Caller, ids: list[str]) -> dict[str, tuple[int, int]]:
    """(sessions, those of them without a logon yet) by machine."""
    query = (
        select(_s.c.machine_id, func.count(), func.count(_s.c.established_at_ms))
        .where(_s.c.machine_id.in_(ids), _s.c.ended_at_ms.is_(None), sight.sessions(caller))
        .group_by(_s.c.machine_id)
    )
    return {one: (all_, all_ - ready) for one, all_, ready in connection.execute(query)}


def _sessions(connection: Connection, caller: Caller, ids: list[str]) -> dict[str, list[Row[Any]]]:
    columns = (
        *(_s.c.machine_id, _s.c.account_id, _s.c.user_name, _s.c.user_display_name),
        *(_s.c.linux_uid, _s.c.session_type, _s.c.resource_id, _s.c.resource_name),
        _s.c.app_state,
    )
    live = (_s.c.machine_id.in_(ids), _s.c.ended_at_ms.is_(None), sight.sessions(caller))
    found: dict[str, list[Any]] = {}
    for row in connection.execute(select(*columns).where(*live).order_by(_s.c.uid)):
        found.setdefault(row.machine_id, []).append(row)
    return found


def _applications(
    connection: Connection, caller: Caller, groups: Iterable[str]
) -> dict[str, list[str]]:
    """Of those that the caller sees: a machine may be seen through its catalog, and its group not."""
    query = (
        select(_in.c.delivery_group_id, _r.c.name)
        .join(_r, _in.c.resource_id == _r.c.id)
        .where(_in.c.delivery_group_id.in_(list(groups)), _r.c.kind == "Application", _r.c.enabled)
        .where(sight.applications(caller))
        .order_by(folded(_r.c.name))
    )
    found: dict[str, list[str]] = {}
    for group_id, name in connection.execute(query):
        found.setdefault(group_id, []).append(name)
    return found
