"""Launches at once: X servers come before what dresses their screens, and so many at a time as the machine has use for.

Fifty started side by side on two cores all take as long as the last; those whose X server then does not answer in time
fail. One after the other, each is answered as soon as it can be.
"""

from __future__ import annotations

import asyncio
import os

LEAST_AT_ONCE = 4
# A session whose X server runs waits at most so long for others': one that hangs must not keep it bare.
CALM_WITHIN_S = 15.0


class Starts:
    """Of one host, for the event loop. `at_once` X servers are started at a time, twice the processors by default."""

    def __init__(self, at_once: int | None = None) -> None:
        self._turns = asyncio.Semaphore(at_once or max(LEAST_AT_ONCE, 2 * (os.cpu_count() or 1)))
        self._before_x = 0
        self._calm = asyncio.Event()
        self._calm.set()
        # Accounts are made one at a time anyway; waiting for that in threads would hold up all other work of threads.
        self.accounts = asyncio.Lock()

    @property
    def crowded(self) -> bool:
        """Whether sessions wait for their turn."""
        return self._turns.locked()

    async def enter(self) -> None:
        """Wait for a turn; `leave` gives it back. Safe to cancel."""
        self._before_x += 1
        self._calm.clear()
        try:
            await self._turns.acquire()
        except BaseException:
            self._left()
            raise

    def leave(self) -> None:
        """The X server answers, or never will."""
        self._turns.release()
        self._left()

    async def calm(self) -> None:
        """Returns when no session is before its X server any more, or after CALM_WITHIN_S."""
        try:
            async with asyncio.timeout(CALM_WITHIN_S):
                await self._calm.wait()
        except TimeoutError:
            return

    def _left(self) -> None:
        self._before_x -= 1
        if not self._before_x:
            self._calm.set()
