"""How many entries of one sort are written in a while: a flood of refusals must not bury what administrators did."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from footlight.audit.log import Act
from footlight.clock import Clock

MAX_KEYS = 10_000


@dataclass
class _Window:
    since_ms: int
    written: int = 0
    skipped: int = 0


class Bound:
    """At most `count` entries in `window_ms` for each key, and all keys that are too many count as one."""

    def __init__(self, clock: Clock, count: int, window_ms: int) -> None:
        self._clock = clock
        self._count = count
        self._window_ms = window_ms
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def take(self, key: str) -> int | None:
        """None: write no entry now. Else how many were not written since the last one of that key."""
        now_ms = self._clock.now_ms()
        window = self._windows.get(key)
        if window is None:
            self._drop_old(now_ms)
            key = key if len(self._windows) < MAX_KEYS else ""
            window = self._windows.setdefault(key, _Window(now_ms))
        if now_ms - window.since_ms >= self._window_ms:
            window.since_ms, window.written = now_ms, 0
        self._windows.move_to_end(key)
        if window.written >= self._count:
            window.skipped += 1
            return None
        window.written += 1
        skipped, window.skipped = window.skipped, 0
        return skipped

    def _drop_old(self, now_ms: int) -> None:
        """Windows that are over and have nothing left to tell, from those that were used longest ago."""
        while self._windows:
            key, oldest = next(iter(self._windows.items()))
            if now_ms - oldest.since_ms < self._window_ms or oldest.skipped:
                return
            del self._windows[key]


def with_skipped(act: Act, skipped: int) -> Act:
    """The act, telling how many of its sort came before it and were not written."""
    if skipped == 0:
        return act
    return Act(
        text=f"{act.text} ({skipped} more before)",
        kind=act.kind,
        target_type=act.target_type,
        object_id=act.object_id,
        object_name=act.object_name,
        parameters={**act.parameters, "NotWritten": str(skipped)},
        changes=act.changes,
        succeeded=act.succeeded,
    )
