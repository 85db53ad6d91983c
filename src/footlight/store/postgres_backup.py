"""Backup and restore of a PostgreSQL database, by the programs that come with PostgreSQL.

A restore first turns the whole file into a script (which shows whether it is whole), then runs that script, and
the removal of what was there, as one transaction.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from footlight.errors import Conflict, Invalid, Unavailable
from footlight.store import schema
from footlight.store.address import APPLICATION_NAME, CONNECT_TIMEOUT_S, PostgresAddress
from footlight.store.faults import FAULTS, fault_of, reason
from footlight.store.notices import SERVING_LOCK

TAKES_AT_MOST_S = 6 * 3600
_OURS = frozenset({*schema.metadata.tables, "alembic_version"})
_REVISION = re.compile(rb"^COPY [^\n]*alembic_version [^\n]*FROM stdin;\n([^\n]+)\n", re.MULTILINE)
# What an extension has made stays with it.
_ROUTINES = """
    SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype = 'e')
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def dump(address: PostgresAddress, file: Path) -> str:
    """Write the database, which servers may be using, into an existing file; its revision."""
    revision = asyncio.run(_revision(address))
    _run(
        "pg_dump",
        *("--format=custom", "--no-owner", "--no-privileges", "--no-password"),
        *(f"--file={file}", f"--dbname={address.url}"),
        address=address,
    )
    return revision


def undump(
    address: PostgresAddress, file: Path, folder: Path, known: frozenset[str], *, force: bool
) -> str:
    """Replace what is in the database by what is in the file, at the file's revision, which is returned."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as name:
        script = Path(name) / "script.sql"
        only = ("--data-only", "--table=alembic_version", "--file=-")
        found = _REVISION.search(_read("pg_restore", *only, str(file), about=file))
        if found is None:
            raise Invalid(f"{file} holds no site")
        revision = found[1].decode()
        if revision not in known:
            raise Invalid(f"{file} was made by a newer release (revision {revision})")
        plain = ("--no-owner", "--no-privileges", f"--file={script}")
        _read("pg_restore", *plain, str(file), about=file)
        asyncio.run(_replace(address, script, force=force))
    return revision


async def _revision(address: PostgresAddress) -> str:
    async with _connected(address) as connection:
        tables = {row[0] for row in await connection.fetch(_TABLES)}
        if not _OURS & tables or await connection.fetchval("SELECT id FROM site") is None:
            raise Invalid(f"{address.url} holds no site")
        return str(await connection.fetchval("SELECT version_num FROM alembic_version"))


async def _replace(address: PostgresAddress, script: Path, *, force: bool) -> None:
    async with _connected(address) as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", SERVING_LOCK):
            raise Conflict("a site is running on the database")
        tables = sorted(row[0] for row in await connection.fetch(_TABLES))
        if tables and not force and await _holds_something(connection, tables):
            raise Conflict("the database is not empty; --force replaces all tables in it")
        clearing = script.with_name("clearing.sql")
        clearing.write_text(await _clearing(connection, tables))
        await asyncio.to_thread(
            _run,
            "psql",
            *("--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"),
            *("--single-transaction", f"--file={clearing}", f"--file={script}"),
            f"--dbname={address.url}",
            address=address,
        )


async def _clearing(connection: asyncpg.Connection[Any], tables: list[str]) -> str:
    """Statements that remove the tables, and all functions beside them."""
    schema_name = await connection.fetchval("SELECT quote_ident(current_schema())")
    quoted = [f'{schema_name}."{one.replace(chr(34), chr(34) * 2)}"' for one in tables]
    routines = [row[0] for row in await connection.fetch(_ROUTINES)]
    drops = [f"DROP TABLE {', '.join(quoted)} CASCADE;"] if quoted else []
    drops += [f"DROP ROUTINE {one} CASCADE;" for one in routines]
    return "\n".join(drops)


async def _holds_something(connection: asyncpg.Connection[Any], tables: list[str]) -> bool:
    """A site, or tables that are not ours."""
    if set(tables) - _OURS:
        return True
    return "site" in tables and await connection.fetchval("SELECT id FROM site") is not None


@asynccontextmanager
async def _connected(address: PostgresAddress) -> AsyncIterator[asyncpg.Connection[Any]]:
    try:
        connection = await address.connect(server_settings={"application_name": APPLICATION_NAME})
        try:
            yield connection
        finally:
            await connection.close(timeout=CONNECT_TIMEOUT_S)
    except FAULTS as error:
        kind = Unavailable if isinstance(fault_of(error), Unavailable) else Invalid
        raise kind(f"cannot use the database {address.url}: {reason(error)}") from error


def _read(program: str, *arguments: str, about: Path) -> bytes:
    """What a program makes of a backup file. Raises Invalid when it cannot read it."""
    done = _done(program, arguments, None)
    if done.returncode != 0:
        raise Invalid(f"{about} is damaged: {_complaint(done)}")
    return done.stdout


def _run(program: str, *arguments: str, address: PostgresAddress) -> None:
    """Have a program work on the database. Raises Unavailable with its complaint."""
    done = _done(program, arguments, address.password)
    if done.returncode != 0:
        raise Unavailable(f"{program} failed: {_complaint(done)}")


def _done(
    program: str, arguments: tuple[str, ...], password: str | None
) -> subprocess.CompletedProcess[bytes]:
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"{program} is not installed: it comes with PostgreSQL's client programs")
    environment = {**os.environ, "PGCONNECT_TIMEOUT": f"{CONNECT_TIMEOUT_S:g}"}
    if password is not None:
        environment["PGPASSWORD"] = password  # not an argument: those everyone can read
    try:
        return subprocess.run(
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=TAKES_AT_MOST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{program} has not ended within {TAKES_AT_MOST_S} s") from None


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr[-4096:].decode(errors="replace").strip().splitlines()
    return lines[0] if lines else f"it ended with {done.returncode}"
