from __future__ import annotations

from typing import Any

import pytest

from footlight.broker.logons import FleetDoor
from footlight.sessions import queries
from footlight.simulation.people import People
from footlight.simulation.plan import Plan
from footlight.store import schema
from footlight.wire.fleet import Logon

PLAN = Plan(2, 5, 1)
NOW = 1_800_000_000_000


@pytest.fixture
async def door(rooms: Any) -> FleetDoor:
    made = FleetDoor(rooms.store, rooms.site.name)
    await made.found(PLAN.fleet)
    return made


async def test_logons_become_sessions_that_were_brokered_when_they_say(
    rooms: Any, door: FleetDoor
) -> None:
    logons = People(PLAN).at_work(5, NOW)
    assert await door.log_on(logons) == {logon.session_id for logon in logons}
    for logon in logons:
        row = await rooms.store.read(lambda c, i=logon.session_id: queries.row(c, i))
        assert (row.phase, row.wanted, row.brokered_at_ms) == ("ordered", "run", logon.at_ms)
        assert row.client_address == logon.client_address
        # Of the row itself: hosts have their time from now on.
        assert abs(row.state_changed_at_ms - rooms.clock.now_ms()) < 60_000


async def test_who_finds_no_machine_is_left_out(rooms: Any, door: FleetDoor) -> None:
    one, other, *_ = People(PLAN).at_work(5, NOW)
    gone = Logon("x", "nobody", one.resource_id, one.machine_id, "10.0.0.1", 1)
    machine = schema.machines.update().where(schema.machines.c.id == other.machine_id)
    await rooms.store.write(
        lambda tx: tx.connection.execute(machine.values(in_maintenance=True)) and None
    )
    taken = await door.log_on([one, other, gone])
    assert other.session_id not in taken
    assert "x" not in taken


async def test_founding_removes_what_an_earlier_fleet_has_left(rooms: Any, door: FleetDoor) -> None:
    await door.found(Plan(1, 1, 9).fleet)
    machines = await rooms.store.read(lambda c: list(c.execute(schema.machines.select())))
    assert sum(m.simulated for m in machines) == 1
    assert await door.remove()
    assert not await door.remove()
