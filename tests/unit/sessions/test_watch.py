from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from footlight.errors import Unavailable
from footlight.sessions import watch as watching
from footlight.sessions.watch import Watch, WatchEach
from footlight.store import schema
from footlight.store.store import Store


def zone(connection: Any) -> str | None:
    row = connection.execute(schema.zones.select()).first()
    return None if row is None else str(row.name)


def add(tx: Any) -> None:
    tx.connection.execute(schema.zones.insert().values(id="a", name="a", is_primary=False))
    tx.emit("zone", "a")


async def test_what_is_so_already_is_found_at_once(store: Store) -> None:
    await store.write(add)
    assert await Watch(store).until(zone, 0.0) == "a"


async def test_a_commit_wakes_the_waiter(store: Store, monkeypatch: Any) -> None:
    monkeypatch.setattr(watching, "LOOK_AGAIN_S", 60.0)
    waiting = asyncio.ensure_future(Watch(store).until(zone, 30.0))
    await asyncio.sleep(0.05)
    await store.write(add)
    assert await asyncio.wait_for(waiting, 30) == "a"


async def test_a_change_by_another_server_is_found_by_looking_again(
    store: Store, monkeypatch: Any
) -> None:
    monkeypatch.setattr(watching, "LOOK_AGAIN_S", 0.05)
    waiting = asyncio.ensure_future(Watch(store).until(zone, 30.0))
    await asyncio.sleep(0.02)
    store._listeners.clear()  # nobody here is told
    await store.write(add)
    assert await asyncio.wait_for(waiting, 30) == "a"


async def test_none_when_the_time_is_over(store: Store) -> None:
    assert await Watch(store).until(zone, 0.1) is None


# --- many at once ---------------------------------------------------------------------------------


class Zones:
    """Gives the names of zones by id, and counts how often it is asked."""

    def __init__(self, store: Store) -> None:
        self.looks = 0
        self.looked = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.watch = WatchEach(store, "zone", self.look)

    def look(self, connection: Any, /, *, ids: Sequence[str]) -> dict[str, str]:
        self.looks += 1
        self._loop.call_soon_threadsafe(self.looked.set)
        table = schema.zones
        rows = connection.execute(table.select().where(table.c.id.in_(ids)))
        return {row.id: str(row.name) for row in rows}


def add_all(tx: Any, *ids: str) -> None:
    rows = [{"id": id, "name": id.upper(), "is_primary": False} for id in ids]
    tx.connection.execute(schema.zones.insert(), rows)
    tx.emit("zone", ids[0])


async def test_one_look_is_for_all_who_wait(store: Store, monkeypatch: Any) -> None:
    monkeypatch.setattr(watching, "LOOK_AGAIN_S", 60.0)
    zones, ids = Zones(store), [f"z{number}" for number in range(30)]
    waiting = asyncio.gather(*(zones.watch.until(id, 30.0) for id in ids))
    await asyncio.wait_for(zones.looked.wait(), 30)
    before = zones.looks
    await store.write(lambda tx: add_all(tx, *ids))
    assert await asyncio.wait_for(waiting, 30) == [id.upper() for id in ids]
    assert zones.looks <= before + 2


async def test_each_gets_its_own_and_the_others_wait_on(store: Store) -> None:
    zones = Zones(store)
    late = asyncio.ensure_future(zones.watch.until("b", 30.0))
    assert await zones.watch.until("b", 0.05) is None
    await store.write(lambda tx: add_all(tx, "a"))
    assert await zones.watch.until("a", 30.0) == "A"
    assert not late.done()
    await store.write(lambda tx: add_all(tx, "b"))
    assert await asyncio.wait_for(late, 30) == "B"


async def test_nobody_looks_once_nobody_waits(store: Store) -> None:
    zones = Zones(store)
    assert await zones.watch.until("a", 0.05) is None
    task = zones.watch._task
    assert task is not None
    await asyncio.wait_for(task, 30)
    before = zones.looks
    await store.write(lambda tx: add_all(tx, "a"))
    await asyncio.sleep(0.05)
    assert zones.looks == before


async def test_who_waits_hears_that_looking_fails(store: Store) -> None:
    def fail(_connection: Any, /, *, ids: Sequence[str]) -> dict[str, str]:
        raise Unavailable("gone")

    with pytest.raises(Unavailable, match="gone"):
        await WatchEach(store, "zone", fail).until("a", 30.0)
