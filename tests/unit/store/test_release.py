from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text

from footlight.clock import SystemClock
from footlight.errors import Invalid
from footlight.store import release, schema
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.store import Tx


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
