"""Machines, scopes and callers of some scopes, for the rooms of the inventory."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from footlight.caller import Caller, Grant, Permission
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.store import Tx


async def add_scope(rooms: Any, name: str, **held: list[str]) -> str:
    """The id of a scope that holds these objects: `MachineCatalog=[...]`, `DeliveryGroup=[...]`."""
    scope_id = new_guid()

    def write(tx: Tx) -> None:
        tx.connection.execute(schema.scopes.insert().values(id=scope_id, name=name))
        for kind, ids in held.items():
            for object_id in ids:
                values = {"scope_id": scope_id, "object_kind": kind, "object_id": object_id}
                tx.connection.execute(schema.scope_objects.insert().values(**values))

    await rooms.store.write(write)
    return scope_id


async def limited(rooms: Any, name: str, scope_id: str, *permissions: Permission) -> Caller:
    """An account that has these permissions in one scope."""
    account = await rooms.account(name)
    caller: Caller = rooms.caller(
        account, grants=(Grant(frozenset(permissions), frozenset({scope_id})),)
    )
    return caller


async def add_machine(rooms: Any, host: str, **columns: Any) -> str:
    """The id of a machine in the sample catalog and group that says nothing."""
    machine_id = new_guid()

    def write(tx: Tx) -> None:
        def sample(table: Any) -> Any:
            return tx.connection.execute(select(table.c.id).where(table.c.is_sample)).scalar()

        zone = tx.connection.execute(select(schema.zones.c.id)).scalar()
        values = {
            "id": machine_id,
            "name": f"FOOTLIGHT\\{host.upper()}",
            "dns_name": f"{host}.example.test",
            "os_type": "Debian 12",
            "os_version": "12",
            "agent_version": "0",
            "as_root": True,
            "agent_public_key": "00" * 32,
            "catalog_id": sample(schema.catalogs),
            "delivery_group_id": sample(schema.delivery_groups),
            "zone_id": zone,
            "registered": False,
            "last_seen_ms": tx.now_ms,
            **columns,
        }
        tx.connection.execute(schema.machines.insert().values(**values))

    await rooms.store.write(write)
    return machine_id


async def audited(rooms: Any) -> list[str]:
    """What the audit log says, oldest first, as people read it."""
    query = select(schema.audit.c.entry).order_by(schema.audit.c.seq)
    entries = await rooms.store.read(lambda c: list(c.execute(query).scalars()))
    return [msgspec.json.decode(entry)["text"] for entry in entries]
