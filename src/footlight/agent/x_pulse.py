"""Whether the X server behind a feed still answers. One that is quiet is asked for a pixel, which it sends at once.

An X server that is stopped (SIGSTOP, a debugger) shows nobody anything, but what happens to it meanwhile is not
observed, so it is a gap. One that is busy, or starved by others, is given longer. Whether it is stopped or busy the
kernel says for nothing; one that sleeps, as an idle one does, is asked seldom: of a session where nothing happens the
question is most of what recording costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from footlight.agent import processes
from footlight.agent.feed import Feed
from footlight.agent.rounds import LOOK_S
from footlight.rfb.client import Rectangle

QUIET_S = 0.5  # of silence; then its state is looked at
ASLEEP_S = 4.0  # of silence of one that sleeps; then it is asked
ANSWERS_S = 0.7  # after the question; with a look's length a stopped one is noticed within 2 s
BUSY_ANSWERS_S = 5.0  # after the question, of one that runs or waits for the disk
STOPPED, AT_WORK, ASLEEP = "tT", "RD", "S"  # states in /proc


class XPulse:
    """Of one connection. `look` is called each LOOK_S; `frozen_s`: for how long it has been silent, 0 while it
    answers. `now`: seconds, as the event loop counts them."""

    def __init__(self, feed: Feed, now: Callable[[], float]) -> None:
        self.frozen_s = 0.0
        self._feed = feed
        self._now = now
        self._asked_at: float | None = None
        self._pixel: bytes | None = None  # what is recorded at the left top, if that is known
        self._looked_at = self._ran_at = now()

    def look(self) -> None:
        """Bring `frozen_s` up to date."""
        now = self._now()
        late_s, self._looked_at = now - self._looked_at - LOOK_S, now
        if late_s > LOOK_S:  # it was us who were not there
            self._feed.heard_at = max(self._feed.heard_at, now - QUIET_S)
            self._asked_at, self._ran_at = None, now
        silent_s = now - self._feed.heard_at
        answered = self._asked_at is not None and self._feed.heard_at > self._asked_at
        if silent_s < QUIET_S or answered:
            self._asked_at, self.frozen_s, self._ran_at = None, 0.0, now
            return
        state = "?" if self._feed.pid is None else processes.state_of(self._feed.pid)
        if state in STOPPED:  # it was seen running when nobody had asked it
            self.frozen_s = now - max(self._feed.heard_at, self._ran_at)
            return
        self._ask_if_due(now, silent_s, state)
        if self._asked_at is None:
            self._ran_at = now
        elif now - self._asked_at >= (BUSY_ANSWERS_S if state in AT_WORK else ANSWERS_S):
            self.frozen_s = silent_s

    def _ask_if_due(self, now: float, silent_s: float, state: str) -> None:
        due = self.frozen_s or silent_s >= (ASLEEP_S if state == ASLEEP else QUIET_S)
        if self._asked_at is None and due:
            self._asked_at = now
            self._feed.ask_for_answer()

    def is_answer(self, rectangles: Sequence[Rectangle]) -> bool:
        """Whether this update is the pixel that was asked for and tells nothing that is not recorded."""
        if not any(one.x == 0 and one.y == 0 for one in rectangles):
            return False
        pixel, self._pixel = self._pixel, None
        if len(rectangles) != 1 or (rectangles[0].width, rectangles[0].height) != (1, 1):
            return False
        self._pixel = rectangles[0].body
        return self._pixel == pixel
