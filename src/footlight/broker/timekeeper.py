"""Keeps the limits of time: warns, disconnects and logs off as sessions/limits.py decides over rows."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Connection

from footlight.access import visits
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.sessions import actions, limits, messages
from footlight.sessions.limits import Due, Limit, Limits, Step
from footlight.sessions.messages import NewMessage
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

LOOK_EACH_S = 5.0
TITLE = "Time limit"
VISITOR_DISCONNECT_S = 60


class Timekeeper:
    """A loop over the sessions of groups with limits. It keeps nothing in memory."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        site_name: str,
        visitor_disconnect_s: int = VISITOR_DISCONNECT_S,
    ) -> None:
        self._store = store
        self._clock = clock
        self._site_name = site_name
        self._of_visitors = Limits(disconnected_s=visitor_disconnect_s, warning_s=0)
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look."""
        self._loop = spawn("keep time", self._run())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        await cancel(self._loop)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EACH_S)
            try:
                await self.look()
            except Unavailable as silence:  # of which the store has told
                _log.debug("limits not looked at", reason=silence.message)
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("limits not looked at", exc_info=error)

    async def look(self) -> None:
        """Do what is due now."""
        now_ms = self._clock.now_ms()
        if await self._store.read(lambda c: visits.any_over(c, now_ms)):
            await self._store.write(visits.end_over)
        if await self._store.read(self._steps):
            await self._store.write(self._take_steps)

    def _steps(self, connection: Connection) -> list[tuple[Any, Due, Step]]:
        now_ms = self._clock.now_ms()
        found: list[tuple[Any, Due, Step]] = []
        held = [*limits.limited(connection), *limits.visiting(connection, self._of_visitors)]
        for session, of_group in held:
            ahead = limits.due(of_group, session)
            if ahead is None:
                continue
            step = limits.step(of_group, session, ahead, now_ms)
            if step is not Step.WAIT:
                told = limits.announced(of_group, ahead, now_ms) if step is Step.WARN else ahead
                found.append((session, told, step))
        return found

    def _take_steps(self, tx: Tx) -> None:
        """The same look again, since rows may have moved, and what is due, in one transaction."""
        for session, ahead, step in self._steps(tx.connection):
            if step is Step.WARN:
                self._warn(tx, session.id, ahead)
            elif ahead.limit is Limit.IDLE:
                actions.want_disconnect(tx, session.id)
            else:
                actions.want_end(tx, session.id, ahead.limit.value)

    def _warn(self, tx: Tx, session_id: str, ahead: Due) -> None:
        limits.warned(tx, session_id, ahead.at_ms)
        text = limits.warning(ahead, self._clock.now_ms())
        waiting = messages.pending(tx.connection, [session_id])
        if len(waiting) < messages.PENDING_AT_MOST:
            messages.want(tx, session_id, NewMessage("Exclamation", TITLE, text, self._site_name))
