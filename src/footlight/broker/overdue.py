"""What ends by silence: hosts that report no more, launches that no host has answered; and what is old enough to be
forgotten. It keeps nothing in memory."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, select

from footlight.access import visits
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.sessions import actions, messages
from footlight.site import machines
from footlight.store import schema
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

LOOK_EACH_S = 1.0
LAUNCH_UNANSWERED_MS = 30_000
CLEAN_EACH_MS = 600_000
HEARD_JUST_NOW_MS = 8_000

_s = schema.sessions
_m = schema.machines


class Overdue:
    """A loop over machines and launches."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._cleaned_at_ms = 0
        self._patient_until_ms = 0
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look. Where no host has been heard of just before, nobody may have listened: then their time
        counts from now."""
        now_ms = self._clock.now_ms()
        if not await self._store.read(lambda c: _any_heard(c, now_ms - HEARD_JUST_NOW_MS)):
            self._patient_until_ms = now_ms + machines.SILENT_AFTER_MS
        self._loop = spawn("time out hosts", self._run())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        await cancel(self._loop)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Unavailable as silence:  # of which the store has told
                _log.debug("nothing timed out", reason=silence.message)
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("nothing timed out", exc_info=error)
            await asyncio.sleep(LOOK_EACH_S)

    def is_patient(self) -> bool:
        """Whether hosts have time still, since nobody has listened to them before."""
        return self._clock.now_ms() < self._patient_until_ms

    async def look(self) -> None:
        """Do what is due now."""
        now_ms = self._clock.now_ms()
        if now_ms - self._cleaned_at_ms > CLEAN_EACH_MS:
            self._cleaned_at_ms = now_ms
            await self._store.write(actions.forget_old)
            await self._store.write(visits.forget_old)
            await self._store.write(messages.forget_old)
        patient = self.is_patient()
        if not await self._store.read(lambda c: _anything_overdue(c, now_ms, patient)):
            return

        def settle(tx: Tx) -> None:
            for machine_id in () if patient else machines.drop_silent(tx):
                _log.warning("host is silent", host=machine_id)
            for session_id in _overdue_launches(tx.connection, now_ms):
                actions.settle_unstarted(tx, session_id, "no host has started it in time")

        await self._store.write(settle)


def _overdue_launches(connection: Connection, now_ms: int) -> list[str]:
    query = select(_s.c.id).where(
        _s.c.ended_at_ms.is_(None),
        _s.c.generation > _s.c.reported_generation,  # so it is; for the index
        _s.c.phase == "ordered",
        _s.c.state_changed_at_ms < now_ms - LAUNCH_UNANSWERED_MS,  # since the row was made
    )
    return list(connection.execute(query).scalars())


def _any_heard(connection: Connection, since_ms: int) -> bool:
    heard = select(_m.c.id).where(_m.c.registered, _m.c.last_seen_ms >= since_ms)
    return connection.execute(heard.limit(1)).first() is not None


def _anything_overdue(connection: Connection, now_ms: int, patient: bool) -> bool:
    silent = select(_m.c.id).where(
        _m.c.registered, _m.c.last_seen_ms < now_ms - machines.SILENT_AFTER_MS
    )
    return (not patient and connection.execute(silent.limit(1)).first() is not None) or bool(
        _overdue_launches(connection, now_ms)
    )
