from __future__ import annotations

from typing import Any

from sqlalchemy import select

from footlight.access import accounts
from footlight.simulation.plan import Plan
from footlight.site.simulated import found_fleet, remove_fleet
from footlight.store import schema

FLEET = Plan(4, 6, 1).fleet


async def rows(rooms: Any, table: Any) -> list[Any]:
    found: list[Any] = await rooms.store.read(lambda c: list(c.execute(select(table))))
    return found


async def found(rooms: Any) -> None:
    await rooms.store.write(lambda tx: found_fleet(tx, FLEET, "FOOTLIGHT"))


async def test_its_machines_are_marked_and_wait_for_their_hosts(rooms: Any) -> None:
    await found(rooms)
    machines = [m for m in await rows(rooms, schema.machines) if m.simulated]
    assert {m.name for m in machines} == {f"FOOTLIGHT\\{m.host_name}" for m in FLEET.machines}
    assert not any(m.registered for m in machines)
    assert len({m.zone_id for m in machines}) == 2
    assert all(a.password_hash is None for a in await rows(rooms, schema.accounts))


async def test_removing_takes_all_of_it_and_nothing_else(rooms: Any) -> None:
    tables = (schema.accounts, schema.machines, schema.resources, schema.catalogs, schema.zones)
    before = {table.name: await rows(rooms, table) for table in tables}
    await found(rooms)
    assert await rooms.store.write(remove_fleet)
    assert {table.name: await rows(rooms, table) for table in tables} == before
    assert not await rooms.store.write(remove_fleet)


async def test_what_somebody_elses_objects_stand_on_stays_and_is_taken_up_again(
    rooms: Any,
) -> None:
    await found(rooms)
    group = FLEET.groups[0].id

    def use(tx: Any) -> None:
        mine = accounts.by_name(tx.connection, "admin")
        assert mine is not None
        machine = schema.machines.update().where(schema.machines.c.name == "FOOTLIGHT\\DESK1")
        tx.connection.execute(machine.values(delivery_group_id=group))
        preference = {"account_id": FLEET.users[0].id, "name": "a", "value": "b"}
        tx.connection.execute(schema.preferences.insert().values(**preference))

    await rooms.store.write(use)
    await rooms.store.write(remove_fleet)
    assert group in {g.id for g in await rows(rooms, schema.delivery_groups)}
    left = [a for a in await rows(rooms, schema.accounts) if a.id == FLEET.users[0].id]
    assert [a.enabled for a in left] == [False]
    await found(rooms)
    again = [a for a in await rows(rooms, schema.accounts) if a.id == FLEET.users[0].id]
    assert [a.enabled for a in again] == [True]
