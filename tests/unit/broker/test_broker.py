from __future__ import annotations

import asyncio
from typing import Any

from footlight.broker import broker as broker_module
from footlight.broker.decision import LaunchRequest
from footlight.sessions import actions, queries
from footlight.sessions.session import UNKNOWN
from footlight.site import machines
from footlight.store import schema


async def test_an_unanswered_order_is_sent_again(rooms: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(broker_module, "SEND_AGAIN_MS", 100)
    monkeypatch.setattr(broker_module, "LOOK_AGAIN_S", 0.1)
    rooms.host.silent = True
    launch = asyncio.ensure_future(rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop")))
    async with asyncio.timeout(10):
        while len(rooms.host.orders) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert len({o.generation for o in rooms.host.orders}) == 1
    rooms.host.silent = False
    assert (await launch).created


async def test_a_host_that_is_slow_to_take_orders_holds_up_no_other(rooms: Any) -> None:
    slow, over = asyncio.Event(), asyncio.Event()

    async def take(_orders: bytes) -> bytes:
        slow.set()
        await over.wait()
        return b""

    await rooms.bus.serve("agent.slow.orders", take)
    first = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))

    def move(tx: Any) -> None:
        machine = dict(tx.connection.execute(schema.machines.select()).mappings().one())
        other = {**machine, "id": "slow", "uid": machine["uid"] + 1, "name": "FOOTLIGHT\\SLOW"}
        tx.connection.execute(schema.machines.insert().values(other))
        chosen = schema.sessions.c.id == first.session_id
        moved = schema.sessions.update().where(chosen)
        tx.connection.execute(moved.values(machine_id="slow", generation=99))
        tx.wake("order")

    await rooms.store.write(move)
    await asyncio.wait_for(slow.wait(), 5)
    wanted = LaunchRequest("Desktop", new=True, machine="DESK1")
    assert (await asyncio.wait_for(rooms.launcher.launch(rooms.admin, wanted), 4)).created
    over.set()


async def test_a_silent_machine_is_unregistered_and_comes_back(rooms: Any) -> None:
    past = schema.machines.update().values(last_seen_ms=rooms.clock.now_ms() - 60_000)

    def fall_silent(tx: Any) -> list[str]:
        tx.connection.execute(past)
        return machines.drop_silent(tx)  # at once: the broker looks too

    (gone,) = await rooms.store.write(fall_silent)
    (machine,) = await rooms.store.read(machines.every)
    assert (machine.id, machine.registered) == (gone, False)
    assert (await rooms.host.report()).want_full
    await rooms.host.report(full=True)
    (machine,) = await rooms.store.read(machines.every)
    assert machine.registered


async def test_sessions_of_a_silent_machine_are_unknown_until_it_tells_everything(
    rooms: Any,
) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))

    async def state() -> str:
        row = await rooms.store.read(lambda c: queries.row(c, made.session_id))
        return str(row.state)

    before = await state()
    assert before != UNKNOWN

    def fall_silent(tx: Any) -> None:
        tx.connection.execute(
            schema.machines.update().values(last_seen_ms=rooms.clock.now_ms() - 60_000)
        )
        actions.lose_sight(tx, machines.drop_silent(tx))

    await rooms.store.write(fall_silent)
    assert await state() == UNKNOWN
    assert (await rooms.host.report()).want_full
    assert await state() == UNKNOWN
    await rooms.host.report(full=True)
    assert await state() == before


async def test_old_rows_are_forgotten(rooms: Any) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.actions.log_off(rooms.admin, made.session_id)
    s = schema.sessions

    def age(tx: Any) -> None:
        tx.connection.execute(s.update().values(ended_at_ms=tx.now_ms - 25 * 3_600_000))

    await rooms.store.write(actions.forget_old)
    assert await rooms.store.read(lambda c: c.execute(s.select()).first()) is not None
    await rooms.store.write(age)
    await rooms.store.write(actions.forget_old)
    assert await rooms.store.read(lambda c: c.execute(s.select()).first()) is None
