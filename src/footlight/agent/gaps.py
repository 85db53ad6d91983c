"""What a recording lacks: the gap that lasts until the next key frame, and whether somebody keeps interfering.

Times are recording time (ns).
"""

from __future__ import annotations

from footlight.recording.chain import Gap

# Causes.
SPOOL_FULL, DISCONNECTED, X_FROZEN, TAMPERING = (
    "spool-full", "disconnected", "x-frozen", "tampering",
)  # fmt: skip


class Gaps:
    """Of one recording."""

    def __init__(self) -> None:
        self.last: str | None = None  # the newest one's cause
        self.tampering = False  # somebody keeps interfering
        self.tampered = 0
        self._lasts: tuple[int, str, str] | None = None  # since when, cause, detail
        self._missed: tuple[int, str] | None = None

    def begin(self, from_ns: int, cause: str, detail: str = "") -> None:
        """From that time on nothing was observed. One that lasts goes on."""
        if self._lasts is None:
            self._lasts = (from_ns, cause, detail)
            self.last = cause

    def miss(self, from_ns: int, cause: str) -> bool:
        """Nothing is observed since then; whether that is a gap or the end is not known yet. False: it was known."""
        if self._missed is not None:
            return False
        self._missed = from_ns, cause
        return True

    def end(self, at_ns: int) -> tuple[Gap, str] | None:
        """Something is observed again: the gap that has lasted until now, and its detail; None without one."""
        gap, lasted = self.until(at_ns), self._lasts
        self._lasts = self._missed = None
        return None if gap is None or lasted is None else (gap, lasted[2])

    def until(self, at_ns: int) -> Gap | None:
        """The gap that lasts, as if it ended then."""
        if self._lasts is None:
            return None
        from_ns, cause, _ = self._lasts
        return Gap(from_ns=from_ns, to_ns=max(from_ns, at_ns), cause=cause)

    def lacking(self) -> tuple[str, int | None] | None:
        """Why nothing is observed now, and since when; None when it is."""
        since = self._lasts[:2] if self._lasts is not None else self._missed
        if self.tampering and (since is None or since[1] == DISCONNECTED):
            return TAMPERING, None
        return None if since is None else (since[1], since[0])
