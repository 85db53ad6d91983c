"""Waiting for a row to say what was wanted, bounded in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from footlight.store.store import Store

T = TypeVar("T")

# Another server may have written the change, of which no commit here tells.
LOOK_AGAIN_S = 0.5


class Watch:
    """Wakes waiters after each commit; what they wait for is read from the store, never from memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = asyncio.Event()
        store.on_commit(self._wake)

    def _wake(self, _kinds: frozenset[str]) -> None:
        # Waiters hold the event of their moment; each wake hands out a fresh one.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, look: Callable[[Connection], T | None], timeout_s: float) -> T | None:
        """The first result of `look` that is not None; None when the time is over. Safe to cancel."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while True:
            changed = self._changed
            found = await self._store.read(look)
            if found is not None:
                return found
            left = deadline - loop.time()
            if left <= 0:
                return None
            try:
                async with asyncio.timeout(min(left, LOOK_AGAIN_S)):
                    await changed.wait()
            except TimeoutError:
                continue
