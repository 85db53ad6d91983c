from __future__ import annotations

import asyncio
from typing import Any

import pytest

from footlight.broker.decision import LaunchRequest
from footlight.broker.overdue import Overdue
from footlight.clock import FakeClock
from footlight.errors import FootlightError
from footlight.site import machines
from footlight.site.machines import SILENT_AFTER_MS
from footlight.store import schema


async def registered(rooms: Any) -> bool:
    (machine,) = await rooms.store.read(machines.every)
    return bool(machine.registered)


async def quiet(rooms: Any, ms: int) -> None:
    past = schema.machines.update().values(last_seen_ms=rooms.clock.now_ms() - ms)
    await rooms.store.write(lambda tx: tx.connection.execute(past) and None)


async def test_a_host_that_has_been_silent_is_unregistered(rooms: Any) -> None:
    await rooms.broker.stop()
    overdue = Overdue(rooms.store, rooms.clock)
    await quiet(rooms, SILENT_AFTER_MS + 1000)
    await overdue.look()
    assert not await registered(rooms)


async def test_where_nobody_has_listened_hosts_get_their_time_anew(rooms: Any) -> None:
    await rooms.broker.stop()
    await quiet(rooms, SILENT_AFTER_MS + 1000)
    clock = FakeClock(rooms.clock.now_ms())
    overdue = Overdue(rooms.store, clock)
    await overdue.start()
    await overdue.look()
    assert await registered(rooms)
    await overdue.stop()
    clock.advance(SILENT_AFTER_MS)
    assert not overdue.is_patient()


async def test_a_launch_that_no_host_answers_ends(rooms: Any) -> None:
    rooms.host.silent = True
    launch = asyncio.ensure_future(rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop")))
    sessions = schema.sessions

    async def ordered() -> list[Any]:
        return await rooms.store.read(lambda c: list(c.execute(sessions.select())))

    async with asyncio.timeout(5):
        while not await ordered():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    overdue = Overdue(rooms.store, FakeClock(rooms.clock.now_ms() + 31_000))
    await overdue.look()
    (session,) = await ordered()
    assert (session.phase, session.end_reason) == ("ended", "no host has started it in time")
    with pytest.raises(FootlightError, match="no host has started it"):
        await launch
