"""Keeps a session from being used unrecorded where its order forbids that: guard.py's rulings, carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from footlight.agent.audience import Audience
from footlight.agent.guard import STARTING, Guard
from footlight.agent.session_recording import SessionRecording
from footlight.clock import Clock
from footlight.log import get_logger
from footlight.wire.host import RecordingOrder

_log = get_logger(__name__)


@dataclass(frozen=True)
class _Covered:
    """Since when, by both clocks."""

    at_s: float
    at_ms: int
    cause: str


class SessionGuard:
    """Of one session. `look` is called at each change of what is wanted or so; it calls itself when time counts."""

    def __init__(
        self,
        recording: SessionRecording,
        audience: Audience,
        clock: Clock,
        wanted: Callable[[], RecordingOrder | None],
        end: Callable[[str], None],
    ) -> None:
        """`end`: the session is to end, with that reason."""
        self._guard = Guard()
        self._recording = recording
        self._audience = audience
        self._clock = clock
        self._wanted = wanted
        self._end = end
        self._covered: _Covered | None = None
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def covered(self) -> bool:
        """Whether nothing of the session is seen or typed now."""
        return self._covered is not None

    def look(self) -> None:
        """Make so what holds now."""
        self.close()
        loop = asyncio.get_running_loop()
        now_s, now_ms = loop.time(), self._clock.now_ms()
        ruling = self._guard.look(self._wanted(), self._recording.best(), now_s, now_ms)
        if ruling.again_s is not None:
            self._timer = loop.call_later(ruling.again_s, self.look)
        if ruling.cause and self._covered is None:
            self._put(_Covered(now_s, now_ms, ruling.cause))
        self._audience.covered_by(ruling.cause)
        if not ruling.cause and self._covered is not None:
            self._lift(self._covered, now_s)
        if ruling.end and not self._ended:
            self._ended = True
            self._end(f"not recorded: {ruling.cause}")

    def close(self) -> None:
        """Look no more by itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _put(self, covered: _Covered) -> None:
        self._covered = covered
        if covered.cause != STARTING:
            _log.error("session covered", cause=covered.cause)

    def _lift(self, covered: _Covered, now_s: float) -> None:
        """What happened meanwhile could not be noted until now."""
        self._covered = None
        if covered.cause == STARTING:
            return
        _log.warning("session uncovered", cause=covered.cause)
        self._recording.note("session-covered", {"cause": covered.cause, "sinceMs": covered.at_ms})
        lasted_ms = round((now_s - covered.at_s) * 1000)
        self._recording.note("session-uncovered", {"cause": covered.cause, "lastedMs": lasted_ms})
