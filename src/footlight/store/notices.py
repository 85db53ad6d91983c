"""Hearing of the commits of other servers on the same PostgreSQL database.

A transaction that changes something notifies CHANNEL of its server and the kinds. A notice that is lost with
its connection is made up for from the outbox once there is a new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg

from footlight.clock import Clock
from footlight.log import get_logger
from footlight.store.address import APPLICATION_NAME, PostgresAddress
from footlight.store.faults import FAULTS, reason
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

CHANNEL = "footlight"
# "FLSV": held shared by each server while it is up; who wants the database for himself takes it alone.
SERVING_LOCK = 0x464C5356
ALIVE_EACH_S = 10.0
ANSWER_WITHIN_S = 5.0
CONNECT_AGAIN_S = 1.0
_SETTINGS = {"application_name": APPLICATION_NAME, "lock_timeout": "4s"}


class Notices:
    """A connection of its own that listens; `heard` is called in the event loop with the kinds that another
    server (not `origin`) has changed."""

    def __init__(
        self,
        address: PostgresAddress,
        clock: Clock,
        origin: str,
        heard: Callable[[frozenset[str]], None],
    ) -> None:
        self._address = address
        self._clock = clock
        self._origin = origin
        self._heard = heard
        self._connection: asyncpg.Connection[Any] | None = None
        self._ended = asyncio.Event()
        self._deaf_since_ms: int | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and listen. Raises what asyncpg does when the first connection cannot be made."""
        await self._listen()
        self._task = spawn("database notices", self._run())

    async def stop(self) -> None:
        """Hear no more. Safe to call twice."""
        await cancel(self._task)
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close(timeout=ANSWER_WITHIN_S)
            except FAULTS:
                connection.terminate()

    async def _run(self) -> None:
        while True:
            try:
                if self._connection is None:
                    await self._listen()
                await self._until_lost()
            except FAULTS as error:  # the store tells that the database is lost
                _log.debug("no notices from other servers", reason=reason(error))
            if self._connection is not None:
                self._connection.terminate()
                self._connection = None
            await asyncio.sleep(CONNECT_AGAIN_S)

    async def _listen(self) -> None:
        connection = await self._address.connect(
            command_timeout=ANSWER_WITHIN_S, server_settings=_SETTINGS
        )
        self._connection = connection
        self._ended = asyncio.Event()
        connection.add_termination_listener(lambda _: self._ended.set())
        await connection.execute("SELECT pg_advisory_lock_shared($1)", SERVING_LOCK)
        await connection.add_listener(CHANNEL, self._notified)
        if self._deaf_since_ms is not None:
            missed = await connection.fetch(
                "SELECT DISTINCT kind FROM outbox WHERE at_ms >= $1", self._deaf_since_ms
            )
            self._heard(frozenset(row["kind"] for row in missed))

    async def _until_lost(self) -> None:
        """Returns when the connection has ended; raises when it no longer answers."""
        while not self._ended.is_set():
            # The outbox has the clocks of the servers that wrote: some seconds of difference are allowed for.
            self._deaf_since_ms = self._clock.now_ms() - int(2 * ALIVE_EACH_S * 1000)
            try:
                async with asyncio.timeout(ALIVE_EACH_S):
                    await self._ended.wait()
            except TimeoutError:
                if self._connection is not None:
                    await self._connection.execute("SELECT 1")

    def _notified(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        origin, *kinds = str(payload).split()
        if origin != self._origin:
            self._heard(frozenset(kinds))
