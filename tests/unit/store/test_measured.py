from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from footlight.errors import Unavailable
from footlight.store import schema
from footlight.store.measured import MeasuredStore
from footlight.store.store import Store
from footlight.telemetry import origin
from footlight.telemetry.meters import Meters
from footlight.telemetry.origin import NOWHERE, Origin
from footlight.telemetry.traces import OFF


def count_of(meters: Meters, kind: str) -> int:
    return sum(meters.store_seconds.of(kind).counts)


async def test_transactions_are_counted_and_done(store: Store) -> None:
    meters = Meters()
    measured = MeasuredStore(store, meters, OFF)
    heard: list[frozenset[str]] = []
    measured.on_commit(heard.append)
    await measured.write(lambda tx: tx.emit("thing", "o"))
    found = await measured.read(lambda c: c.execute(select(schema.outbox.c.kind)).scalars().all())
    assert found == ["thing"]
    assert heard == [frozenset({"thing"})]
    await measured.aside(lambda tx: None)
    counts = [count_of(meters, kind) for kind in ("read", "write", "aside")]
    assert counts == [1, 1, 1]
    assert sum(meters.store_wait.of("write").counts) == 1
    assert meters.store_busy.value("write") == 0


async def test_a_transaction_knows_whose_it_is(store: Store) -> None:
    measured = MeasuredStore(store, Meters(), OFF)

    async def request() -> Origin:
        origin.come_from("t1")
        return await measured.write(lambda tx: tx.origin)

    assert await asyncio.create_task(request()) == Origin("t1")
    assert await measured.write(lambda tx: tx.origin) == NOWHERE


async def test_failures_are_told_apart(store: Store) -> None:
    meters = Meters()
    measured = MeasuredStore(store, meters, OFF)

    def silent(_: Any) -> None:
        raise Unavailable("no answer")

    def wrong(_: Any) -> None:
        raise ValueError

    with pytest.raises(Unavailable):
        await measured.read(silent)
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the work raises
        await measured.write(wrong)
    assert meters.store_unavailable.value("read") == 1
    assert meters.store_unavailable.value("write") == 0
    assert meters.store_busy.value("read") == 0
