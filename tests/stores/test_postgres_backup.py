"""Backup and restore of a PostgreSQL database, beyond the suite of both engines (tests/unit/store/test_backup.py)."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from footlight.clock import SystemClock
from footlight.errors import Conflict, Unavailable
from footlight.site.founding import found_site, read_site
from footlight.store.address import PostgresAddress
from footlight.store.backup import back_up, newest_revision, restore
from footlight.store.engines import open_store
from footlight.store.store import Store
from postgres_server import PostgresServer


@pytest.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[PostgresAddress]:
    name = await postgres.copy()
    yield postgres.address(name)
    await postgres.drop(name)


@pytest.fixture
async def founded(database: PostgresAddress) -> AsyncIterator[Store]:
    """A site at work in the database."""
    store = await open_store(database, SystemClock())
    await store.write(lambda tx: found_site(tx, "BEFORE", samples=True))
    yield store
    await store.close()


async def restored(database: PostgresAddress, file: Path, *, force: bool = False) -> None:
    await asyncio.to_thread(restore, database, file, file.parent, force=force)


async def test_a_program_that_is_missing_is_named(
    database: PostgresAddress, founded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="pg_dump is not installed"):
        await asyncio.to_thread(back_up, database, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


async def test_a_database_in_use_is_not_replaced(
    database: PostgresAddress, founded: Store, tmp_path: Path
) -> None:
    await asyncio.to_thread(back_up, database, tmp_path / "file")
    with pytest.raises(Conflict, match="is running"):
        await restored(database, tmp_path / "file", force=True)
    assert await founded.read(read_site) is not None


async def test_tables_that_are_not_ours_are_not_dropped_without_force(
    database: PostgresAddress, founded: Store, tmp_path: Path
) -> None:
    await asyncio.to_thread(back_up, database, tmp_path / "file")
    await founded.close()
    connection = await database.connect()
    await connection.execute('DELETE FROM site; CREATE TABLE "o""ther" (x int)')
    with pytest.raises(Conflict, match="not empty"):
        await restored(database, tmp_path / "file")
    await restored(database, tmp_path / "file", force=True)
    assert await connection.fetchval('SELECT to_regclass(\'"o""ther"\')') is None
    await connection.close()


async def test_the_command_gives_the_password_to_no_argument(
    database: PostgresAddress, founded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pg_dump that tells how it was called; then the real one and the way back."""
    password, data = tmp_path / "password", str(tmp_path / "data")
    password.write_text("sesame")
    where = ("--data-dir", data, "--database", database.url)
    spy = tmp_path / "bin" / "pg_dump"
    spy.parent.mkdir()
    spy.write_text('#!/bin/sh\necho "$PGPASSWORD $@" >&2\nexit 3\n')
    spy.chmod(0o755)
    environment = {**os.environ, "PATH": f"{spy.parent}:{os.environ['PATH']}"}

    async def footlight(*words: str) -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "footlight", "db", *words, *where],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    told = await footlight("backup", "f", "--database-password-file", str(password))
    assert told.returncode == 1
    assert "pg_dump failed: sesame --format=custom" in told.stderr
    assert told.stderr.count("sesame") == 1

    spy.unlink()
    file = str(tmp_path / "file")
    made = await footlight("backup", file, "--json")
    assert json.loads(made.stdout) == {
        "file": file,
        "engine": "postgresql",
        "revision": newest_revision(),
        "sizeBytes": os.path.getsize(file),
    }
    busy = await footlight("restore", file, "--force")
    assert (busy.returncode, busy.stderr) == (
        1,
        "footlight: a site is running on the database\n",
    )
    environment["FOOTLIGHT_DATABASE"] = database.url
    pruned = ["accounts", "prune", "--dry-run", "--data-dir", data]
    told = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "footlight", *pruned],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (told.returncode, told.stderr) == (0, "0 would be removed\n")
    await founded.close()
    assert "--force" in (await footlight("restore", file)).stderr
    assert (await footlight("restore", file, "--force")).returncode == 0
    assert (await footlight("migrate")).stderr.endswith(f"at revision {newest_revision()}\n")
