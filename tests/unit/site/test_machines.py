from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from footlight.site import machines
from footlight.site.founding import found_site
from footlight.store import schema
from footlight.store.store import Store
from footlight.wire.host import HostFacts

FACTS = HostFacts(
    machine_id="11111111-1111-4111-8111-111111111111", host_name="desk1",
    dns_name="desk1.example.test", ip_address="192.0.2.7", os_type="Debian 12", os_version="12",
    agent_version="0.1.0", as_root=True, agent_public_key="00" * 32,
)  # fmt: skip


@pytest.fixture
async def founded(store: Store) -> Store:
    await store.write(lambda tx: found_site(tx, "LAB", samples=False))
    await store.write(lambda tx: machines.register(tx, FACTS, "LAB"))
    return store


async def heard(store: Store, at_ms: int, sequence: int = 1) -> None:
    def write(tx: Any) -> None:
        tx.now_ms = at_ms
        before = machines.by_ids(tx.connection, [FACTS.machine_id])
        machines.heard(tx, [(FACTS.machine_id, "boot", sequence)], before)

    await store.write(write)


async def drop_silent(store: Store, at_ms: int) -> list[str]:
    def write(tx: Any) -> list[str]:
        tx.now_ms = at_ms
        return machines.drop_silent(tx)

    return await store.write(write)


async def told(store: Store) -> list[str]:
    rows = await store.read(lambda c: list(c.execute(select(schema.outbox))))
    return [row.object_id for row in rows if row.kind == "machine"]


async def test_a_new_machine_joins_catalog_group_and_zone_unregistered(founded: Store) -> None:
    (machine,) = await founded.read(machines.every)
    assert (machine.name, machine.registered, machine.boot_id) == ("LAB\\DESK1", False, None)
    assert await founded.read(lambda c: machines.get(c, FACTS.machine_id)) == machine
    (row,) = await founded.read(lambda c: list(c.execute(select(schema.machines))))
    (catalog,) = await founded.read(lambda c: list(c.execute(select(schema.catalogs))))
    assert (row.catalog_id, row.zone_id) == (catalog.id, catalog.zone_id)
    assert await founded.read(lambda c: machines.get(c, "other")) is None


async def test_registering_again_renews_its_facts_and_keeps_its_uid(founded: Store) -> None:
    (before,) = await founded.read(machines.every)
    await heard(founded, 1000, 7)
    moved = msgspec.structs.replace(FACTS, host_name="desk2", as_root=False)
    await founded.write(lambda tx: machines.register(tx, moved, "LAB"))
    (after,) = await founded.read(machines.every)
    assert (after.name, after.as_root, after.uid) == ("LAB\\DESK2", False, before.uid)
    assert (after.registered, after.boot_id, after.sequence) == (True, "boot", 7)


async def test_only_coming_and_going_is_news(founded: Store) -> None:
    await heard(founded, 1000)
    await heard(founded, 2000, 2)
    assert await told(founded) == [FACTS.machine_id]
    assert await drop_silent(founded, 2000 + machines.SILENT_AFTER_MS) == []
    assert await drop_silent(founded, 2001 + machines.SILENT_AFTER_MS) == [FACTS.machine_id]
    assert await drop_silent(founded, 2002 + machines.SILENT_AFTER_MS) == []
    assert await told(founded) == [FACTS.machine_id] * 2
    (machine,) = await founded.read(machines.every)
    assert not machine.registered


async def test_a_server_that_starts_knows_of_no_host(founded: Store) -> None:
    await heard(founded, 1000)
    await founded.write(machines.forget_all)
    (machine,) = await founded.read(machines.every)
    assert (machine.registered, machine.boot_id) == (False, None)
