"""Which changes of the outbox a caller may hear of: those of its own objects, and those of objects that it sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, select

from footlight.caller import Caller, Permission
from footlight.store import schema, sight


@dataclass(frozen=True)
class _Scoped:
    """Objects that scopes hold. One that is gone is told only to who has the permission everywhere."""

    permission: Permission
    table: Table
    seen: Callable[[Caller], ColumnElement[bool]]


_SCOPED: Mapping[str, _Scoped] = {
    "session": _Scoped(Permission.SESSION_READ, schema.sessions, sight.sessions),
    "recording_health": _Scoped(
        Permission.RECORD, schema.sessions, lambda caller: sight.sessions(caller, Permission.RECORD)
    ),
    "recording": _Scoped(Permission.VIEW_RECORDINGS, schema.recordings, sight.recordings),
    "machine": _Scoped(Permission.MACHINE_READ, schema.machines, sight.machines),
    "catalog": _Scoped(Permission.CATALOG_READ, schema.catalogs, sight.catalogs),
    "delivery_group": _Scoped(Permission.GROUP_READ, schema.delivery_groups, sight.groups),
    "application": _Scoped(Permission.APPLICATION_READ, schema.resources, sight.applications),
}
# Objects of the whole site, which everybody sees who may read their kind.
_OF_SITE: Mapping[str, Permission] = {
    "tag": Permission.TAG_READ,
    "zone": Permission.ZONE_READ,
    "role": Permission.ADMIN_READ,
}
# And those of which a caller hears only with the permission in the scope All.
_EVERYWHERE: Mapping[str, Permission] = {
    "scope": Permission.ADMIN_READ,
    "administrator": Permission.ADMIN_READ,
    "audit": Permission.LOG_READ,
    "account": Permission.SITE_CONFIGURE,
    "webhook": Permission.SITE_CONFIGURE,
    "recording_policy": Permission.RECORDING_POLICY,
}
# Every kind of change that the outbox holds.
KINDS = (
    *_SCOPED,
    *_OF_SITE,
    *_EVERYWHERE,
    *("job", "folder", "icon", "site", "storefront"),
)


def seen_changes(
    connection: Connection, caller: Caller, rows: Sequence[Row[Any]]
) -> list[Row[Any]]:
    """Of these rows of the outbox those of which the caller may hear, in their order."""
    seen = {
        kind: _seen(connection, caller, kind, {row.object_id for row in rows if row.kind == kind})
        for kind in {row.kind for row in rows}
    }
    return [
        row
        for row in rows
        if row.account_id == caller.account_id or row.object_id in seen[row.kind]
    ]


def _seen(connection: Connection, caller: Caller, kind: str, ids: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(ids)
    scoped = _SCOPED.get(kind)
    if scoped is not None:
        if caller.everywhere(scoped.permission) and not (
            kind == "recording" and caller.separate_duties
        ):
            return wanted
        query = select(scoped.table.c.id).where(scoped.table.c.id.in_(wanted), scoped.seen(caller))
        return frozenset(connection.execute(query).scalars())
    if kind in _OF_SITE:
        return wanted if caller.may(_OF_SITE[kind]) else frozenset()
    # Kinds that are named nowhere here, jobs of others among them, are for who reads the whole site.
    needed = _EVERYWHERE.get(kind, Permission.SITE_READ)
    return wanted if kind != "job" and caller.everywhere(needed) else frozenset()
