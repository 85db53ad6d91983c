from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from footlight.clock import Clock, SystemClock
from footlight.store import duties as module
from footlight.store import schema
from footlight.store.duties import Duties
from footlight.store.leases import Lost
from footlight.store.servers import Server
from footlight.store.store import Store


class Work:
    """Notes when it runs."""

    def __init__(self) -> None:
        self.runs = False
        self.fails = False
        self.starts = 0

    async def start(self) -> None:
        self.starts += 1
        if self.fails:
            raise RuntimeError("cannot")
        self.runs = True

    async def stop(self) -> None:
        self.runs = False


class Frozen(SystemClock):
    """A clock that goes on while nothing else does."""

    def __init__(self) -> None:
        self.ahead_ns = 0

    def monotonic_ns(self) -> int:
        return super().monotonic_ns() + self.ahead_ns


def made(store: Store, number: int, clock: Clock, *, alone: bool = False) -> tuple[Duties, Work]:
    server = Server(str(number) * 36, "host", "1.0")
    duties, work = Duties(store, server, clock, alone=alone), Work()
    duties.duty("a").add(work)
    return duties, work


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EACH_S", 0.02)
    monkeypatch.setattr(module, "RENEW_EACH_MS", 40)


async def until(look: Callable[[], bool]) -> None:
    for _ in range(500):
        if look():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it has not come about")


async def test_one_has_it_and_the_next_at_once_after_a_clean_end(store: Store) -> None:
    first, mine = made(store, 1, SystemClock())
    second, others = made(store, 2, SystemClock())
    await first.start()
    await second.start()
    assert (mine.runs, others.runs, first.held, second.held) == (True, False, {"a"}, frozenset())
    await first.stop()
    assert not mine.runs
    await until(lambda: others.runs)
    await second.stop()
    rows = await store.read(lambda c: c.execute(select(schema.servers)).all())
    assert rows == []


async def test_a_holder_that_slept_ends_it_at_once_and_writes_no_more(store: Store) -> None:
    clock = Frozen()
    first, mine = made(store, 1, clock)
    await first.start()
    duty = first.duty("a")
    taken = update(schema.leases).values(holder="2" * 36, epoch=2, until_ms=2**50)
    await store.write(lambda tx: tx.connection.execute(taken) and None)
    with pytest.raises(Lost):
        await duty.store.write(lambda tx: tx.emit("machine", "m"))
    clock.ahead_ns = 10**13
    assert not duty.tenure.sure()
    await until(lambda: not mine.runs)
    await first.stop()
    lease = await store.read(lambda c: c.execute(select(schema.leases)).one())
    assert (lease.holder, lease.until_ms) == ("2" * 36, 2**50)


async def test_a_lease_that_another_has_taken_ends_it(store: Store) -> None:
    first, mine = made(store, 1, SystemClock())
    await first.start()
    taken = update(schema.leases).values(holder="2" * 36, epoch=2, until_ms=2**50)
    await store.write(lambda tx: tx.connection.execute(taken) and None)
    await until(lambda: not mine.runs)
    await store.write(
        lambda tx: tx.connection.execute(update(schema.leases).values(until_ms=0)) and None
    )
    await until(lambda: mine.runs)
    await first.stop()


@pytest.mark.expects_errors
async def test_what_cannot_begin_here_is_left_to_others(
    store: Store, error_logs: list[dict[str, Any]]
) -> None:
    first, mine = made(store, 1, SystemClock())
    mine.fails = True
    await first.start()
    assert (mine.starts, first.held) == (1, frozenset())
    assert [one["duty"] for one in error_logs] == ["a"]
    second, others = made(store, 2, SystemClock())
    await store.write(
        lambda tx: tx.connection.execute(update(schema.leases).values(until_ms=0)) and None
    )
    await second.start()
    assert others.runs
    await first.stop()
    await second.stop()


async def test_who_is_alone_has_all_and_asks_nobody(store: Store) -> None:
    alone, work = made(store, 1, SystemClock(), alone=True)
    await alone.start()
    await alone.duty("a").store.write(lambda tx: tx.emit("machine", "m"))
    leases = await store.read(lambda c: c.execute(select(schema.leases)).all())
    assert (work.runs, alone.held, leases) == (True, {"a"}, [])
    await alone.stop()
    assert not work.runs
