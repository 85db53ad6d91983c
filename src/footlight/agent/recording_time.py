"""The time within one recording: 0 at its first key frame, monotonic through every interruption."""

from __future__ import annotations

from footlight.agent.desk import Desk
from footlight.agent.spool import Begun

CLOCK_STEP_NS = 500_000_000

_NS_PER_MS = 1_000_000


class RecordingTime:
    """What the machine's clocks say, as time in the recording."""

    def __init__(self, desk: Desk, begun: Begun, end_ns: int) -> None:
        self._desk = desk
        self._offset_ns: int | None = None
        self.zero_ns = self._find_zero(begun, end_ns)  # monotonic time of 0; None before it

    def _find_zero(self, begun: Begun, end_ns: int) -> int | None:
        """After a reboot of the machine the wall clock tells how long ago that was."""
        clock = self._desk.clock
        if begun.started_monotonic_ns is None or begun.started_wall_ms is None:
            return None
        zero = begun.started_monotonic_ns
        if begun.machine_boot != self._desk.machine_boot:
            passed_ns = (clock.now_ms() - begun.started_wall_ms) * _NS_PER_MS
            zero = clock.monotonic_ns() - passed_ns
        return min(zero, clock.monotonic_ns() - end_ns)

    def now_ns(self, end_ns: int) -> int:
        """Recording time, never before end_ns (the last record's); 0 before the first key frame."""
        if self.zero_ns is None:
            return 0
        return max(self._desk.clock.monotonic_ns() - self.zero_ns, end_ns)

    def step(self, monotonic_ns: int, wall_ns: int) -> dict[str, object] | None:
        """Whether the wall clock was set since the last call: the members of a `clock-step` event."""
        offset_ns = wall_ns - monotonic_ns
        before_ns, self._offset_ns = self._offset_ns, offset_ns
        if before_ns is None or abs(offset_ns - before_ns) <= CLOCK_STEP_NS:
            return None
        return {"beforeNs": monotonic_ns + before_ns, "afterNs": wall_ns}
