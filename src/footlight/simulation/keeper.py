"""A session's keeper without processes: what a real one would start comes up, and goes, after a while."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import Callable
from typing import Any, Literal

from footlight.clock import Clock
from footlight.wire.host import Account

# Seconds, least and most; each session draws its own.
SCREEN_UP_S = (0.05, 0.3)
LOG_ON_S = (0.6, 4.0)
LOG_OFF_S = (0.5, 2.5)
FIRST_UID, UIDS = 200_000, 1_000_000


class SimulatedKeeper:
    """Of one session. `phase`: as in SessionFacts; None while nothing of the session exists."""

    def __init__(
        self,
        clock: Clock,
        chance: random.Random,
        pace: float,
        *,
        told: Callable[[], None],
        logged_on: Callable[[int | None], None],
    ) -> None:
        """`pace`: 1 as real ones; less is faster. `told`: something has come or gone by itself. `logged_on`: all is
        up, since then where it began some time ago."""
        self.phase: Literal["starting", "running", "ending", "ended"] | None = None
        self.display: str | None = None
        self.end_asked = False
        self._clock = clock
        self._chance = chance
        self._pace = pace
        self._told = told
        self._on_logged_on = logged_on
        self._started_at_ms: int | None = None
        self._established_at_ms: int | None = None
        self._ended_at_ms: int | None = None
        self._end_reason: str | None = None
        self._closed = False  # its programs
        self._timers: set[asyncio.TimerHandle] = set()

    @property
    def programs_gone(self) -> bool:
        """They are, and the session has not ended yet."""
        return self._closed and self.phase == "ending"

    def facts(self, account: Account) -> dict[str, Any]:
        """The members of SessionFacts that are its to say of a session of that account."""
        up = self.display is not None
        return {
            "phase": self.phase or "starting",
            "display": self.display,
            "linux_user": f"fl-{account.name}"[:32] if up else None,
            "linux_uid": _uid_of(account) if up else None,
            "started_at_ms": self._started_at_ms,
            "established_at_ms": self._established_at_ms,
            "ended_at_ms": self._ended_at_ms,
            "end_reason": self._end_reason,
            "exit_code": 0
            if self.phase == "ended" and self._established_at_ms is not None
            else None,
        }

    def launch(self, at_ms: int | None) -> None:
        """Start now, or have been started then."""
        self.phase = "starting"
        if at_ms is None:
            self._later(self._chance.uniform(*SCREEN_UP_S), self._screen_up)
            return
        self._screen_up(at_ms + int(self._chance.uniform(*SCREEN_UP_S) * 1000))
        self._logged_on(at_ms + int(self._chance.uniform(*LOG_ON_S) * 1000))

    def end(self) -> None:
        """Close the programs, which takes them a while."""
        self.end_asked = True
        self.phase = "ending"
        self._later(self._chance.uniform(*LOG_OFF_S), self._close_programs)

    def over(self, reason: str) -> None:
        """Nothing of the session exists any more."""
        self.phase = "ended"
        self._ended_at_ms = self._clock.now_ms()
        self._end_reason = reason

    def hurry(self) -> None:
        """What begins from now on takes no time any more."""
        self._pace = 0.0

    def close(self) -> None:
        """Nothing comes or goes any more."""
        for timer in self._timers:
            timer.cancel()

    def _screen_up(self, at_ms: int | None = None) -> None:
        if self.phase != "starting":
            return
        self.display = f":{self._chance.randrange(10, 2000)}"
        self._started_at_ms = self._clock.now_ms() if at_ms is None else at_ms
        if at_ms is None:
            self._later(self._chance.uniform(*LOG_ON_S), self._logged_on)
            self._told()

    def _logged_on(self, at_ms: int | None = None) -> None:
        """Window manager and program are up."""
        if self.phase != "starting":
            return
        self.phase = "running"
        self._established_at_ms = self._clock.now_ms() if at_ms is None else at_ms
        self._on_logged_on(at_ms)

    def _close_programs(self) -> None:
        self._closed = True
        self._told()

    def _later(self, seconds: float, then: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()

        def due() -> None:
            self._timers.discard(timer)
            then()

        timer = loop.call_later(seconds * self._pace, due)
        self._timers.add(timer)


def _uid_of(account: Account) -> int:
    """The same for all sessions of an account."""
    return FIRST_UID + zlib.crc32(account.account_id.encode()) % UIDS
