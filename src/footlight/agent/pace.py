"""When a recorder may look at its screen again: at most ten times a second, less often the more there is to take in.

Four bounds, of which the latest counts:
- a tenth of a second after the last update;
- the time that its bytes, before compression, take at PEAK_BYTES_PER_S;
- motion without a pause: a sustained rate of such bytes, of which MOTION_BURST_BYTES may be taken at once. It bounds
  the CPU of X server and recorder, whatever is shown; who turns a page or a wheel and then reads is not slowed;
- the budget of stored bytes: a sustained rate, of which BURST_S may be spent at once. Every picture that is taken
  is whole and lossless; a video gets fewer of them.
"""

from __future__ import annotations

UPDATE_INTERVAL_S = 0.1
PEAK_BYTES_PER_S = 10 * 1024 * 1024
MOTION_BYTES_PER_S = 5 * 1024 * 1024
MOTION_BURST_BYTES = 10 * 1024 * 1024
LONGEST_MOTION_WAIT_S = 2.0
DEFAULT_BYTES_PER_S = 1_000_000
LEAST_BYTES_PER_S = 10_000
BURST_S = 20.0
LONGEST_WAIT_S = 10.0  # a picture at least this often, whatever the budget


class Pace:
    """Of one recording. Times are a monotonic clock's seconds."""

    def __init__(self, bytes_per_s: int | None = None) -> None:
        wanted = DEFAULT_BYTES_PER_S if bytes_per_s is None else bytes_per_s
        rate = max(LEAST_BYTES_PER_S, wanted)
        self._stored = _Budget(rate, rate * BURST_S, LONGEST_WAIT_S)
        self._motion = _Budget(MOTION_BYTES_PER_S, MOTION_BURST_BYTES, LONGEST_MOTION_WAIT_S)

    def spent(self, now_s: float, taken_bytes: int, stored_bytes: int) -> float:
        """An update of so many bytes came, which took so many on the disk: when to look again, at the earliest."""
        peak_s = min(taken_bytes / PEAK_BYTES_PER_S, LONGEST_MOTION_WAIT_S)
        motion_s = self._motion.spend(now_s, taken_bytes)
        stored_s = self._stored.spend(now_s, stored_bytes)
        return now_s + max(UPDATE_INTERVAL_S, peak_s, motion_s, stored_s)


class _Budget:
    """Bytes that come back with time."""

    def __init__(self, bytes_per_s: float, burst_bytes: float, longest_s: float) -> None:
        self._rate = bytes_per_s
        self._burst = self._left = burst_bytes
        self._most_owed = bytes_per_s * longest_s
        self._filled_at: float | None = None

    def spend(self, now_s: float, size: int) -> float:
        """For how many seconds nothing is left after these, at most `longest_s`."""
        if self._filled_at is not None:
            self._left = min(self._burst, self._left + (now_s - self._filled_at) * self._rate)
        self._filled_at = now_s
        # What a single huge picture owes is forgiven in part: else the screen would not be seen for minutes.
        self._left = max(self._left - size, -self._most_owed)
        return max(0.0, -self._left / self._rate)
