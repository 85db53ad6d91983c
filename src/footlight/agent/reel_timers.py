"""When a reel's changes go to the disk, and when its screen has been quiet for so long that the segment is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from footlight.clock import Clock
from footlight.recording.format import SEGMENT_QUIET_NS

FLUSH_AFTER_S = 0.7  # leaves 0.3 s of the promised second to the disk
_NS_PER_S = 1_000_000_000


class ReelTimers:
    """Of one reel, within its event loop. `flush` and `quiet` are called when it is time."""

    def __init__(self, clock: Clock, flush: Callable[[], None], quiet: Callable[[], None]) -> None:
        self._clock = clock
        self._flush = flush
        self._quiet = quiet
        self._changed_ns = 0
        self._flush_timer: asyncio.TimerHandle | None = None
        self._quiet_timer: asyncio.TimerHandle | None = None

    def changed(self, *, due: bool) -> None:
        """Something was written: it must be on the disk soon, at once when `due`, and quiet begins anew."""
        loop = asyncio.get_running_loop()
        self._changed_ns = self._clock.monotonic_ns()
        if due:
            self._flush()
        elif self._flush_timer is None:
            self._flush_timer = loop.call_later(FLUSH_AFTER_S, self._flush)
        if self._quiet_timer is None:
            self._quiet_timer = loop.call_later(SEGMENT_QUIET_NS / _NS_PER_S, self._look_for_quiet)

    def flushed(self) -> None:
        """All that was written goes to the disk now."""
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None

    def stop(self) -> None:
        """Until the next change."""
        self.flushed()
        if self._quiet_timer is not None:
            self._quiet_timer.cancel()
            self._quiet_timer = None

    def _look_for_quiet(self) -> None:
        left_ns = self._changed_ns + SEGMENT_QUIET_NS - self._clock.monotonic_ns()
        if left_ns > 0:
            loop = asyncio.get_running_loop()
            self._quiet_timer = loop.call_later(left_ns / _NS_PER_S, self._look_for_quiet)
        else:
            self._quiet()
