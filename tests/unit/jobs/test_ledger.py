from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from footlight.clock import FakeClock
from footlight.errors import LimitReached
from footlight.jobs import ledger
from footlight.jobs.ledger import NewJob
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Store

HOUR_MS = 3_600_000


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(database: Database, clock: FakeClock) -> AsyncIterator[Store]:
    opened = await open_store(database, clock)
    yield opened
    await opened.close()


async def found(store: Store, clock: FakeClock, job_id: str, account: str = "me") -> Any:
    return await store.read(lambda c: ledger.find(c, account, job_id, clock.now_ms()))


async def test_a_job_is_there_for_48_h_after_its_end(store: Store, clock: FakeClock) -> None:
    job_id = await store.write(lambda tx: ledger.open_job(tx, NewJob("x", "me", action=b"{}")))
    clock.advance(100 * HOUR_MS)
    assert await store.read(lambda c: ledger.expired(c, clock.now_ms())) == []
    assert (await found(store, clock, job_id)).state == "running"
    await store.write(lambda tx: ledger.end(tx, job_id, "done"))
    clock.advance(48 * HOUR_MS - 1)
    assert (await found(store, clock, job_id)).state == "done"
    clock.advance(1)
    assert await found(store, clock, job_id) is None
    assert await store.read(lambda c: ledger.of_account(c, "me", clock.now_ms(), 9)) == []
    assert await store.read(lambda c: ledger.expired(c, clock.now_ms())) == [job_id]
    await store.write(lambda tx: ledger.forget(tx, [job_id]))
    assert await store.read(lambda c: ledger.expired(c, clock.now_ms())) == []


async def test_an_ended_job_does_not_end_again(store: Store, clock: FakeClock) -> None:
    job_id = await store.write(lambda tx: ledger.open_job(tx, NewJob("x", "me", action=b"{}")))
    await store.write(lambda tx: ledger.end(tx, job_id, "cancelled", "so"))
    await store.write(lambda tx: ledger.end(tx, job_id, "done"))
    assert (await found(store, clock, job_id)).error == "so"


async def test_jobs_are_their_maker_s_and_newest_first(store: Store, clock: FakeClock) -> None:
    made = []
    for account in ("me", "you", "me"):
        clock.advance(1)
        new = NewJob("x", account)
        made.append(await store.write(lambda tx, new=new: ledger.open_job(tx, new)))
    mine = await store.read(lambda c: ledger.of_account(c, "me", clock.now_ms(), 9))
    assert [row.id for row in mine] == [made[2], made[0]]
    assert await found(store, clock, made[0], "you") is None


async def test_open_ones_are_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "OPEN_AT_MOST", 1)
    await store.write(lambda tx: ledger.open_job(tx, NewJob("x", "me")))
    with pytest.raises(LimitReached):
        await store.write(lambda tx: ledger.open_job(tx, NewJob("x", "me")))
    await store.write(lambda tx: ledger.open_job(tx, NewJob("x", "you")))
