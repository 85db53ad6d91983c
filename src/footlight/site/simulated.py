"""A simulated fleet's inventory and users: made and removed as one. All of it can be told by its ids."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, delete, exists, insert, not_, select, update

from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.fleet import Fleet

ID_PREFIX = "f1ee7000-"
# Emptied in this order, so that what points goes before what is pointed at.
_TABLES = (
    schema.resources,
    schema.machines,
    schema.delivery_groups,
    schema.catalogs,
    schema.zones,
    schema.accounts,
)
_LINKS = (
    schema.resource_groups.c.resource_id,
    schema.scope_objects.c.object_id,
    schema.tag_objects.c.object_id,
    schema.entitlements.c.object_id,
    schema.entitlement_rules.c.object_id,
    schema.placement_rules.c.delivery_group_id,
)


def found_fleet(tx: Tx, fleet: Fleet, site_name: str) -> None:
    """Make all of the fleet's objects. A name that is taken gets a number behind it; what an earlier fleet had to
    leave is taken up again."""
    zones = select(schema.zones.c.id).where(schema.zones.c.is_primary)
    primary = tx.connection.execute(zones).scalar_one()
    _add(tx, schema.zones, _zones(tx, fleet))
    _add(tx, schema.catalogs, _catalogs(tx, fleet, primary))
    _add(tx, schema.delivery_groups, _groups(tx, fleet))
    _publish(tx, fleet)
    _add(tx, schema.accounts, _accounts(tx, fleet))
    ours = _is_ours(schema.accounts)
    tx.connection.execute(update(schema.accounts).where(ours).values(enabled=True))
    _add(tx, schema.machines, _machines(fleet, site_name, primary))


def remove_fleet(tx: Tx) -> bool:
    """Remove a fleet with its sessions; whether there was one. What somebody else's objects stand on stays."""
    m, s = schema.machines, schema.sessions
    hosts = select(m.c.id).where(m.c.simulated)
    ours = _is_ours(schema.accounts)
    known = tx.connection.execute(hosts.limit(1)).first()
    if (
        known is None
        and tx.connection.execute(select(schema.accounts.c.id).where(ours)).first() is None
    ):
        return False
    live = (s.c.machine_id.in_(hosts), s.c.ended_at_ms.is_(None))
    for row in tx.connection.execute(select(s.c.id, s.c.account_id).where(*live)):
        tx.emit("session", row.id, row.account_id)
    tx.connection.execute(s.delete().where(s.c.machine_id.in_(hosts)))
    for link in _LINKS:
        tx.connection.execute(delete(link.table).where(link.startswith(ID_PREFIX)))
    for table in _TABLES:
        tx.connection.execute(table.delete().where(_is_ours(table), _unused(table)))
    tx.connection.execute(update(schema.accounts).where(ours).values(enabled=False))
    return True


def _is_ours(table: Table) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.id.startswith(ID_PREFIX)
    return condition


def _unused(table: Table) -> ColumnElement[bool]:
    """That no row of any table points at it."""
    columns = [
        (other, column)
        for other in schema.metadata.sorted_tables
        for column in other.columns
        if any(key.column is table.c.id for key in column.foreign_keys)
    ]
    condition: ColumnElement[bool] = table.c.id.is_not(None)
    for other, column in columns:
        pointing = other.alias()
        condition &= not_(exists().where(pointing.c[column.name] == table.c.id))
    return condition


def _add(tx: Tx, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert those that there are not yet."""
    known = set(tx.connection.execute(select(table.c.id).where(_is_ours(table))).scalars())
    if fresh := [row for row in rows if row["id"] not in known]:
        tx.connection.execute(insert(table), fresh)


class _Names:
    """Names of a table that are taken, in any case."""

    def __init__(self, tx: Tx, table: Table) -> None:
        self._taken = {
            name.lower() for name in tx.connection.execute(select(table.c.name)).scalars()
        }

    def free(self, name: str) -> str:
        """The name, or with the first number behind it that makes it free."""
        number, found = 2, name
        while found.lower() in self._taken:
            found, number = f"{name}{number}", number + 1
        self._taken.add(found.lower())
        return found


def _zones(tx: Tx, fleet: Fleet) -> list[dict[str, Any]]:
    names = _Names(tx, schema.zones)
    return [{"id": id, "name": names.free(name), "is_primary": False} for id, name in fleet.zones]


def _catalogs(tx: Tx, fleet: Fleet, primary: str) -> list[dict[str, Any]]:
    names = _Names(tx, schema.catalogs)
    return [
        {"id": c.id, "name": names.free(c.name), "zone_id": c.zone_id or primary}
        for c in fleet.catalogs
    ]


def _groups(tx: Tx, fleet: Fleet) -> list[dict[str, Any]]:
    names = _Names(tx, schema.delivery_groups)
    return [
        {"id": g.id, "name": names.free(g.name), "description": g.description} for g in fleet.groups
    ]


def _publish(tx: Tx, fleet: Fleet) -> None:
    rows = [
        {
            "id": resource.id,
            "name": resource.name,
            "published_name": resource.name,
            "kind": resource.kind,
            "command": msgspec.json.encode(resource.command).decode(),
            "enabled": True,
        }
        for resource in fleet.resources
    ]
    links = [
        {"resource_id": resource.id, "delivery_group_id": group_id}
        for resource in fleet.resources
        for group_id in resource.group_ids
    ]
    _add(tx, schema.resources, rows)
    tx.connection.execute(insert(schema.resource_groups), links)


def _accounts(tx: Tx, fleet: Fleet) -> list[dict[str, Any]]:
    names = _Names(tx, schema.accounts)
    rows = []
    for user in fleet.users:
        name = names.free(user.name)
        rows.append(
            {
                "id": user.id,
                "name": name,
                "name_key": name.lower(),
                "display_name": user.display_name,
                "password_hash": None,  # nobody signs in as one
                "enabled": True,
                "created_at_ms": tx.now_ms,
            }
        )
    return rows


def _machines(fleet: Fleet, site_name: str, primary: str) -> list[dict[str, Any]]:
    zones = {catalog.id: catalog.zone_id or primary for catalog in fleet.catalogs}
    return [
        {
            "id": machine.id,
            "name": f"{site_name}\\{machine.host_name}",
            "dns_name": machine.dns_name,
            "ip_address": machine.ip_address,
            "os_type": machine.os_type,
            "os_version": machine.os_version,
            "agent_version": "",  # its first report tells these two
            "agent_public_key": "",
            "as_root": True,
            "catalog_id": machine.catalog_id,
            "delivery_group_id": machine.group_id,
            "zone_id": zones[machine.catalog_id],
            "simulated": True,
            "registered": False,
            "last_seen_ms": 0,
        }
        for machine in fleet.machines
    ]
