"""policy-sweep: recording policies look at all of 10,000 live sessions, which they do once a minute: the CPU that it
takes where nothing has changed. Of the details: what it takes when a new first policy decides on them all.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import crowd
from bench.figure import Figure

from footlight.broker.policy_keeper import LOOK_AT_ALL_S, PolicyKeeper
from footlight.caller import FULL_GRANT, Caller
from footlight.clock import SystemClock
from footlight.policies import kept
from footlight.store import schema
from footlight.store.engines import open_store
from footlight.store.store import Store
from footlight.wire.policies import NewPolicy, PolicyConditions, PolicyOutcome, PolicyTimes

MANY, FEW = 10_000, 2_000
POLICIES = 20
REPEATS = 5
_CALLER = Caller("a", "admin", "BENCH\\admin", "", (FULL_GRANT,), "t", 2**50, 2**50, "203.0.113.5")
BAR = 0.02  # of a processor, one look at all each LOOK_AT_ALL_S


def measure(quick: bool) -> Figure:
    """Part of one processor, the median look of some."""
    count = FEW if quick else MANY
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as folder:
        found = asyncio.run(_measure(Path(folder) / "footlight.db", count))
    value = found["unchanged_s"] / LOOK_AT_ALL_S * MANY / count
    details = {"sessions": count, "policies": POLICIES, **found}
    return Figure("policy-sweep", round(value, 4), "of a processor", BAR, value <= BAR, details)


async def _measure(database: Path, count: int) -> dict[str, Any]:
    await crowd.found(database)
    store = await open_store(database, SystemClock())
    try:
        await crowd.fill(store, count)
        for number in range(POLICIES):
            await _add(store, _narrow(number))
        keeper = PolicyKeeper(store, SystemClock())
        await _look(keeper)
        unchanged_s = sorted([await _look(keeper) for _ in range(REPEATS)])[REPEATS // 2]
        first = NewPolicy(name="All", then=PolicyOutcome(record="screen"), position=1)
        await _add(store, first)
        changed_s = await _look(keeper)
        recordings = await store.read(lambda c: c.execute(schema.recordings.select()).all())
        return {
            "unchanged_s": round(unchanged_s, 3),
            "all_changed_s": round(changed_s, 3),
            "all_changed_ms_a_session": round(changed_s / count * 1000, 2),
            "recordings": len(recordings),
        }
    finally:
        await store.close()


async def _look(keeper: PolicyKeeper) -> float:
    """CPU seconds of one look at all."""
    keeper._all = True  # as after a change of policies
    begun = time.process_time()
    await keeper.look()
    return time.process_time() - begun


def _narrow(number: int) -> NewPolicy:
    """One that looks at everything and fits few."""
    conditions = PolicyConditions(
        client_addresses=[f"10.{number}.0.0/16", f"10.{number + 100}.0.0/16"],
        users=[f"BENCH\\nobody{number}", "BENCH\\admin"] if number % 2 else [],
        times=[PolicyTimes(days=["Monday"], start="08:00", end="18:00")] if number % 4 else [],
    )
    then = PolicyOutcome(record="no")
    return NewPolicy(name=f"Policy {number}", then=then, conditions=conditions)


async def _add(store: Store, wanted: NewPolicy) -> None:
    await store.write(lambda tx: kept.create(tx, _CALLER, wanted, "BENCH"))
