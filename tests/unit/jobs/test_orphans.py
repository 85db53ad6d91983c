from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from footlight.clock import SystemClock
from footlight.jobs import ledger
from footlight.jobs.ledger import NAMELESS_MS, NewJob
from footlight.jobs.orphans import Orphans
from footlight.store import schema, servers
from footlight.store.servers import Server
from footlight.store.store import Store, Tx

UP, GONE = "1" * 36, "2" * 36


async def states(store: Store) -> dict[str, Any]:
    jobs = schema.jobs
    rows = await store.read(lambda c: c.execute(select(jobs.c.kind, jobs.c.state)).all())
    return {kind: state for kind, state in rows}


async def test_tasks_of_servers_that_are_gone_fail_and_no_others(store: Store) -> None:
    def write(tx: Tx) -> None:
        servers.arrive(tx, Server(UP, "host", "1.0"))
        ledger.open_job(tx, NewJob("of one that is up", "me", server_id=UP))
        ledger.open_job(tx, NewJob("of one that is gone", "me", server_id=GONE))
        ledger.open_job(tx, NewJob("of the release before", "me"))
        ledger.open_job(tx, NewJob("an action", "me", action=b"{}", deadline_ms=1))

    await store.write(write)
    orphans = Orphans(store, SystemClock())
    await orphans.look()
    running = {"of one that is up", "of the release before", "an action"}
    found = await states(store)
    assert {kind for kind, state in found.items() if state == "running"} == running
    assert found["of one that is gone"] == "failed"
    old = update(schema.jobs).values(created_at_ms=schema.jobs.c.created_at_ms - NAMELESS_MS - 1)
    await store.write(lambda tx: tx.connection.execute(old) and None)
    await orphans.look()
    assert (await states(store))["of the release before"] == "failed"


async def test_it_is_patient_at_first(store: Store) -> None:
    await store.write(
        lambda tx: ledger.open_job(tx, NewJob("of one that is gone", "me", server_id=GONE))
    )
    orphans = Orphans(store, SystemClock())
    await orphans.start()
    await orphans.stop()
    assert await states(store) == {"of one that is gone": "running"}
