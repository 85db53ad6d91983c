"""The clock as an argument: product code takes a Clock, tests hand in a FakeClock."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Wall time and monotonic time; never the time module directly in rules."""

    def now_ms(self) -> int:
        """Wall clock, milliseconds since 1970 UTC."""
        ...

    def monotonic_ns(self) -> int:
        """Monotonic clock of this machine, nanoseconds, comparable between its processes."""
        ...


class SystemClock:
    """The machine's clock. CLOCK_MONOTONIC is shared by all processes of one boot."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ns(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


class FakeClock:
    """A clock that stands still until told to go on."""

    def __init__(self, now_ms: int = 1_760_000_000_000) -> None:
        self._now_ms = now_ms
        self._mono_ns = 1_000_000_000

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic_ns(self) -> int:
        return self._mono_ns

    def advance(self, ms: int) -> None:
        self._now_ms += ms
        self._mono_ns += ms * 1_000_000
