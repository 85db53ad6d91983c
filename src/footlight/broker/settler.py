"""Ends the jobs of actions: by the rows that reports change, or by silence. It keeps nothing in memory, so that
a server that starts anew goes on where the last one ended."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Connection, Row

from footlight.broker import action as values
from footlight.broker import actions
from footlight.broker.action import Action, Outcome
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.jobs import ledger
from footlight.log import get_logger
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

LOOK_AGAIN_S = 1.0  # at most this long after a change of which no commit here tells
_UNREADABLE = Outcome("The job's action cannot be read.", "UnknownError")


class Settler:
    """A loop over the open jobs of actions, the oldest ledger.SETTLED_AT_ONCE."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._changed = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._patient_until_ms = 0
        store.on_commit(self._on_commit)

    async def start(self) -> None:
        """Begin to settle. Hosts had nobody to report to before: their time counts from now."""
        within_ms = int(actions.ANSWER_WITHIN_S * 1000)
        self._patient_until_ms = self._clock.now_ms() + within_ms
        self._loop = spawn("settle jobs", self._run())

    async def stop(self) -> None:
        """End the loop. Safe to call twice."""
        await cancel(self._loop)

    def _on_commit(self, kinds: frozenset[str]) -> None:
        if kinds & {"session", "recording", "job"}:
            self._changed.set()

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                await self.settle()
            except Unavailable as silence:  # of which the store has told
                _log.debug("jobs not settled", reason=silence.message)
                await asyncio.sleep(LOOK_AGAIN_S)
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("jobs not settled", exc_info=error)
                await asyncio.sleep(LOOK_AGAIN_S)
            try:
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def settle(self) -> None:
        """End what can be ended now."""
        due = await self._store.read(self._due)
        if due:
            await self._store.write(lambda tx: self._end(tx, due))

    def _due(self, connection: Connection) -> list[Row[Any]]:
        return [
            job
            for job in ledger.open_actions(connection)
            if self._overdue(job)
            or (action := _action_of(job)) is None
            or action.look(connection, job.object_id) is not None
        ]

    def _overdue(self, job: Row[Any]) -> bool:
        return self._clock.now_ms() > max(int(job.deadline_ms), self._patient_until_ms)

    def _end(self, tx: Tx, due: list[Row[Any]]) -> None:
        """The same look again, since rows may have moved, and the end, in one transaction."""
        for job in due:
            now = ledger.find(tx.connection, job.account_id, job.id, tx.now_ms)
            if now is None or now.ended_at_ms is not None:
                continue
            action = _action_of(job)
            if action is None:
                actions.end_job(tx, job.id, _UNREADABLE)
            elif self._overdue(job) or action.look(tx.connection, job.object_id) is not None:
                outcome = values.conclude(tx, action, job.object_id)
                actions.end_job(tx, job.id, outcome)
                if outcome.error is not None:
                    actions.record_failure(tx, job, action, outcome)


def _action_of(job: Row[Any]) -> Action | None:
    try:
        return values.decode(job.action)
    except ValueError:  # written by a newer release
        return None
