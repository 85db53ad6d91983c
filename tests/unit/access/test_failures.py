"""The table of wrong sign-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from footlight.access import failures
from footlight.access.lockout import FORGET_MS, Failures, Lockout
from footlight.clock import FakeClock
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Store

LOCKOUT = Lockout(lock_ms=60_000)


@dataclass
class Place:
    store: Store
    clock: FakeClock

    async def count(self, key: str, attempts: int = 3) -> Failures:
        return await self.store.write(lambda tx: failures.count(tx, key, LOCKOUT, attempts))

    async def read(self, *keys: str) -> dict[str, Failures]:
        return await self.store.read(lambda c: failures.read(c, keys))


@pytest.fixture
async def place(database: Database) -> AsyncIterator[Place]:
    clock = FakeClock()
    store = await open_store(database, clock)
    yield Place(store, clock)
    await store.close()


async def test_counts_add_up_until_they_are_forgotten(place: Place) -> None:
    now_ms = place.clock.now_ms()
    assert await place.count("a") == Failures(1, now_ms, 0)
    await place.count("a")
    await place.count("b")
    assert await place.count("a") == Failures(3, now_ms, now_ms + 60_000)
    found = await place.read("a", "b", "c")
    assert {key: one.count for key, one in found.items()} == {"a": 3, "b": 1}
    await place.store.write(lambda tx: failures.forget(tx, "a"))
    assert [*await place.read("a", "b")] == ["b"]


async def test_old_rows_go_with_the_next_failure(place: Place) -> None:
    await place.count("old")
    place.clock.advance(FORGET_MS + 1)
    await place.count("new")
    assert [*await place.read("old", "new")] == ["new"]


async def test_of_too_many_the_oldest_goes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "MAX_KEYS", 3)
    for name in "abcde":
        await place.count(name)
        place.clock.advance(1)
    assert sorted(await place.read(*"abcde")) == ["c", "d", "e"]
