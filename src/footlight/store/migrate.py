"""Bring a database to the newest schema with Alembic, in process; no ini file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from footlight.errors import Invalid, Unavailable
from footlight.log import get_logger
from footlight.store import release
from footlight.store.address import APPLICATION_NAME, Database, PostgresAddress
from footlight.store.faults import FAULTS, fault_of, reason
from footlight.store.postgres import WRITE_LOCK

_log = get_logger(__name__)

HEAD = "head"
MIGRATIONS = Path(__file__).parent / "migrations"
# Another server may be migrating; a table of millions of rows takes its time.
TURN_WITHIN_S = 600


def migrate(database: Database, revision: str = HEAD) -> None:
    """Upgrade a SQLite file (made if missing, 0600) or a PostgreSQL database to the revision. Nothing may run
    in this thread's event loop. Raises Unavailable, or Invalid when the database cannot be used."""
    if isinstance(database, PostgresAddress):
        asyncio.run(_migrate_postgres(database, revision))
        return
    database.touch(mode=0o600, exist_ok=True)
    engine = create_engine(f"sqlite:///{database}")
    try:
        with engine.begin() as connection:
            upgrade(connection, revision)
    finally:
        engine.dispose()


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """As migrate, within a transaction. A database that the next release has migrated is left as it is."""
    if revision == HEAD and release.is_ahead(connection):
        _log.info("the next release has migrated the database; it is used as it is")
        return
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise Invalid(
            f"the database has a schema that this release does not know ({error})", name="database"
        ) from error
    if revision == HEAD:
        release.note(connection)


async def _migrate_postgres(address: PostgresAddress, revision: str) -> None:
    async def connect() -> asyncpg.Connection[Any]:
        settings = {"application_name": APPLICATION_NAME, "lock_timeout": f"{TURN_WITHIN_S}s"}
        return await address.connect(server_settings=settings)

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, poolclass=NullPool, hide_parameters=True
    )
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"))
            await connection.run_sync(upgrade, revision)
    except FAULTS as error:
        fault = fault_of(error)
        kind = Unavailable if isinstance(fault, Unavailable) else Invalid
        raise kind(f"cannot use the database {address.url}: {reason(error)}") from error
    finally:
        await engine.dispose()
