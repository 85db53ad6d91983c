"""launches: placements decided per second over 1,000 machines and 100,000 sessions."""

from __future__ import annotations

import asyncio
import statistics
import time

from bench import crowd
from bench.databases import CpuS, Kind, measured_database
from bench.figure import Figure
from sqlalchemy import select, update

from footlight.access import accounts
from footlight.broker.decision import LaunchRequest, Terms, decide
from footlight.caller import FULL_GRANT, Caller
from footlight.clock import SystemClock
from footlight.site import entitlement
from footlight.store import schema
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Store, Tx

# Design section 8: 100 launches a second ("storm") are to leave room for everything else.
BAR = 100.0
SESSIONS = 100_000
PER_MACHINE = 100
AT_ONCE = 25


def measure(quick: bool, database: Kind = "sqlite") -> Figure:
    """Whole decisions of launches (entitlement, take-up, limits, choice among all machines of the group, the new row)
    in transactions of their own, per second of CPU, the database's included; the median of rounds of 25."""
    with measured_database(database) as (place, cpu_s):
        took, plain_s = asyncio.run(_measure(place, cpu_s, 3 if quick else 15))
    value = AT_ONCE / statistics.median(took)
    details = {
        "database": database,
        "machines": SESSIONS // PER_MACHINE,
        "sessions": SESSIONS,
        "rounds": len(took),
        "best": round(AT_ONCE / min(took)),
        "worst": round(AT_ONCE / max(took)),
        "ms_each": round(1000 * statistics.median(took) / AT_ONCE, 2),
        "wall_s": round(plain_s, 1),
    }
    return Figure("launches", round(value, 1), "launches/s/core", BAR, value >= BAR, details)


async def _measure(database: Database, cpu_s: CpuS, rounds: int) -> tuple[list[float], float]:
    """CPU seconds of each round, and seconds of all of them."""
    await crowd.found(database)
    store = await open_store(database, SystemClock())
    try:
        await crowd.fill(store, SESSIONS, PER_MACHINE)
        await store.write(lambda tx: _one_group(tx))
        await crowd.settle(database)
        await _launch(store, -1)
        took, began_s = [], time.monotonic()
        for number in range(rounds):
            cpu = cpu_s()
            for each in range(AT_ONCE):
                await _launch(store, number * AT_ONCE + each)
            took.append(cpu_s() - cpu)
        return took, time.monotonic() - began_s
    finally:
        await store.close()


def _one_group(tx: Tx) -> None:
    """All machines in the group that gives the sample desktop, and loads that differ."""
    g, m = schema.delivery_groups, schema.machines
    sample = select(g.c.id).where(g.c.is_sample).scalar_subquery()
    values = {"delivery_group_id": sample, "load_cpu": m.c.uid % 97 * 90, "load_index": 1}
    tx.connection.execute(update(m).values(values))


async def _launch(store: Store, number: int) -> None:
    name = f"user{number}"
    person = entitlement.person(name)
    request = LaunchRequest("Desktop")

    def write(tx: Tx) -> bool:
        account = accounts.create(tx, name)
        caller = Caller(
            *(account.id, name, f"BENCH\\{name}", name, (FULL_GRANT,), "t"),
            *(2**50, 2**50, "203.0.113.5"),
        )
        return decide(tx, caller, request, person, "BENCH", Terms(), 1).created

    assert await store.write(write)
