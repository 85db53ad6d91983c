from __future__ import annotations

import pytest
from sqlalchemy import select

from footlight.clock import FakeClock
from footlight.store import leases, schema
from footlight.store.fenced import FencedStore, Tenure
from footlight.store.leases import LIFE_MS, Lost
from footlight.store.store import Store, Tx

ONE, TWO = "1" * 36, "2" * 36


def mark(tx: Tx) -> None:
    tx.emit("machine", "m")


async def marks(store: Store) -> int:
    query = select(schema.outbox.c.seq)
    return len(await store.read(lambda c: c.execute(query).all()))


async def test_a_write_gets_through_while_the_lease_is_held_and_not_after(store: Store) -> None:
    clock = FakeClock()
    tenure = Tenure("a", ONE, clock)
    fenced = FencedStore(store, tenure, clock)
    with pytest.raises(Lost):
        await fenced.write(mark)
    taken = await store.write(lambda tx: leases.acquire(tx, ONE, ["a"]))
    tenure.begin(taken["a"], clock.monotonic_ns())
    heard: list[frozenset[str]] = []
    fenced.on_commit(heard.append)
    await fenced.write(mark)
    assert (await marks(store), heard) == (1, [frozenset({"machine"})])
    # Frozen, it hears of nothing; another takes the lease meanwhile.
    await store.write(lambda tx: leases.release(tx, ONE, taken))
    await store.write(lambda tx: leases.acquire(tx, TWO, ["a"]))
    with pytest.raises(Lost):
        await fenced.write(mark)
    assert await marks(store) == 1


async def test_a_write_of_an_earlier_tenure_is_not_of_the_next(store: Store) -> None:
    clock = FakeClock()
    tenure = Tenure("a", ONE, clock)
    fenced = FencedStore(store, tenure, clock)
    tenure.begin((await store.write(lambda tx: leases.acquire(tx, ONE, ["a"])))["a"], 0)
    late = fenced.write(mark)  # asked for under the first epoch once it runs
    tenure.end()
    with pytest.raises(Lost):
        await late
    assert await marks(store) == 0


def test_it_is_sure_for_as_long_as_nobody_else_can_have_it() -> None:
    clock = FakeClock()
    tenure = Tenure("a", ONE, clock)
    assert not tenure.sure()
    tenure.begin(1, clock.monotonic_ns())
    clock.advance(LIFE_MS - 1)
    assert tenure.sure()
    clock.advance(1)
    assert not tenure.sure()
    tenure.extend(clock.monotonic_ns())
    assert tenure.sure()
    tenure.end()
    assert not tenure.sure()
    assert Tenure("a", ONE, clock, alone=True).sure()
