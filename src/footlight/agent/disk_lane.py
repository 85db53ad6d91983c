"""Disk jobs of one recording: in threads, one by one, in the order in which they were put."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from footlight.tasks import spawn

T = TypeVar("T")


class DiskLane:
    """After the first job that fails, `on_failure` is called and no further job runs. The owner
    keeps the number of waiting jobs bounded (Reel.clogged)."""

    def __init__(
        self, name: str, pool: ThreadPoolExecutor, on_failure: Callable[[OSError], None]
    ) -> None:
        self._name = name
        self.pool = pool  # of the jobs whose turn is still to come
        self._on_failure = on_failure
        self._turn = asyncio.Lock()  # wakes its waiters in order
        self._jobs: set[asyncio.Task[None]] = set()
        self._failed = False

    def put(self, job: Callable[[], None], then: Callable[[], None] | None = None) -> None:
        """Run the job when its turn has come, then `then` in the event loop."""
        task = spawn(f"disk {self._name}", self._run(job, then))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def settle(self) -> None:
        """Wait until every job put so far has run."""
        while self._jobs:
            await asyncio.wait(set(self._jobs))

    async def in_thread(self, job: Callable[[], T]) -> T:
        """Run a job at once, out of turn, for its result. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, job)

    async def _run(self, job: Callable[[], None], then: Callable[[], None] | None) -> None:
        async with self._turn:
            if self._failed:
                return
            try:
                await self.in_thread(job)
            except OSError as error:
                self._failed = True
                self._on_failure(error)
                return
            if then is not None:
                then()
