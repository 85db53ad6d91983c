"""list-growth: what a later page costs among a million sessions against among a thousand, also for a caller whose
scope holds a hundred of them."""

from __future__ import annotations

import asyncio

from bench import crowd
from bench.databases import CpuS, Kind, measured_database
from bench.figure import Figure
from sqlalchemy import Connection, select

from footlight.api import container_scopes, halves
from footlight.caller import FULL_GRANT, Caller, Grant, Permission
from footlight.clock import SystemClock
from footlight.ids import new_guid
from footlight.sessions import pieces
from footlight.store import schema
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Tx

BAR = 1.2
SMALL, LARGE, QUICK = 1_000, 1_000_000, 30_000
FULL_LIMIT, SCOPED_LIMIT = 250, 25
REPEATS = 60
PER_MACHINE, MACHINES = 4, 25  # in the scope


def measure(quick: bool, database: Kind = "sqlite") -> Figure:
    """The larger of both ratios. Each cost is the median CPU of a page in the middle of the list."""
    large = QUICK if quick else LARGE
    costs = {count: _costs(database, count) for count in (SMALL, large)}
    ratios = {who: costs[large][who] / costs[SMALL][who] for who in costs[SMALL]}
    worst = max(ratios.values())
    details = {
        "database": database,
        "sessions": [SMALL, large],
        "ratios": {who: round(ratio, 2) for who, ratio in ratios.items()},
        "page_ms": {
            str(count): {who: round(ms, 2) for who, ms in cost.items()}
            for count, cost in costs.items()
        },
    }
    return Figure("list-growth", round(worst, 2), "times", BAR, worst <= BAR, details)


def _costs(kind: Kind, count: int) -> dict[str, float]:
    with measured_database(kind) as (database, cpu_s):
        return asyncio.run(_measure(database, cpu_s, count))


async def _measure(database: Database, cpu_s: CpuS, count: int) -> dict[str, float]:
    await crowd.found(database)
    store = await open_store(database, SystemClock())
    try:
        # The rows of a page are on machines of their own, also where sessions are few.
        await crowd.fill(store, count, PER_MACHINE)
        await crowd.settle(database)
        scope_id = await store.write(_scope)
        held = Grant(frozenset({Permission.SESSION_READ}), frozenset({scope_id}))
        callers = (
            ("full", _caller(FULL_GRANT), FULL_LIMIT),
            ("scoped", _caller(held), SCOPED_LIMIT),
        )
        return await store.read(
            lambda c: {who: _page_ms(c, cpu_s, caller, limit) for who, caller, limit in callers}
        )
    finally:
        await store.close()


def _scope(tx: Tx) -> str:
    """A scope that holds a catalog of 25 machines, with four sessions each, from all over the site."""
    m, scope_id, catalog_id = schema.machines, new_guid(), new_guid()
    zone_id = tx.connection.execute(select(schema.zones.c.id)).scalar()
    uids = list(tx.connection.execute(select(m.c.uid).order_by(m.c.uid)).scalars())
    chosen = uids[:: len(uids) // MACHINES][:MACHINES]
    run = tx.connection.execute
    run(schema.catalogs.insert().values(id=catalog_id, name="Scoped", zone_id=zone_id))
    run(m.update().where(m.c.uid.in_(chosen)).values(catalog_id=catalog_id, delivery_group_id=None))
    run(schema.scopes.insert().values(id=scope_id, name="Scoped"))
    run(
        schema.scope_objects.insert().values(
            scope_id=scope_id, object_kind="MachineCatalog", object_id=catalog_id
        )
    )
    return scope_id


def _page_ms(connection: Connection, cpu_s: CpuS, caller: Caller, limit: int) -> float:
    first = pieces.live_page(connection, caller, limit)
    total = first.total
    second = pieces.live_page(connection, caller, limit, first.last_uid or 0, total)
    last_uid = second.last_uid or 0
    took = []
    for _ in range(REPEATS):
        began = cpu_s()
        page = pieces.live_page(connection, caller, limit, last_uid, total)
        held = container_scopes.held(connection, caller, page.pieces.machines.values())
        halves.page(page.pieces, held, None, total, None)
        took.append((cpu_s() - began) * 1000)
        assert len(page.pieces.kept) == limit, "a whole page"
    return sorted(took)[REPEATS // 2]


def _caller(grant: Grant) -> Caller:
    return Caller(new_guid(), "a", "BENCH\\a", "", (grant,), "t", 2**50, 2**50, "203.0.113.5")
