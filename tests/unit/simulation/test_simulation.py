from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from footlight.broker.decision import LaunchRequest
from footlight.errors import Invalid
from footlight.sessions import queries
from footlight.simulation.simulation import Simulation
from footlight.store import schema
from footlight.wire.stand_in import SimulationOrder

SMALL = SimulationOrder(machines=3, sessions=12, seed=5)
BOTH = {"Active", "Disconnected"}
TABLES = (
    *(schema.sessions, schema.machines, schema.accounts, schema.resources, schema.resource_groups),
    *(schema.catalogs, schema.delivery_groups, schema.zones),
)


async def counts(rooms: Any) -> dict[str, int]:
    def count(connection: Any) -> dict[str, int]:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in TABLES
        }

    found: dict[str, int] = await rooms.store.read(count)
    return found


async def listed(rooms: Any) -> list[Any]:
    live = schema.sessions.c.ended_at_ms.is_(None)
    query = queries.joined().where(live).order_by(schema.sessions.c.uid)
    found: list[Any] = await rooms.store.read(lambda c: list(c.execute(query)))
    return found


async def until(rooms: Any, condition: Any) -> None:
    async with asyncio.timeout(60):
        # Nothing tells of all these changes.
        while not condition(await listed(rooms)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_fleet_comes_up_is_listed_and_leaves_nothing(
    rooms: Any, simulation: Simulation
) -> None:
    before = await counts(rooms)
    view = await simulation.start(SMALL)
    assert (view.running, view.machines, view.sessions, view.live_sessions) == (True, 3, 12, 12)
    await until(rooms, lambda rows: {row.state for row in rows} == BOTH)
    rows = await listed(rooms)
    assert len(rows) == 12
    assert {row.session_type for row in rows} == {"Desktop", "Application"}
    for row in rows:
        assert row.brokered_at_ms < row.started_at_ms < row.established_at_ms
        assert row.established_at_ms <= row.state_changed_at_ms <= rooms.clock.now_ms()
        assert row.client_name
        assert row.m_registered
        assert row.m_agent_version.endswith("+sim")
    await simulation.stop()
    assert await counts(rooms) == before
    assert not simulation.view().running


async def test_the_same_seed_gives_the_same_sessions(rooms: Any, simulation: Simulation) -> None:
    async def seen() -> list[tuple[str, ...]]:
        await simulation.start(SMALL)
        rows = await listed(rooms)
        await simulation.stop()
        return [(r.id, r.user_name, r.m_name, r.resource_name, r.client_address) for r in rows]

    assert await seen() == await seen()


async def test_churn_changes_sessions_and_keeps_their_number(
    rooms: Any, simulation: Simulation
) -> None:
    await simulation.start(SMALL)
    first = {row.id for row in await listed(rooms)}
    changed = await simulation.start(SimulationOrder(machines=3, sessions=12, seed=5, churn=200))
    assert changed.churn == 200
    await until(rooms, lambda rows: len(first - {row.id for row in rows}) >= 4)
    assert 8 <= len(await listed(rooms)) <= 16
    assert simulation.view().changes > 10


async def test_a_callers_own_session_on_a_simulated_host_is_left_alone(
    rooms: Any, simulation: Simulation
) -> None:
    await simulation.start(SimulationOrder(machines=1, sessions=3, churn=300))
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Office Desktop"))
    await until(rooms, lambda rows: simulation.view().changes > 60)
    row = await rooms.store.read(lambda c: queries.row(c, made.session_id))
    assert (row.phase, row.state) == ("running", "Disconnected")
    await rooms.actions.log_off(rooms.admin, made.session_id)


async def test_another_size_takes_the_place_of_the_first(
    rooms: Any, simulation: Simulation
) -> None:
    await simulation.start(SMALL)
    view = await simulation.start(SimulationOrder(machines=2, sessions=4, seed=6))
    assert (view.machines, view.live_sessions) == (2, 4)
    assert len(await listed(rooms)) == 4


async def test_what_cannot_be_is_refused_and_changes_nothing(
    rooms: Any, simulation: Simulation
) -> None:
    await simulation.start(SMALL)
    with pytest.raises(Invalid):
        await simulation.start(SimulationOrder(machines=1, sessions=1000))
    assert simulation.view().live_sessions == 12


async def test_names_that_are_taken_get_a_number(rooms: Any, simulation: Simulation) -> None:
    await simulation.start(SMALL)
    taken = {row.user_name.partition("\\")[2] for row in await listed(rooms)}
    await simulation.stop()
    for name in taken:
        await rooms.account(name)
    await simulation.start(SMALL)
    assert {row.user_name.partition("\\")[2] for row in await listed(rooms)} == {
        f"{name}2" for name in taken
    }
