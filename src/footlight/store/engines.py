"""The engine that a database needs."""

from __future__ import annotations

from footlight.clock import Clock
from footlight.store.address import Database, PostgresAddress
from footlight.store.postgres import PostgresStore
from footlight.store.sqlite import SqliteStore
from footlight.store.store import Store


async def open_store(database: Database, clock: Clock, *, read_only: bool = False) -> Store:
    """The store over a database at the newest schema. `read_only`: to look at it beside the site that it is of.
    Raises Unavailable when it does not answer."""
    if not isinstance(database, PostgresAddress):
        return SqliteStore(database, clock, read_only=read_only)
    store = PostgresStore(database, clock)
    try:
        await store.start()
    except BaseException:
        await store.close()
        raise
    return store
