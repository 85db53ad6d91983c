"""Delivers to all webhooks: one task each, one delivery after another, so that a receiver that is slow or away holds
up nobody else. One server does it at a time: a duty (store/duties.py).

At least once, in order: the position moves on only after the receiver has answered, and is written after each
batch; after a kill the deliveries of the last batch may come again, under the same ids.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.hooks import queue, webhooks
from footlight.hooks.delivery import Outcome, Post, Told
from footlight.hooks.queue import Done, Due, Holder
from footlight.ids import new_guid
from footlight.log import get_logger
from footlight.store.store import Store
from footlight.tasks import cancel, spawn
from footlight.wire.rest.dates import rfc3339_of

_log = get_logger(__name__)

LOOK_EACH_S = 2.0  # another server may have changed something
END_WITHIN_S = 2.0  # for the deliveries that are under way
REST_S = 0.1  # between two looks: changes that come close together are looked at together
WRITE_EACH = 20  # deliveries at most between two notes of the position
# A position that moved past changes that are none of the webhook's is written this seldom: each commit has some.
WRITE_IDLE_MS = 10_000
TEST = "test"


@dataclass
class _Lane:
    """What is known of a webhook beside its row: how far the outbox was looked at, and when that was written."""

    after: int = 0
    written_ms: int = 0


@dataclass
class Courier:
    """The deliveries of one site. `holder`: whose webhook it is, as a caller; `days`: how long a receiver may fail;
    `draw` gives 0 to 1; `sure`: whether no other server can be delivering at this moment."""

    store: Store
    holder: Holder
    clock: Clock
    post: Post
    days: int
    draw: Callable[[], float] = random.random
    sure: Callable[[], bool] = lambda: True
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _lanes: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None
    _ending: bool = False

    def __post_init__(self) -> None:
        self.store.on_commit(self._wake)

    async def start(self) -> None:
        """Begin to deliver."""
        self._ending = False
        self._task = spawn("webhooks", self._run())

    async def stop(self) -> None:
        """Deliver no more, and note what was delivered; what is not told by now is told after the next start. Safe to
        call twice."""
        await cancel(self._task)
        self._ending = True
        self._wake(frozenset())
        if self._lanes:
            await asyncio.wait(self._lanes.values(), timeout=END_WITHIN_S)
        await cancel(*self._lanes.values())
        self._lanes.clear()

    async def test(self, row: Row[Any]) -> Done:
        """Deliver a `test` event at once, beside the queue, and once only."""
        now_ms = self.clock.now_ms()
        told = Told(
            id=new_guid(),
            webhook_id=row.id,
            event=TEST,
            seq=row.position,
            object_id="",
            at=rfc3339_of(now_ms),
        )
        done = await self._attempt(row, told)
        await self.store.write(lambda tx: queue.note_test(tx, row.id, done))
        return done

    def _wake(self, _kinds: frozenset[str]) -> None:
        # Waiters hold the event of their moment; each wake hands out a fresh one.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _run(self) -> None:
        while True:
            changed = self._changed
            with contextlib.suppress(Unavailable):
                wanted = await self.store.read(queue.enabled)
                gone = [self._lanes.pop(one) for one in set(self._lanes) - wanted]
                await cancel(*gone)
                for one in wanted - set(self._lanes):
                    self._lanes[one] = spawn(f"webhook {one}", self._lane(one))
            await _until(changed, LOOK_EACH_S)

    async def _lane(self, webhook_id: str) -> None:
        lane = _Lane()
        while not self._ending:
            changed = self._changed
            wait_s = LOOK_EACH_S
            try:
                if await self._round(webhook_id, lane):
                    continue
                wait_s = await self._pause(webhook_id)
            except Unavailable:
                pass  # the store tells of it
            except Exception as error:  # the lane outlives every fault
                _log.error("webhook is not delivered to", webhook=webhook_id, exc_info=error)
            if not self._ending:
                await _until(changed, wait_s)
                await asyncio.sleep(REST_S)

    async def _pause(self, webhook_id: str) -> float:
        """Until the next look, in seconds: not beyond the next attempt."""
        next_ms = await self.store.read(lambda c: queue.next_attempt_ms(c, webhook_id))
        if next_ms is None:
            return LOOK_EACH_S
        return min(LOOK_EACH_S, max(0.0, (next_ms - self.clock.now_ms()) / 1000))

    async def _round(self, webhook_id: str, lane: _Lane) -> bool:
        """Deliver what is due; whether there is more at once."""
        now_ms = self.clock.now_ms()
        due = await self.store.read(
            lambda c: queue.due(c, self.holder, webhook_id, lane.after, now_ms)
        )
        if due is None:
            return False
        if due.stop is not None:
            row, reason = due.row, due.stop
            await self.store.write(lambda tx: queue.stop(tx, row, reason))
            return False
        if not await self._deliver(due, lane):
            return False
        lane.after = due.last
        if not due.told and due.last > due.row.position:
            await self._note_passed(due, lane, now_ms)
        return due.more

    async def _deliver(self, due: Due, lane: _Lane) -> bool:
        """All that is due, in order; False when one failed, which ends it."""
        done: list[Done] = []
        for place, told in enumerate(due.told):
            if self._ending or not self.sure():
                await self._note(due, lane, done)
                return False
            one = await self._attempt(due.row, told)
            if not one.outcome.delivered:
                await self._note(due, lane, done)
                await self._note_failure(due, one)
                return False
            done.append(one)
            last = place == len(due.told) - 1
            if last or len(done) == WRITE_EACH:
                await self._note(due, lane, done, due.last if last else told.seq)
                done = []
        return True

    async def _note(
        self, due: Due, lane: _Lane, done: list[Done], position: int | None = None
    ) -> None:
        if not done:
            return
        noted, at = list(done), done[-1].told.seq if position is None else position
        await self.store.write(lambda tx: queue.delivered(tx, due.row.id, at, noted))
        lane.after, lane.written_ms = at, self.clock.now_ms()

    async def _note_passed(self, due: Due, lane: _Lane, now_ms: int) -> None:
        if now_ms - lane.written_ms >= WRITE_IDLE_MS:
            await self.store.write(lambda tx: queue.delivered(tx, due.row.id, due.last, ()))
            lane.written_ms = now_ms

    async def _note_failure(self, due: Due, one: Done) -> None:
        draw, days = self.draw(), self.days
        _log.info("webhook delivery failed", webhook=due.row.id, reason=one.outcome.error)
        await self.store.write(lambda tx: queue.failed(tx, due.row.id, one, draw, days))

    async def _attempt(self, row: Row[Any], told: Told) -> Done:
        now_ms = self.clock.now_ms()
        outcome: Outcome = await self.post.attempt(
            row.url, webhooks.keys(row, now_ms), told, now_ms
        )
        return Done(told, outcome, now_ms)


async def _until(changed: asyncio.Event, timeout_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await changed.wait()
