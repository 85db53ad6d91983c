"""Backup and restore with data in it, on each engine (`--database postgresql`)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from footlight.access import accounts
from footlight.clock import SystemClock
from footlight.errors import Conflict, Invalid
from footlight.site.founding import found_site, read_site
from footlight.store import backup, schema
from footlight.store.address import Database, PostgresAddress
from footlight.store.backup import back_up, known_revisions, newest_revision, restore
from footlight.store.engines import open_store
from footlight.store.store import Store


@pytest.fixture
async def at_work(store: Store) -> Store:
    """A site at work in the database."""
    await store.write(lambda tx: found_site(tx, "BEFORE", samples=True))
    await store.write(lambda tx: accounts.create(tx, "zoë".encode("ascii", "ignore").decode()))
    await store.write(lambda tx: tx.emit("session", "s"))
    return store


async def contents(database: Database) -> dict[str, Any]:
    """The site's name and the rows of each table, and the next number of the outbox."""
    store = await open_store(database, SystemClock())
    site = await store.read(read_site)
    counts = {
        table.name: await store.read(
            lambda c, t=table: c.execute(select(func.count()).select_from(t)).scalar_one()
        )
        for table in schema.metadata.sorted_tables
    }
    await store.close()
    return {"name": site.name if site else None, **counts}


async def backed_up(database: Database, file: Path) -> backup.Backup:
    return await asyncio.to_thread(back_up, database, file)


async def restored(database: Database, file: Path, *, force: bool = False) -> backup.Backup:
    return await asyncio.to_thread(restore, database, file, file.parent, force=force)


async def test_a_site_at_work_is_backed_up_and_comes_back(
    database: Database, at_work: Store, tmp_path: Path
) -> None:
    file = tmp_path / "site.backup"
    stop = asyncio.Event()

    async def work() -> None:
        while not stop.is_set():
            await at_work.write(lambda tx: tx.emit("session", "s"))

    working = asyncio.create_task(work())
    made = await backed_up(database, file)
    stop.set()
    await working
    assert (made.file, made.revision) == (file, newest_revision())
    assert made.size_bytes == file.stat().st_size > 1000
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict, match="exists already"):
        await backed_up(database, file)

    before = await contents(database)
    await at_work.write(lambda tx: accounts.create(tx, "later"))
    await at_work.write(lambda tx: tx.connection.execute(schema.site.update().values(name="AFTER")))
    await at_work.close()
    assert (await contents(database))["name"] == "AFTER"

    with pytest.raises(Conflict, match="--force"):
        await restored(database, file)
    assert (await contents(database))["name"] == "AFTER"
    await restored(database, file, force=True)
    after = await contents(database)
    assert 0 < after.pop("outbox") <= before.pop("outbox")
    assert after == before
    # What counts goes on counting behind what was there.
    store = await open_store(database, SystemClock())
    await store.write(lambda tx: tx.emit("session", "s"))
    await store.write(lambda tx: accounts.create(tx, "later"))
    await store.close()


async def test_damaged_files_lose_nothing(
    database: Database, at_work: Store, tmp_path: Path
) -> None:
    file, broken = tmp_path / "site.backup", tmp_path / "broken"
    await backed_up(database, file)
    await at_work.close()
    before = await contents(database)
    whole = file.read_bytes()
    middle = len(whole) // 2
    for damaged in (
        whole[:middle],
        whole[:-200],
        whole[:middle] + os.urandom(4096) + whole[middle + 4096 :],
        whole[:20],
        b"",
        b"no backup at all",
    ):
        broken.write_bytes(damaged)
        with pytest.raises(Invalid):
            await restored(database, broken, force=True)
        assert await contents(database) == before
    with pytest.raises(Invalid, match="cannot read"):
        await restored(database, tmp_path / "missing", force=True)
    left = {path.name for path in tmp_path.iterdir()} - {"site.db-wal", "site.db-shm"}
    assert left <= {"site.backup", "broken", "site.db"}


async def test_a_backup_of_the_other_engine_or_a_newer_release_is_refused(
    database: Database, at_work: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = tmp_path / "site.backup", tmp_path / "other"
    await backed_up(database, file)
    await at_work.close()
    other.write_bytes(b"SQLite format 3\0" if isinstance(database, PostgresAddress) else b"PGDMP")
    with pytest.raises(Invalid, match="and this is"):
        await restored(database, other, force=True)
    monkeypatch.setattr(backup, "known_revisions", lambda: known_revisions() - {newest_revision()})
    with pytest.raises(Invalid, match="newer release"):
        await restored(database, file, force=True)
    assert (await contents(database))["name"] == "BEFORE"


async def test_an_empty_database_takes_a_backup_without_force_and_gives_none(
    database: Database, at_work: Store, tmp_path: Path
) -> None:
    file = tmp_path / "site.backup"
    await backed_up(database, file)
    for table in reversed(schema.metadata.sorted_tables):
        await at_work.write(lambda tx, t=table: tx.connection.execute(t.delete()) and None)
    await at_work.close()
    with pytest.raises(Invalid, match="holds no site"):
        await backed_up(database, tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
    assert (await restored(database, file)).file == file
    assert (await contents(database))["name"] == "BEFORE"


async def test_what_cannot_be_written_is_refused(
    database: Database, at_work: Store, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="cannot write"):
        await backed_up(database, tmp_path / "nowhere" / "file")
