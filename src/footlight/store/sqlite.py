"""The store over a SQLite file.

SQLite is driven by the synchronous driver in a bounded number of threads (measured twice as cheap as an
asynchronous wrapper for big pages): one writer, so that nobody meets "database is locked", and a few readers.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event

from footlight.clock import Clock
from footlight.store.store import Store, Tx
from footlight.store.text import fold

T = TypeVar("T")

READERS = 3
BUSY_TIMEOUT_MS = 10_000
MAPPED_BYTES = 1 << 32


class SqliteStore(Store):
    """A file at the newest schema (migrate.py brings it there). Other processes may read it meanwhile: those open it
    with `read_only`, and then nothing is made or changed (the file must be there)."""

    def __init__(self, path: Path, clock: Clock, *, read_only: bool = False) -> None:
        super().__init__(clock)
        if not read_only:
            _write_ahead(path)
        self._writer_engine = _engine(path, "BEGIN IMMEDIATE", read_only=read_only)
        self._reader_engine = _engine(path, "BEGIN", read_only=read_only)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._own = threading.local()
        self._connections: list[Connection] = []

    async def read(self, work: Callable[[Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, functools.partial(self._run_read, work))

    async def write(self, work: Callable[[Tx], T]) -> T:
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._writer, functools.partial(self._run_write, work))
        return await asyncio.shield(self._announced(future))

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._connections:
            connection.close()
        self._writer_engine.dispose()
        self._reader_engine.dispose()

    def _run_read(self, work: Callable[[Connection], T]) -> T:
        # Each thread keeps its connection: to take one and give it back costs as much as a small query.
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._reader_engine.connect()
            self._connections.append(connection)
        try:
            return work(connection)
        finally:
            connection.rollback()

    def _run_write(self, work: Callable[[Tx], T]) -> tuple[T, frozenset[str]]:
        with self._writer_engine.begin() as connection:
            return self._perform(connection, work)

    async def _announced(self, future: asyncio.Future[tuple[T, frozenset[str]]]) -> T:
        result, changed = await future
        self._announce(changed)
        return result


def _write_ahead(path: Path) -> None:
    """The file keeps its mode, but only who is alone with it can change it, and none waits for that."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _engine(path: Path, begin: str, *, read_only: bool = False) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        creator=lambda: sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
            uri=True,
            check_same_thread=False,
        ),
        pool_size=READERS + 1,
        hide_parameters=True,
        pool_reset_on_return=None,  # every transaction is ended where it was begun
    )

    @event.listens_for(engine, "connect")
    def connected(dbapi_connection, _record):  # type: ignore[no-untyped-def]
        # The driver's own transaction control begins too late for snapshots; "begin" below does it.
        dbapi_connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            # A power cut may lose the last transactions; hosts report again what is so.
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-16000",
            # Every change makes readers drop their caches; pages of this map need no copying.
            f"mmap_size={MAPPED_BYTES}",
        ):
            dbapi_connection.execute(f"PRAGMA {pragma}")
        dbapi_connection.create_function("fold", 1, fold, deterministic=True)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # Straight to the driver: it is done at each read.
        connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]

    return engine
