from __future__ import annotations

from typing import Any

from footlight.store import outbox, schema
from footlight.store.store import Tx


async def fill(store: Any, count: int) -> None:
    def write(tx: Tx) -> None:
        for number in range(count):
            tx.emit("tag", f"t{number}")

    await store.write(write)


async def after(store: Any, seq: int, at_most: int = 10) -> Any:
    found = await store.read(lambda c: outbox.following(c, seq, at_most))
    return [row.seq for row in found.rows], found.lost_until


async def test_changes_follow_a_place_in_order(store: Any) -> None:
    assert await store.read(outbox.newest) == 0
    assert await after(store, 0) == ([], None)
    await fill(store, 5)
    assert await store.read(outbox.newest) == 5
    assert await after(store, 0) == ([1, 2, 3, 4, 5], None)
    assert await after(store, 3) == ([4, 5], None)
    assert await after(store, 1, 2) == ([2, 3], None)
    assert await after(store, 9) == ([], None)


async def test_what_is_forgotten_is_told_to_who_has_missed_it(store: Any) -> None:
    await fill(store, 5)
    await store.write(lambda tx: outbox.forget(tx, 2**50))
    assert await after(store, 5) == ([], None)
    assert await after(store, 4) == ([5], None)
    assert await after(store, 2) == ([5], 4)
    await fill(store, 1)
    assert await after(store, 0) == ([5, 6], 4)


async def test_only_what_is_old_is_forgotten(store: Any) -> None:
    await fill(store, 3)
    (row, *_) = await store.read(lambda c: list(c.execute(schema.outbox.select())))
    await store.write(lambda tx: outbox.forget(tx, row.at_ms))
    assert (await after(store, 0))[0] == [1, 2, 3]
