"""When a recorder may look at its screen again: at most ten times a second, less often the more there is to take in.

Three bounds, of which the latest counts:
- a tenth of a second after the last update;
- full motion: the time that its bytes, before compression, take at MOTION_BYTES_PER_S. It bounds the CPU of X server
  and recorder, whatever is shown;
- the budget of stored bytes: a sustained rate, of which BURST_S may be spent at once. Every picture that is taken
  is whole and lossless; a video gets fewer of them.
"""

from __future__ import annotations

UPDATE_INTERVAL_S = 0.1
MOTION_BYTES_PER_S = 10 * 1024 * 1024
LONGEST_MOTION_WAIT_S = 2.0
DEFAULT_BYTES_PER_S = 1_000_000
LEAST_BYTES_PER_S = 10_000
BURST_S = 20.0
LONGEST_WAIT_S = 10.0  # a picture at least this often, whatever the budget


class Pace:
    """Of one recording. Times are a monotonic clock's seconds."""

    def __init__(self, bytes_per_s: int | None = None) -> None:
        wanted = DEFAULT_BYTES_PER_S if bytes_per_s is None else bytes_per_s
        self._rate = max(LEAST_BYTES_PER_S, wanted)
        self._left = self._rate * BURST_S
        self._filled_at: float | None = None

    def spent(self, now_s: float, taken_bytes: int, stored_bytes: int) -> float:
        """An update of so many bytes came, which took so many on the disk: when to look again, at the earliest."""
        burst = self._rate * BURST_S
        if self._filled_at is not None:
            self._left = min(burst, self._left + (now_s - self._filled_at) * self._rate)
        self._filled_at = now_s
        # What a single huge picture owes is forgiven in part: else the screen would not be seen for minutes.
        self._left = max(self._left - stored_bytes, -self._rate * LONGEST_WAIT_S)
        motion_s = min(taken_bytes / MOTION_BYTES_PER_S, LONGEST_MOTION_WAIT_S)
        budget_s = max(0.0, -self._left / self._rate)
        return now_s + max(UPDATE_INTERVAL_S, motion_s, budget_s)
