"""A site's database full of live sessions, as its own rooms would have filled it."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, select

from footlight.access import accounts, clients, roles
from footlight.api import halves
from footlight.clock import SystemClock
from footlight.ids import new_guid
from footlight.sessions.pieces import render_missing
from footlight.site.founding import found_site
from footlight.store import schema
from footlight.store.address import Database, PostgresAddress
from footlight.store.changes import insert_rows
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.store import Store, Tx

PER_MACHINE = 20
PLACES = 5
AT_ONCE = 10_000
NOW_MS = 1_800_000_000_000
ZONE = UTC
_SEED = 2026
_FIRST = "Anna Bert Carla Dirk Émile Frank Gerda Hans Inès Jörg Karin Lars Maja Nils".split()  # noqa: SIM905
_LAST = "Abel Braun Costa Dahl Ekström Fischer Garcia Holm Ito Jensen Kowalski".split()  # noqa: SIM905
_CLIENTS = (("Windows", "141.0"), ("Linux", "140.0.2"), ("macOS", "18.3"))
_APPLICATIONS = ("Terminal", "Text Editor", "Übersicht")


async def found(database: Database) -> None:
    """A site with its administrator and nobody in it."""
    await asyncio.to_thread(migrate, database)
    store = await open_store(database, SystemClock())
    try:
        await store.write(lambda tx: _found(tx))
    finally:
        await store.close()


def _found(tx: Tx) -> None:
    found_site(tx, "BENCH", samples=True)
    admin = accounts.create(tx, "admin")
    roles.make_full(tx, admin.id)
    clients.create(tx, "", admin.id)


async def fill(store: Store, count: int, per_machine: int = PER_MACHINE) -> None:
    """`count` sessions of as many users, dealt out to machines in five catalogs and groups."""
    dice = random.Random(_SEED)
    machines = await store.write(lambda tx: _machines(tx.connection, -(-count // per_machine)))
    account_id = await store.read(lambda c: c.execute(select(schema.accounts.c.id)).scalar())
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        rows = [session(dice, n, machines[n % len(machines)], str(account_id)) for n in numbers]
        await store.write(lambda tx, rows=rows: _insert(tx, rows))
        while await store.write(lambda tx: render_missing(tx, halves.own_half)):
            continue


async def settle(database: Database) -> None:
    """What PostgreSQL does by itself within some minutes of so many new rows."""
    if isinstance(database, PostgresAddress):
        connection = await database.connect()
        try:
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()


def _insert(tx: Tx, rows: list[dict[str, Any]]) -> None:
    insert_rows(tx.connection, schema.sessions, tuple(rows[0]), [(*row.values(),) for row in rows])
    reasons = [_reason(row) for row in rows if row["recording_live"]]
    tx.connection.execute(schema.recording_reasons.insert(), reasons)


def _reason(session: dict[str, Any]) -> dict[str, Any]:
    """Why it is recorded; each hundredth of these is late."""
    late = session["linux_uid"] % 100 == 0
    return {
        "session_id": session["id"],
        "on_demand_by": "BENCH\\admin",
        "on_demand_notify": True,
        "health": "delayed" if late else "recording",
        "covered": False,
        "failures": 0,
    }


def _machines(connection: Connection, count: int) -> list[str]:
    """Their ids."""
    zone_id = connection.execute(select(schema.zones.c.id)).scalar()
    places = [(new_guid(), new_guid()) for _ in range(PLACES)]
    for n, (catalog_id, group_id) in enumerate(places):
        connection.execute(
            schema.catalogs.insert().values(id=catalog_id, name=f"Catalog {n}", zone_id=zone_id)
        )
        connection.execute(schema.delivery_groups.insert().values(id=group_id, name=f"Group {n}"))
    rows = [
        {
            "id": new_guid(),
            "name": f"BENCH\\HOST{n:06}",
            "dns_name": f"host{n:06}.bench.test",
            "ip_address": f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}",
            "os_type": "Debian 12" if n % 3 else "Debian 13",
            "os_version": "12" if n % 3 else "13",
            "agent_version": "0.3.0",
            "as_root": True,
            "agent_public_key": "00" * 32,
            "catalog_id": places[n % PLACES][0],
            "delivery_group_id": places[n // PLACES % PLACES][1],
            "zone_id": zone_id,
            "registered": True,
            "last_seen_ms": NOW_MS,
        }
        for n in range(count)
    ]
    for start in range(0, count, AT_ONCE):
        connection.execute(schema.machines.insert(), rows[start : start + AT_ONCE])
    return [str(row["id"]) for row in rows]


def session(dice: random.Random, number: int, machine_id: str, account_id: str) -> dict[str, Any]:
    """The row of a session that runs."""
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    platform, version = dice.choice(_CLIENTS)
    application = dice.random() < 0.5
    began = NOW_MS - dice.randrange(30 * 86_400_000)
    client = f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"
    return {
        "id": new_guid(),
        "account_id": account_id,
        "user_name": f"BENCH\\{first[0].lower()}{last.lower()}{number}",
        "user_display_name": f"{first} {last}",
        "machine_id": machine_id,
        "resource_id": new_guid(),
        "resource_name": dice.choice(_APPLICATIONS) if application else "Desktop",
        "session_type": "Application" if application else "Desktop",
        "launch": "{" + " " * 400 + "}",
        "brokered_at_ms": began,
        "brokering_ms": dice.randrange(500),
        "brokered_by": "BENCH\\admin",
        "generation": 1,
        "reported_generation": 1,
        "wanted": "run",
        "phase": "running",
        "display": ":1",
        "linux_user": f"fl-{first[0].lower()}{last.lower()}{number}"[:32],
        "linux_uid": 5000 + number,
        "started_at_ms": began + dice.randrange(3000),
        "established_at_ms": began + dice.randrange(3000, 9000),
        "state": "Active" if dice.random() < 0.6 else "Disconnected",
        "state_changed_at_ms": dice.randrange(began, NOW_MS),
        "app_state": "Active" if application else "Desktop",
        "app_state_changed_at_ms": began + 9000,
        "client_address": client,
        "client_name": f"PC-{dice.randrange(100_000):05}",
        "client_platform": platform,
        "client_version": version,
        "connected_via_ip": client,
        "launch_client_ip": client,
        "launched_via_ip": "10.0.0.2",
        "launched_via_host": "broker.bench.test",
        "recording_live": number % 3 == 0,
    }
