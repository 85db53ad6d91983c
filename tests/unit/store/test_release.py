from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, select, text, update

from data.make_messages import module
from footlight.clock import SystemClock
from footlight.errors import Invalid
from footlight.store import release, schema
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.store import Store, Tx

OLD = Path(__file__).parents[2] / "data" / "release-0.1"
COUNTERS = {"uid", "seq"}
KEPT_BY_TRIGGERS = {"session_pieces", "session_keys"}


async def change(database: Database, *statements: str) -> None:
    store = await open_store(database, SystemClock())
    await store.write(lambda tx: [tx.connection.execute(text(one)) for one in statements] and None)
    await store.close()


async def test_the_release_before_uses_the_next_ones_schema_as_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await change(
        database,
        "ALTER TABLE zones ADD COLUMN colour VARCHAR(8) DEFAULT 'grey' NOT NULL",
        "UPDATE alembic_version SET version_num = '9999'",
        f"UPDATE schema_release SET release = {release.RELEASE + 1}, version = '0.9'",
    )
    await asyncio.to_thread(migrate, database)
    store = await open_store(database, SystemClock())

    def write(tx: Tx) -> Any:
        tx.connection.execute(schema.zones.insert().values(id="z", name="Z", is_primary=True))
        return tx.connection.execute(select(schema.zones.c.name)).scalar()

    assert await store.write(write) == "Z"
    await store.close()


async def test_an_older_one_refuses_in_plain_words(database: Database) -> None:
    later = f"UPDATE schema_release SET release = {release.RELEASE + 2}, version = '7.0'"
    await change(database, later)
    with pytest.raises(Invalid, match=r"release 7\.0.*only the release before.*upgrade this"):
        await asyncio.to_thread(migrate, database)


async def test_a_schema_of_nobodys_is_refused(database: Database) -> None:
    await change(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Invalid, match="does not know"):
        await asyncio.to_thread(migrate, database)


# --- what release 0.1 reads and writes, on today's schema -----------------------------------------


def value_of(connection: Connection, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return connection.execute(select(key.column)).scalars().first()
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, LargeBinary):
        return b"1"
    return 1 if isinstance(column.type, Integer) else "1"


async def test_the_release_before_writes_reads_changes_and_removes_its_rows(store: Store) -> None:
    """By its own tables, with all their columns and with those that have no default."""
    tables = module(OLD, "schema").metadata.sorted_tables

    def work(tx: Tx) -> list[str]:
        c = tx.connection
        for table in tables:
            if table.name in KEPT_BY_TRIGGERS:
                continue
            values = {
                column.name: None if column.name == "ended_at_ms" else value_of(c, column)
                for column in table.columns
                if column.name not in COUNTERS
            }
            c.execute(table.insert().values(values))
        read = [table.name for table in tables if c.execute(select(table)).first() is None]
        sessions, jobs = (module(OLD, "schema").metadata.tables[n] for n in ("sessions", "jobs"))
        c.execute(update(sessions).values(state="Active", generation=sessions.c.generation + 1))
        c.execute(update(jobs).values(state="done", ended_at_ms=2))
        for table in reversed(tables):
            if table.name not in KEPT_BY_TRIGGERS:
                c.execute(table.delete())
        return read

    assert await store.write(work) == []


async def test_what_the_release_before_leaves_out_has_a_default(store: Store) -> None:
    before = module(OLD, "schema").metadata.tables
    added = [
        column
        for name, table in schema.metadata.tables.items()
        if name in before
        for column in table.columns
        if column.name not in before[name].columns
    ]
    assert added
    needy = [c for c in added if not c.nullable and c.server_default is None]
    assert needy == []
    gone = [
        f"{name}.{column.name}"
        for name, table in before.items()
        for column in table.columns
        if column.name not in schema.metadata.tables[name].columns
    ]
    assert gone == []
