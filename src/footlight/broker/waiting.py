"""Launches that wait until there is room for them: in the memory of the server that took them, tried again when the
store says that something has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from footlight.broker.line import Line, Ticket
from footlight.log import get_logger
from footlight.store.store import Store
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

T = TypeVar("T")

PACE_S = 0.05  # changes that come together are looked at together
# What changes all the time and makes no room; whatever else is changed may.
MAKES_NO_ROOM = frozenset(("session", "order", "recording", "message", "job", "audit", "account"))


@dataclass
class _Waiter(Generic[T]):
    attempt: Callable[[], Awaitable[T]]
    answer: asyncio.Future[T]
    last: T  # what the last attempt gave


class WaitingRoom(Generic[T]):
    """`waits`: whether the outcome of an attempt is no answer yet. Attempts are in the order of arrival; what becomes
    free while they are made goes to whoever is next."""

    def __init__(self, store: Store, waits: Callable[[T], bool], line: Line | None = None) -> None:
        self._waits = waits
        self._line = Line() if line is None else line
        self._waiters: dict[Ticket, _Waiter[T]] = {}
        self._changed = asyncio.Event()
        self._trying = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False
        store.on_commit(self._heard)

    def __len__(self) -> int:
        """How many wait."""
        return len(self._line)

    async def stop(self) -> None:
        """Nobody waits any more: who does gets the outcome of the last attempt."""
        self._stopped = True
        async with self._trying:  # an attempt that is under way is not left to itself
            for waiter in self._waiters.values():
                if not waiter.answer.done():
                    waiter.answer.set_result(waiter.last)
        await cancel(self._task)

    async def first(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The outcome of a first attempt; what room there is goes to those who wait already."""
        if not self._line:
            return await attempt()
        async with self._trying:
            if self._changed.is_set():
                await self._try_all()
            return await attempt()

    async def wait(
        self,
        user: str,
        attempt: Callable[[], Awaitable[T]],
        refused: T,
        seconds: float,
        gone: Callable[[], Awaitable[None]] | None = None,
    ) -> T | None:
        """The first outcome that is an answer, or after `seconds`, or when `gone` returns, the last one (`refused` to
        begin with). None: too many wait already. Who cancels it leaves the line."""
        if self._stopped:
            return refused
        ticket = self._line.enter(user)
        if ticket is None:
            return None
        loop = asyncio.get_running_loop()
        waiter = _Waiter(attempt, loop.create_future(), refused)
        self._waiters[ticket] = waiter
        self._changed.set()  # what has changed since the first attempt was not heard for this one
        if self._task is None or self._task.done():
            self._task = spawn("waiting launches", self._run())
        left = None if gone is None else asyncio.ensure_future(gone())
        try:
            await asyncio.wait(
                {waiter.answer} if left is None else {waiter.answer, left},
                timeout=seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
            self._line.leave(ticket)
            if not waiter.answer.done():
                async with self._trying:  # its attempt may be under way: what it makes is told
                    pass
        finally:
            self._line.leave(ticket)
            del self._waiters[ticket]
            if left is not None:
                left.cancel()
            if not waiter.answer.done():
                waiter.answer.cancel()
            if not self._line:
                self._changed.set()  # for the task to see that nobody is left
        answer: T = waiter.last if waiter.answer.cancelled() else waiter.answer.result()
        return answer

    def _heard(self, kinds: frozenset[str]) -> None:
        if self._line and kinds - MAKES_NO_ROOM:
            self._changed.set()

    async def _run(self) -> None:
        while self._line:
            await self._changed.wait()
            async with self._trying:
                await self._try_all()
            await asyncio.sleep(PACE_S)

    async def _try_all(self) -> None:
        self._changed.clear()
        for ticket in self._line.in_order():
            waiter = self._waiters.get(ticket)
            if self._stopped or waiter is None or waiter.answer.done():
                continue
            try:
                waiter.last = await waiter.attempt()
            except Exception as error:
                if not waiter.answer.done():
                    waiter.answer.set_exception(error)
                self._line.leave(ticket)
                continue
            if not self._waits(waiter.last):
                self._line.leave(ticket)
                if not waiter.answer.done():
                    waiter.answer.set_result(waiter.last)
