"""What a host tells of its spool: how much waits there, since when, and whether uploads work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from footlight.agent.recorder_link import Recorders
from footlight.agent.spool_room import SpoolBounds, measure
from footlight.agent.uploader import Uploader
from footlight.clock import Clock
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import SpoolFacts

_log = get_logger(__name__)

LOOK_EACH_S = 5.0
LOOK_TIMEOUT_S = 60.0
FAILING_AFTER_MS = 10_000  # one failed attempt that the next makes good is not worth a word
MAX_REASON = 300


class SpoolWatch:
    """Counts files every LOOK_EACH_S; `changed` is called when uploads begin or cease to fail, or the spool is full or
    is not any more."""

    def __init__(
        self,
        spool: Path,
        bounds: SpoolBounds,
        recorders: Recorders,
        uploader: Uploader,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._spool = spool
        self._bounds = bounds
        self._recorders = recorders
        self._uploader = uploader
        self._clock = clock
        self._changed = changed
        self._size_bytes = 0
        self._oldest_at_ms: int | None = None
        self._said: tuple[bool, bool] = (False, False)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = spawn("spool watch", self._run())

    async def stop(self) -> None:
        """Look no more."""
        await cancel(self._task)

    def facts(self) -> SpoolFacts:
        """The spool as it was when last looked at."""
        failing = self._uploader.failing
        if failing is not None and self._clock.now_ms() - failing.since_ms < FAILING_AFTER_MS:
            failing = None
        return SpoolFacts(
            size_bytes=self._size_bytes,
            limit_bytes=self._bounds.limit_bytes,
            oldest_at_ms=self._oldest_at_ms,
            failing_since_ms=None if failing is None else failing.since_ms,
            failure=None if failing is None else failing.reason[:MAX_REASON],
            full=self._recorders.full or None,
        )

    async def look(self) -> None:
        """Count the files; tell of a change. Raises OSError, TimeoutError."""
        async with asyncio.timeout(LOOK_TIMEOUT_S):
            found = await asyncio.to_thread(measure, self._spool)
        self._size_bytes, self._oldest_at_ms = found.size_bytes, found.oldest_at_ms
        facts = self.facts()
        now = (facts.failing_since_ms is not None, facts.full is not None)
        if now == self._said:
            return
        if now[0] != self._said[0]:
            _log.warning("uploads fail" if now[0] else "uploads work again", reason=facts.failure)
        self._said = now
        self._changed()

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except (OSError, TimeoutError) as error:
                _log.warning("the spool is not counted", error=str(error))
            await asyncio.sleep(LOOK_EACH_S)
