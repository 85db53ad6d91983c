"""Messages in lanes: those of one key one after the other, those of several side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

FIRST_RETRY_S = 0.1
LONGEST_RETRY_S = 5.0

T = TypeVar("T")


class Lanes(Generic[T]):
    """Hands each message to the handler, at most `at_once` at a time. One at which the handler raises Unavailable is
    handed again, later, before those that wait behind it; another error is logged and ends it."""

    def __init__(self, handler: Callable[[str, T], Awaitable[None]], at_once: int) -> None:
        self._handler = handler
        self._gate = asyncio.Semaphore(at_once)
        self._waiting: dict[str, deque[T]] = {}
        self._workers: set[asyncio.Task[None]] = set()

    def put(self, key: str, message: T) -> None:
        """At the end of that lane."""
        lane = self._waiting.get(key)
        if lane is not None:
            lane.append(message)
            return
        self._waiting[key] = deque([message])
        worker = spawn(f"lane {key}", self._work(key))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def close(self) -> None:
        """Hand out no more; what is being handled is cancelled."""
        await cancel(*self._workers)

    async def _work(self, key: str) -> None:
        lane = self._waiting[key]
        while lane:
            await self._hand_over(key, lane[0])
            lane.popleft()
        del self._waiting[key]

    async def _hand_over(self, key: str, message: T) -> None:
        retry_s = FIRST_RETRY_S
        while True:
            try:
                async with self._gate:
                    return await self._handler(key, message)
            except Unavailable as silence:
                _log.debug("a message is handed over again", key=key, reason=silence.message)
            except Exception as error:
                _log.error("message handler failed", key=key, exc_info=error)
                return
            await asyncio.sleep(retry_s)
            retry_s = min(retry_s * 2, LONGEST_RETRY_S)
