"""Pools and transactions. Rooms pass plain functions over a connection; the store decides where they run.

SQLite is driven by the synchronous driver in a bounded number of threads (measured twice as cheap as an
asynchronous wrapper for big pages): one writer, so that nobody meets "database is locked", and a few readers.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event

from footlight.clock import Clock
from footlight.store import schema
from footlight.store.changes import write_rows
from footlight.store.text import fold

T = TypeVar("T")

READERS = 3
_OUTBOX = ("at_ms", "kind", "object_id", "account_id")
_TO_OUTBOX = schema.outbox.insert()
BUSY_TIMEOUT_MS = 10_000


@dataclass
class Tx:
    """A write transaction: the connection, its moment, and the changes that it appends to the outbox."""

    connection: Connection
    now_ms: int
    changed: set[str] = field(default_factory=set)
    _outbox: list[tuple[Any, ...]] = field(default_factory=list)

    def emit(self, kind: str, object_id: str, account_id: str | None = None) -> None:
        """Append a change to the outbox, in the order of the calls; listeners hear of it after the commit."""
        self.changed.add(kind)
        self._outbox.append((self.now_ms, kind, object_id, account_id))

    def wake(self, kind: str) -> None:
        """Tell listeners after the commit of something that the outbox need not hold."""
        self.changed.add(kind)

    def flush(self) -> None:
        """Write the changes that were emitted, all in one statement: the last act of the transaction."""
        if self._outbox:
            write_rows(self.connection, _TO_OUTBOX, _OUTBOX, self._outbox)
            self._outbox = []


class Store:
    """One database. `on_commit` listeners get the kinds that a transaction changed, in the event loop."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._writer_engine = _engine(path, "BEGIN IMMEDIATE")
        self._reader_engine = _engine(path, "BEGIN")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._listeners: list[Callable[[frozenset[str]], None]] = []

    def on_commit(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Call the listener after each commit that changed something."""
        self._listeners.append(listener)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """The result of `work` on a consistent snapshot. Cancelling abandons the result only."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._readers, functools.partial(_run_read, self._reader_engine, work)
        )

    async def write(self, work: Callable[[Tx], T]) -> T:
        """The result of `work` in a transaction, committed unless it raises. Once begun it is carried
        through even if the caller is cancelled."""
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(
            self._writer, functools.partial(_run_write, self._writer_engine, self._clock, work)
        )
        result, changed = await asyncio.shield(_announced(future, self._announce))
        del changed
        return result

    def _announce(self, changed: frozenset[str]) -> None:
        for listener in self._listeners:
            listener(changed)

    async def close(self) -> None:
        """Wait for running work and release the files."""
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self._readers.shutdown)
        self._writer_engine.dispose()
        self._reader_engine.dispose()


async def _announced(
    future: asyncio.Future[tuple[T, frozenset[str]]], announce: Callable[[frozenset[str]], None]
) -> tuple[T, frozenset[str]]:
    result, changed = await future
    if changed:
        announce(changed)
    return result, changed


def _run_read(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.connect() as connection, connection.begin():
        return work(connection)


def _run_write(engine: Engine, clock: Clock, work: Callable[[Tx], T]) -> tuple[T, frozenset[str]]:
    with engine.begin() as connection:
        tx = Tx(connection, clock.now_ms())
        result = work(tx)
        tx.flush()
    return result, frozenset(tx.changed)


def _engine(path: Path, begin: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False}, pool_size=READERS + 1
    )

    @event.listens_for(engine, "connect")
    def connected(dbapi_connection, _record):  # type: ignore[no-untyped-def]
        # The driver's own transaction control begins too late for snapshots; "begin" below does it.
        dbapi_connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            # A power cut may lose the last transactions; hosts report again what is so.
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-16000",
        ):
            dbapi_connection.execute(f"PRAGMA {pragma}")
        dbapi_connection.create_function("fold", 1, fold, deterministic=True)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
