from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from footlight.clock import SystemClock
from footlight.store import schema
from footlight.store.sqlite import SqliteStore
from footlight.store.store import Store


def insert_zone(tx: Any, name: str) -> None:
    tx.connection.execute(schema.zones.insert().values(id=name, name=name, is_primary=False))


def zones(connection: Any) -> list[str]:
    return [row.name for row in connection.execute(schema.zones.select().order_by("name"))]


async def test_a_write_that_raises_leaves_nothing(store: Store) -> None:
    def fail(tx: Any) -> None:
        insert_zone(tx, "a")
        tx.emit("zone", "a")
        raise KeyError("no")

    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)
    with pytest.raises(KeyError):
        await store.write(fail)
    assert await store.read(zones) == []
    assert heard == []


async def test_listeners_hear_of_changes_after_the_commit(store: Store) -> None:
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)

    def change(tx: Any) -> None:
        insert_zone(tx, "a")
        tx.emit("zone", "a")
        tx.emit("machine", "m")

    await store.write(change)
    assert heard == [frozenset({"zone", "machine"})]
    await store.write(lambda tx: None)
    assert len(heard) == 1


async def test_a_cancelled_write_is_carried_through_and_told(store: Store) -> None:
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)

    def change(tx: Any) -> None:
        insert_zone(tx, "a")
        tx.emit("zone", "a")

    task = asyncio.ensure_future(store.write(change))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(100):
        if heard:
            break
        await asyncio.sleep(0.01)
    assert await store.read(zones) == ["a"]
    assert heard == [frozenset({"zone"})]


async def test_many_writers_and_readers(store: Store) -> None:
    names = [f"z{n:02}" for n in range(40)]
    writes = [store.write(lambda tx, name=name: insert_zone(tx, name)) for name in names]
    reads = [store.read(zones) for _ in range(40)]
    await asyncio.gather(*writes, *reads)
    assert await store.read(zones) == names


async def test_a_file_is_written_ahead_before_two_can_ask_for_it_at_once(tmp_path: Path) -> None:
    file = tmp_path / "fresh.db"
    opened = SqliteStore(file, SystemClock())
    assert file.read_bytes()[18:20] == b"\2\2"  # the format's read and write versions
    await opened.close()


async def test_outbox_order_has_no_gaps(store: Store) -> None:
    await asyncio.gather(
        *(store.write(lambda tx, n=n: tx.emit("session", str(n))) for n in range(30))
    )
    rows = await store.read(lambda c: list(c.execute(schema.outbox.select().order_by("seq"))))
    assert [row.seq for row in rows] == list(range(1, 31))


async def test_what_is_woken_leaves_nothing_in_the_outbox(store: Store) -> None:
    heard: list[frozenset[str]] = []
    store.on_commit(heard.append)
    await store.write(lambda tx: tx.wake("order"))
    assert heard == [frozenset({"order"})]
    assert await store.read(lambda c: list(c.execute(schema.outbox.select()))) == []
