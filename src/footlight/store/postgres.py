"""The store over a PostgreSQL database, which several servers may share.

Write transactions take turns, also those of different servers: each begins by taking one advisory lock, which
PostgreSQL gives back only after the commit can be seen. So rooms may read and then write as on SQLite, nothing
is ever retried, and numbers of the outbox (and uids, of which page tokens are made) become visible in their
order. The level is READ COMMITTED: a snapshot is then taken by each statement, after the turn has come; with a
level above, the one snapshot would be taken while still waiting for it.

What else was looked at: SERIALIZABLE with retries gives the same for read-then-write, but not the order of the
outbox; the lock at the first emit gives the order, but loses updates. Measured with small transactions of many
callers at once, turns reach between half and three quarters of what five writers without any order do (the same
for one caller after the other): reports come in batches, so that is no price.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from footlight.clock import Clock
from footlight.errors import FootlightError, Unavailable
from footlight.ids import new_guid
from footlight.log import get_logger
from footlight.store.address import APPLICATION_NAME, PostgresAddress
from footlight.store.faults import FAULTS, fault_of, is_lost, reason
from footlight.store.notices import CHANNEL, Notices
from footlight.store.store import Store, Tx

T = TypeVar("T")

_log = get_logger(__name__)

READERS = 5
POOL_TIMEOUT_S = 10.0
STATEMENT_TIMEOUT_S = 20
IDLE_TURN_S = 5  # between two statements of a transaction
# A server whose statement timeout cannot fire, because it is frozen or cut off, is given up after this.
COMMAND_TIMEOUT_S = 25.0
CLOSE_WITHIN_S = 30.0
# "FLWR" in ASCII; docs/how-to/run-on-postgresql.md names it, since locks belong to the whole database.
WRITE_LOCK = 0x464C5752

_SETTINGS = {
    "application_name": APPLICATION_NAME,
    "statement_timeout": f"{STATEMENT_TIMEOUT_S}s",
    "lock_timeout": f"{POOL_TIMEOUT_S:g}s",
    # A server that is frozen in the middle of its turn must not hold up the others for long.
    "idle_in_transaction_session_timeout": f"{IDLE_TURN_S}s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "jit": "off",  # costs more than any query of ours
}
_TURN = text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', :payload)")


class _Stale(Exception):
    """A connection of the pool turned out to be dead before it had done anything."""


@contextmanager
def _fresh() -> Iterator[None]:
    """Tell a dead connection from other failures."""
    try:
        yield
    except DBAPIError as error:
        if is_lost(error):
            raise _Stale from error
        raise


class PostgresStore(Store):
    """A database at the newest schema (migrate.py brings it there), open once `start` has been awaited."""

    def __init__(self, address: PostgresAddress, clock: Clock) -> None:
        super().__init__(clock)
        self._reader = _engine(address, READERS, "REPEATABLE READ", readonly=True)
        # One connection, for which this server's own writers wait in line, so that only one of them
        # stands in the line of all servers.
        self._writer = _engine(address, 1, "READ COMMITTED", readonly=False)
        self._origin = new_guid()
        self._notices = Notices(address, clock, self._origin, self._announce)
        self._running: set[asyncio.Task[Any]] = set()
        self._lost = False

    async def start(self) -> None:
        """Look whether the database answers and begin to listen to other servers. Raises Unavailable."""
        with self._faults("database does not answer"):
            await self._notices.start()

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._carried(self._twice(lambda: self._read(work)))

    async def write(self, work: Callable[[Tx], T]) -> T:
        return await self._carried(self._twice(lambda: self._write(work)))

    async def close(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSE_WITHIN_S)
        await self._notices.stop()
        await self._reader.dispose()
        await self._writer.dispose()

    async def _carried(self, work: Coroutine[Any, Any, T]) -> T:
        """The work as a task of its own: cancelling the caller never reaches a connection in use."""
        task = asyncio.get_running_loop().create_task(work, name="store")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _twice(self, attempt: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """A restart of the database leaves a pool of dead connections, of which the first use of one tells:
        then the pool is emptied, and the second attempt gets a fresh one."""
        with self._faults("database is lost"):
            try:
                return await attempt()
            except _Stale:
                pass
            try:
                return await attempt()
            except _Stale as stale:
                raise stale.__cause__ or stale from None

    async def _read(self, work: Callable[[Connection], T]) -> T:
        async with self._reader.connect() as connection:
            with _fresh():
                return await connection.run_sync(work)

    async def _write(self, work: Callable[[Tx], T]) -> T:
        async with self._writer.connect() as connection:
            with _fresh():
                await connection.execute(_TURN)
            # From here on a lost connection may be one that has committed: nothing is done again.
            result, changed = await connection.run_sync(self._perform, work)
            if changed:
                payload = f"{self._origin} {' '.join(sorted(changed))}"
                await connection.execute(_NOTIFY, {"payload": payload})
            await connection.commit()
        self._announce(changed)
        return result

    @contextmanager
    def _faults(self, event_name: str) -> Iterator[None]:
        """Raise what the database does as failures of ours; log when it is lost and when it is back."""
        try:
            yield
        except FootlightError:
            raise
        except FAULTS as error:
            fault = fault_of(error)
            if isinstance(fault, Unavailable) and not self._lost:
                self._lost = True
                _log.error(event_name, reason=reason(error))
            if fault is None:
                raise
            raise fault from error
        if self._lost:
            self._lost = False
            _log.info("database is back")


def _engine(
    address: PostgresAddress, size: int, isolation_level: Any, *, readonly: bool
) -> AsyncEngine:
    async def connect() -> asyncpg.Connection[Any]:
        return await address.connect(command_timeout=COMMAND_TIMEOUT_S, server_settings=_SETTINGS)

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        isolation_level=isolation_level,
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.readonly = readonly

    return engine
