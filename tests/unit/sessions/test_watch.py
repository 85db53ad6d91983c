from __future__ import annotations

import asyncio
from typing import Any

from footlight.sessions import watch as watching
from footlight.sessions.watch import Watch
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
    assert await asyncio.wait_for(waiting, 5) == "a"


async def test_a_change_by_another_server_is_found_by_looking_again(
    store: Store, monkeypatch: Any
) -> None:
    monkeypatch.setattr(watching, "LOOK_AGAIN_S", 0.05)
    waiting = asyncio.ensure_future(Watch(store).until(zone, 30.0))
    await asyncio.sleep(0.02)
    store._listeners.clear()  # nobody here is told
    await store.write(add)
    assert await asyncio.wait_for(waiting, 5) == "a"


async def test_none_when_the_time_is_over(store: Store) -> None:
    assert await Watch(store).until(zone, 0.1) is None
