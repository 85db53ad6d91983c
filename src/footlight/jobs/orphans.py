"""Tasks of servers that are gone fail, so that nobody waits for them: a duty of one server."""

from __future__ import annotations

import asyncio

from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.jobs import ledger
from footlight.log import get_logger
from footlight.store import servers
from footlight.store.servers import GONE_AFTER_MS
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

LOOK_EACH_S = 5.0


class Orphans:
    """A loop over running tasks and the servers that are up."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look. Servers could not say that they are up while there was no database: their time counts from
        now."""
        self._loop = spawn("orphaned jobs", self._run())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        await cancel(self._loop)

    async def _run(self) -> None:
        patient_until_ms = self._patience()
        while True:
            await asyncio.sleep(LOOK_EACH_S)
            if self._clock.now_ms() < patient_until_ms:
                continue
            try:
                await self.look()
            except Unavailable:  # of which the store has told
                patient_until_ms = self._patience()
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("orphaned jobs not looked at", exc_info=error)

    def _patience(self) -> int:
        return self._clock.now_ms() + GONE_AFTER_MS

    async def look(self) -> None:
        """Fail what is orphaned now."""
        now_ms = self._clock.now_ms()
        if not await self._store.read(
            lambda c: (
                ledger.orphans(c, servers.alive(c, now_ms), now_ms) or servers.any_gone(c, now_ms)
            )
        ):
            return

        def write(tx: Tx) -> None:
            ledger.fail_orphans(tx, servers.alive(tx.connection, tx.now_ms))
            servers.forget_gone(tx)

        await self._store.write(write)
