"""Migrations with rows in the tables, on each engine (`--database postgresql`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    create_engine,
    func,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.ext.asyncio import create_async_engine

from footlight.access.roles import FULL
from footlight.errors import Invalid, Unavailable
from footlight.ids import ZERO_GUID
from footlight.store import schema
from footlight.store.address import Database, PostgresAddress
from footlight.store.backup import known_revisions
from footlight.store.migrate import migrate
from footlight.store.text import fold

T = TypeVar("T")


async def migrated(database: Database, revision: str = "head") -> None:
    await asyncio.to_thread(migrate, database, revision)


# SQLite files at each revision, without rows: to make them step by step for each test takes most of its time.
_files: dict[str, bytes] = {}


async def migrated_from_nothing(database: Database, revision: str, folder: Path) -> None:
    """As migrated, of a database without tables."""
    if isinstance(database, PostgresAddress):
        await migrated(database, revision)
        return
    if not _files:
        made = folder / "made.db"
        for one in sorted(known_revisions()):
            await migrated(made, one)
            _files[one] = made.read_bytes()
    database.write_bytes(_files[revision])


async def on(database: Database, work: Callable[[Connection], T]) -> T:
    """The result of `work` in a transaction."""
    if isinstance(database, PostgresAddress):
        engine = create_async_engine("postgresql+asyncpg://", async_creator=database.connect)
        async with engine.begin() as connection:
            result = await connection.run_sync(work)
        await engine.dispose()
        return result
    file = create_engine(f"sqlite:///{database}")
    with file.begin() as opened:
        driver: Any = opened.connection.driver_connection
        driver.create_function("fold", 1, fold, deterministic=True)  # for triggers
        result = work(opened)
    file.dispose()
    return result


async def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    return await on(database, lambda c: [tuple(row) for row in c.execute(text(query))])


async def insert(database: Database, *statements: str) -> None:
    await on(database, lambda c: [c.execute(text(one)) for one in statements] and None)


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, schema.metadata))


@pytest.mark.parametrize("revision", sorted(known_revisions()))
async def test_each_revision_with_rows_ends_as_the_schema_says(
    blank: Database, revision: str, tmp_path: Path
) -> None:
    await migrated_from_nothing(blank, revision, tmp_path)
    before = await on(blank, fill)
    await migrated(blank)
    assert await on(blank, differences) == []
    names = await on(blank, lambda c: set(inspect(c).get_table_names()))
    assert names == {*schema.metadata.tables, "alembic_version"}
    after = await on(blank, counts)
    assert {name: after[name] for name in before} == {
        # What a later revision puts into a table itself comes on top.
        name: max(count, after[name])
        for name, count in before.items()
    }
    # What counts goes on counting behind the rows that are there.
    await insert(blank, "INSERT INTO outbox (at_ms, kind, object_id) VALUES (1, 'k', 'o')")


KEPT_BY_TRIGGERS = ("session_keys", "session_pieces", "session_counts")


def fill(connection: Connection) -> dict[str, int]:
    """Put a row into each table that has none, all of them pointing at each other; rows by table."""
    found = MetaData()
    found.reflect(connection)
    for one in found.sorted_tables:
        if one.name in KEPT_BY_TRIGGERS:
            continue
        if connection.execute(select(one)).first() is None:
            counters = {"uid", "seq"}
            columns = [c for c in one.columns if c.name not in counters]
            values = {c.name: value_of(connection, c) for c in columns}
            connection.execute(one.insert().values(values))
    return counts(connection)


def value_of(connection: Connection, column: Column[Any]) -> Any:
    if column.name == "ended_at_ms":
        return None  # of what lives there are rows beside it
    for key in column.foreign_keys:
        return connection.execute(select(key.column)).scalars().first()
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, LargeBinary):
        return b"1"
    return 1 if isinstance(column.type, Integer) else "1"


def counts(connection: Connection) -> dict[str, int]:
    # The tables by their names alone: reading what each is made of takes longer than the migrations.
    return {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in inspect(connection).get_table_names()
    }


def test_the_file_is_its_owners_only_and_migrating_again_changes_no_byte(tmp_path: Path) -> None:
    file = tmp_path / "site.db"
    migrate(file)
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    migrate(file)
    assert file.read_bytes() == before


async def test_0002_keeps_jobs_and_their_times(blank: Database) -> None:
    await migrated(blank, "0001")
    await insert(
        blank,
        "INSERT INTO jobs (id, kind, account_id, object_id, state, created_at_ms, ended_at_ms,"
        " expires_at_ms) VALUES ('j', 'export', 'a', 'r', 'done', 5, 6, 7)",
    )
    await migrated(blank)
    kept = "id, state, created_at_ms, started_at_ms, parameters, action, error_code"
    assert await rows(blank, f"SELECT {kept} FROM jobs") == [("j", "done", 5, 5, "{}", None, None)]


def test_a_uid_of_a_session_is_never_used_twice_in_a_file(tmp_path: Path) -> None:
    migrate(tmp_path / "site.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'site.db'}")
    with engine.begin() as connection:
        made = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'sessions'")
        ).scalar_one()
    engine.dispose()
    assert "AUTOINCREMENT" in made


async def test_0003_keeps_administrators_and_who_gives_what(blank: Database) -> None:
    await migrated(blank, "0002")
    account = "INSERT INTO accounts (id, name, name_key, display_name, administrator, enabled, created_at_ms)"
    await insert(
        blank,
        f"{account} VALUES ('boss', 'boss', 'boss', '', TRUE, TRUE, 5)",
        f"{account} VALUES ('ada', 'ada', 'ada', '', FALSE, TRUE, 5)",
        "INSERT INTO zones (id, name, is_primary) VALUES ('z', 'Primary', TRUE)",
        "INSERT INTO catalogs (id, name, zone_id) VALUES ('c', 'Hosts', 'z')",
        "INSERT INTO delivery_groups (id, name) VALUES ('g', 'Everyone')",
        "INSERT INTO resources (id, name, kind, command, delivery_group_id, enabled)"
        " VALUES ('r', 'Desktop', 'Desktop', '[]', 'g', TRUE)",
        "INSERT INTO machines (id, name, dns_name, os_type, os_version, agent_version, as_root,"
        " agent_public_key, catalog_id, delivery_group_id, zone_id, registered, last_seen_ms)"
        " VALUES ('m', 'L\\M', '', '', '', '', TRUE, '', 'c', 'g', 'z', TRUE, 5)",
    )
    await migrated(blank)
    assert await rows(blank, "SELECT account_id, role_id, scope_id FROM administrator_rights") == [
        ("boss", FULL.id, ZERO_GUID)
    ]
    assert await rows(blank, "SELECT name, published_name FROM resources") == [
        ("Desktop", "Desktop")
    ]
    assert await rows(blank, "SELECT resource_id, delivery_group_id FROM resource_groups") == [
        ("r", "g")
    ]
    assert await rows(blank, "SELECT catalog_id, delivery_group_id FROM machines") == [("c", "g")]
    assert await rows(blank, "SELECT is_sample, session_support FROM catalogs") == [
        (True, "MultiSession")
    ]
    assert await rows(blank, "SELECT is_sample FROM delivery_groups") == [(True,)]


def test_a_database_that_cannot_be_used_is_named_without_the_password(tmp_path: Path) -> None:
    nowhere = PostgresAddress(f"postgresql://u@/site?host={tmp_path}", "sesame")
    with pytest.raises(Unavailable, match="cannot use the database") as refusal:
        migrate(nowhere)
    assert str(tmp_path) in str(refusal.value)
    assert "sesame" not in str(refusal.value)
    with pytest.raises(Invalid, match="sslmode"):
        migrate(PostgresAddress("postgresql://u@127.0.0.1:1/site?sslmode=perhaps"))


_SESSION = (
    "INSERT INTO sessions (id, account_id, user_name, user_display_name, machine_id, resource_id,"
    " resource_name, session_type, launch, brokered_at_ms, brokered_by, generation, wanted, phase,"
    " state, state_changed_at_ms, app_state, app_state_changed_at_ms, linux_user, ended_at_ms)"
)
_VALUES = (
    "'boss', 'L\\ÄDA', 'Äda', 'm', 'r', 'Desk', 'Desktop', '{}', 1, '', 1, 'run', 'running',"
    " 'Active', 7, 'Desktop', 1, 'fl-äda'"
)
# One that runs and one that has ended, on one machine.
SESSIONS = (
    "INSERT INTO accounts (id, name, name_key, display_name, enabled, created_at_ms)"
    " VALUES ('boss', 'boss', 'boss', '', TRUE, 5)",
    "INSERT INTO zones (id, name, is_primary) VALUES ('z', 'Primary', TRUE)",
    "INSERT INTO machines (id, name, dns_name, os_type, os_version, agent_version, as_root,"
    " agent_public_key, zone_id, registered, last_seen_ms)"
    " VALUES ('m', 'L\\M', '', '', '', '', TRUE, '', 'z', TRUE, 5)",
    f"{_SESSION} VALUES ('live', {_VALUES}, NULL)",
    f"{_SESSION} VALUES ('ended', {_VALUES}, 9)",
)


async def test_0004_finds_the_live_sessions(blank: Database) -> None:
    await migrated(blank, "0003")
    await insert(blank, *SESSIONS)
    await migrated(blank)
    at_work = "UPDATE sessions SET session_type = 'Application', app_state = '{}' WHERE id = 'live'"
    for state, application in (("Active", "desk"), ("NoApps", None), ("Desktop", None)):
        await insert(blank, at_work.format(state))
        assert await rows(blank, "SELECT application FROM session_keys") == [(application,)]
    keys = "uid, machine_uid, user_name, state_changed_at_ms, application, words"
    words = "l\\äda\näda\nfl-äda\n\n\n"
    assert await rows(blank, f"SELECT {keys} FROM session_keys") == [
        (1, 1, "l\\äda", 7, None, words)
    ]
    assert await rows(blank, "SELECT uid, machine_uid, piece FROM session_pieces") == [(1, 1, None)]


async def test_0021_finds_what_is_recorded(blank: Database) -> None:
    await migrated(blank, "0020")
    await insert(
        blank,
        *SESSIONS,
        "UPDATE sessions SET recording_live = TRUE, wanted_recording_id = 'r' WHERE id = 'live'",
        "INSERT INTO recordings (id, session_id, account_id, user_name, machine_id, machine_name,"
        " resource_name, reason, ordered_by, notify, ordered_at_ms, status) VALUES ('r', 'live',"
        " 'boss', '', 'm', '', '', '', '', TRUE, 1, 'recording')",
        "INSERT INTO recording_reasons (session_id, on_demand_notify, health, covered, failures)"
        " VALUES ('live', TRUE, 'delayed', FALSE, 0)",
    )
    await migrated(blank)
    kept = "SELECT recording_live, recording_told, recording_health FROM session_keys"
    assert await rows(blank, kept) == [(True, True, "delayed")]
    await insert(blank, "UPDATE recordings SET notify = FALSE", "DELETE FROM recording_reasons")
    assert await rows(blank, kept) == [(True, False, None)]
    await insert(blank, "UPDATE sessions SET recording_live = FALSE")
    assert await rows(blank, kept) == [(False, False, None)]
