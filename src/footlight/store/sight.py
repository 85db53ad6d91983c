"""What a caller's scopes hold, as conditions on rows. A list, a count, a search and an action all use the same
condition, so that what is not seen can't be inferred either.

A scope holds catalogs and delivery groups. A machine is seen through either of its two; a session through its
machine, or because it is the caller's own; a recording through where its machine was when it was made; an
application through any of its groups.
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    or_,
    select,
    true,
    union,
)

from footlight.caller import Caller, Permission
from footlight.store import schema

CATALOG, GROUP = "MachineCatalog", "DeliveryGroup"


def catalogs(
    caller: Caller, permission: Permission = Permission.CATALOG_READ
) -> ColumnElement[bool]:
    """Catalogs on which the caller has the permission."""
    return _held(caller, permission, CATALOG, schema.catalogs)


def groups(caller: Caller, permission: Permission = Permission.GROUP_READ) -> ColumnElement[bool]:
    """Delivery groups on which the caller has the permission."""
    return _held(caller, permission, GROUP, schema.delivery_groups)


def machines(
    caller: Caller,
    permission: Permission = Permission.MACHINE_READ,
    table: FromClause = schema.machines,
) -> ColumnElement[bool]:
    """Machines on which the caller has the permission. One in no catalog and no group needs the scope All."""
    scopes = caller.scopes_of(permission)
    if scopes is None:
        return true()
    return or_(
        table.c.catalog_id.in_(_objects(scopes, CATALOG)),
        table.c.delivery_group_id.in_(_objects(scopes, GROUP)),
    )


def machine_uids(caller: Caller, permission: Permission) -> CompoundSelect[tuple[int]]:
    """The same by uid, each way by its index: PostgreSQL walks past all machines for an OR of two lookups. The
    caller has the permission in some scopes only."""
    scopes = caller.scopes_of(permission) or frozenset()
    m = schema.machines.c
    ways = ((m.catalog_id, CATALOG), (m.delivery_group_id, GROUP))
    return union(*(select(m.uid).where(at.in_(_objects(scopes, kind))) for at, kind in ways))


def sessions(
    caller: Caller,
    permission: Permission = Permission.SESSION_READ,
    table: FromClause = schema.sessions,
) -> ColumnElement[bool]:
    """Sessions on which the caller has the permission; with SESSION_READ also the caller's own."""
    if caller.scopes_of(permission) is None:
        return true()
    m = schema.machines.alias("seen_machines")
    held = table.c.machine_id.in_(select(m.c.id).where(machines(caller, permission, m)))
    if permission is not Permission.SESSION_READ:
        return held
    own: ColumnElement[bool] = table.c.account_id == caller.account_id
    return or_(own, held) if caller.may(permission) else own


def recordings(
    caller: Caller,
    permission: Permission = Permission.VIEW_RECORDINGS,
    table: FromClause = schema.recordings,
) -> ColumnElement[bool]:
    """Recordings on which the caller has the permission, by where the machine was when they were made. With
    separate duties never those of oneself; without the permission one's own are hidden too: watching is a
    permission of its own."""
    scopes = caller.scopes_of(permission)
    held = (
        true()
        if scopes is None
        else or_(
            table.c.catalog_id.in_(_objects(scopes, CATALOG)),
            table.c.delivery_group_id.in_(_objects(scopes, GROUP)),
        )
    )
    return and_(held, table.c.account_id != caller.account_id) if caller.separate_duties else held


def applications(
    caller: Caller, permission: Permission = Permission.APPLICATION_READ
) -> ColumnElement[bool]:
    """Published resources on which the caller has the permission. One in no group needs the scope All."""
    scopes = caller.scopes_of(permission)
    if scopes is None:
        return true()
    places = schema.resource_groups
    in_groups = select(places.c.resource_id).where(
        places.c.delivery_group_id.in_(_objects(scopes, GROUP))
    )
    return schema.resources.c.id.in_(in_groups)


def _held(
    caller: Caller, permission: Permission, kind: str, table: FromClause
) -> ColumnElement[bool]:
    scopes = caller.scopes_of(permission)
    return true() if scopes is None else table.c.id.in_(_objects(scopes, kind))


def _objects(scopes: frozenset[str], kind: str) -> Select[tuple[str]]:
    table = schema.scope_objects
    return select(table.c.object_id).where(
        table.c.scope_id.in_(sorted(scopes)), table.c.object_kind == kind
    )
