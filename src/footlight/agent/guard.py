"""When a session that must be recorded and is not is covered, and when it ends. Pure; times in seconds on one clock.

A session in use may go on unrecorded for COVER_AFTER_S, so that a recorder that is back at once disturbs nobody, and
losses that come one after the other add up. Who has not been let in yet waits until the first picture is on the disk.
"""

from __future__ import annotations

from dataclasses import dataclass

from footlight.wire.host import RecordingFacts, RecordingOrder

COVER_AFTER_S = 1.0  # unrecorded; the loss itself is noticed within one second more
END_AFTER_S = 2.0
FIRST_PICTURE_S = 15.0  # nobody can use a session that has not been recorded yet, so it has time
FORGIVEN_AFTER_S = 10.0  # recorded without a break: earlier losses count no more
STARTING = "starting"


@dataclass(frozen=True)
class Ruling:
    """`cause`: of the cover, "" for none. `end`: the session is to end. `again_s`: look again then."""

    cause: str = ""
    end: bool = False
    again_s: float | None = None


class Guard:
    """Looks at one session, at each change and when it asked to."""

    def __init__(self) -> None:
        self._in_use = False  # it has been uncovered
        self._since: float | None = None  # the loss that lasts
        self._recorded_since: float | None = None
        self._spent_s = 0.0  # unrecorded in earlier losses that are not forgiven
        self._cause = ""

    def look(
        self,
        wanted: RecordingOrder | None,
        actual: RecordingFacts | None,
        now_s: float,
        now_ms: int,
    ) -> Ruling:
        """What holds now. `now_ms` is the wall clock, on which facts tell since when there is a gap."""
        if wanted is None or wanted.if_lost == "go-on":
            self._recorded(now_s)
            self._spent_s = 0.0
            return Ruling()
        if actual is not None and actual.status == "recording" and actual.gap is None:
            self._recorded(now_s)
            return Ruling()
        return self._lost(wanted, actual, now_s, now_ms)

    def _recorded(self, now_s: float) -> None:
        self._in_use = True
        if self._since is not None:
            self._spent_s += min(now_s - self._since, COVER_AFTER_S)
            self._since, self._recorded_since = None, now_s
            self._cause = ""

    def _lost(
        self, wanted: RecordingOrder, actual: RecordingFacts | None, now_s: float, now_ms: int
    ) -> Ruling:
        if self._since is None:
            self._since = now_s
            if (before := self._recorded_since) is not None and now_s - before > FORGIVEN_AFTER_S:
                self._spent_s = 0.0
        gap_ms = None if actual is None else actual.gap_since_ms
        if gap_ms is not None:  # noticed later than it began
            ago_s = (now_ms - gap_ms) / 1000
            self._since = min(self._since, now_s - max(0.0, min(ago_s, END_AFTER_S)))
        lasts_s = now_s - self._since
        if self._in_use and lasts_s + self._spent_s < COVER_AFTER_S:
            return Ruling(again_s=COVER_AFTER_S - self._spent_s - lasts_s)
        limit_s = END_AFTER_S if self._in_use else FIRST_PICTURE_S
        self._cause = cause_of(actual) or self._cause or STARTING
        if wanted.if_lost == "cover":
            return Ruling(self._cause)
        if lasts_s >= limit_s:
            return Ruling(self._cause, end=True)
        return Ruling(self._cause, again_s=limit_s - lasts_s)


def cause_of(facts: RecordingFacts | None) -> str:
    """Why nothing is recorded, as far as the recorder has said; "" when it has not."""
    if facts is None:
        return ""
    return "failed" if facts.status == "failed" else facts.gap or ""
