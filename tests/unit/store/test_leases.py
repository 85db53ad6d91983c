from __future__ import annotations

import pytest
from sqlalchemy import update

from footlight.store import leases, schema
from footlight.store.leases import LIFE_MS, Lost
from footlight.store.store import Store, Tx

ONE, TWO = "1" * 36, "2" * 36


async def run_out(store: Store) -> None:
    await store.write(
        lambda tx: tx.connection.execute(update(schema.leases).values(until_ms=1)) and None
    )


async def acquire(store: Store, holder: str, *names: str) -> dict[str, int]:
    return await store.write(lambda tx: leases.acquire(tx, holder, names))


async def test_one_has_it_until_it_runs_out(store: Store) -> None:
    assert await acquire(store, ONE, "a", "b") == {"a": 1, "b": 1}
    assert await acquire(store, TWO, "a", "b") == {}
    await run_out(store)
    assert await acquire(store, TWO, "a") == {"a": 2}
    seen = await store.read(lambda c: leases.look(c, ["a", "b", "c"], 0))
    assert {name: (lease.holder, lease.epoch) for name, lease in seen.items()} == {
        "a": (TWO, 2),
        "b": (ONE, 1),
    }


async def test_what_is_renewed_is_kept_and_what_was_taken_is_not(store: Store) -> None:
    held = await acquire(store, ONE, "a", "b")
    await run_out(store)
    await acquire(store, TWO, "a")
    # `b` has run out too, but nobody has had it in between.
    assert await store.write(lambda tx: leases.renew(tx, ONE, held)) == {"b"}
    assert await acquire(store, TWO, "b") == {}

    def left(tx: Tx) -> int:
        return leases.look(tx.connection, ["b"], tx.now_ms)["b"].left_ms

    assert LIFE_MS - 2_000 < await store.write(left) <= LIFE_MS


async def test_what_is_let_go_is_free_at_once(store: Store) -> None:
    held = await acquire(store, ONE, "a")
    await store.write(lambda tx: leases.release(tx, ONE, {"a": held["a"] + 1}))  # not that one
    assert await acquire(store, TWO, "a") == {}
    await store.write(lambda tx: leases.release(tx, ONE, held))
    assert await acquire(store, TWO, "a") == {"a": 2}


async def test_who_starts_anew_under_its_name_gets_a_new_epoch(store: Store) -> None:
    assert [await acquire(store, ONE, "a") for _ in range(2)] == [{"a": 1}, {"a": 2}]
    with pytest.raises(Lost):
        await store.write(lambda tx: leases.verify(tx, ONE, "a", 1))
    await store.write(lambda tx: leases.verify(tx, ONE, "a", 2))
