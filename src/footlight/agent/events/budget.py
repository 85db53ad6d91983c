"""How many events a source may tell: so many at once, and so many a second after that."""

from __future__ import annotations


class Budget:
    """A bucket of leave to tell. `skipped` counts what found none, until `settle` takes it."""

    def __init__(self, per_s: float, burst: float) -> None:
        self.skipped = 0
        self._per_s = per_s
        self._burst = burst
        self._left = burst
        self._at_s = 0.0

    def take(self, now_s: float) -> bool:
        """Whether one more may be told; if not, it is counted."""
        self._refill(now_s)
        if self._left < 1:
            self.skipped += 1
            return False
        self._left -= 1
        return True

    def settle(self, now_s: float) -> int:
        """How many were skipped and are now over: there is room again. 0: none, or still no room."""
        if not self.skipped:
            return 0
        self._refill(now_s)
        if self._left < min(self._burst, self._per_s) / 2:
            return 0
        skipped, self.skipped = self.skipped, 0
        return skipped

    def _refill(self, now_s: float) -> None:
        passed_s = max(0.0, now_s - self._at_s)
        self._at_s = max(self._at_s, now_s)
        self._left = min(self._burst, self._left + passed_s * self._per_s)
