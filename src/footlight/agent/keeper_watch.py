"""What a person does in a session, as its X server tells: windows that are open, and how long nobody has touched it.
Standard library only."""

from __future__ import annotations

import struct
import time

from footlight.agent.xprobe import PROPERTY_NOTIFY, XProbe

WINDOWLESS_S = 0.3  # a program may close one window and open the next
AGAIN_S = 5.0


class ScreenWatch:
    """Over a connection of its own. `look` when `fileno` is readable, or `due_s` has passed."""

    def __init__(self, probe: XProbe, idle_after_ms: int) -> None:
        """Raises OSError."""
        self.idle_since_ms: int | None = None  # since 1970; None while somebody is at work
        self._probe = probe
        self._windows = 0
        self._had_windows = False
        self._windowless_at: float | None = None
        probe.tell_of_windows()
        self._idle_event = probe.tell_of_idleness(idle_after_ms)
        self._count()

    @property
    def application_open(self) -> bool:
        """Whether a program that has had windows still has one; yes, of one that has had none yet."""
        return self._windowless_at is None or self.due_s > 0

    @property
    def due_s(self) -> float:
        """Seconds until a program without windows counts as closed; 0 when nothing is to be awaited."""
        if self._windowless_at is None:
            return 0.0
        return max(self._windowless_at + WINDOWLESS_S - time.monotonic(), 0.0)

    def fileno(self) -> int:
        return self._probe.fileno()

    def look(self) -> None:
        """Take what the X server has told. Raises OSError when it is gone, or silent."""
        moved = False
        while events := self._probe.events():
            for event in events:
                kind = event[0] & 0x7F
                if kind == PROPERTY_NOTIFY:
                    moved = True
                elif kind == self._idle_event:
                    self._take_idleness(event)
            if moved:
                self._count()
                moved = False

    def close(self) -> None:
        self._probe.close()

    def _take_idleness(self, event: bytes) -> None:
        """AlarmNotify: the counter's value, and the one that it has passed."""
        high, low, limit_high, limit_low = struct.unpack_from("<iIiI", event, 8)
        value, limit = (high << 32) + low, (limit_high << 32) + limit_low
        if value < limit:
            self.idle_since_ms = None
        elif self.idle_since_ms is None:
            self.idle_since_ms = time.time_ns() // 1_000_000 - value

    def _count(self) -> None:
        self._windows = len(self._probe.windows())
        if self._windows:
            self._had_windows = True
            self._windowless_at = None
        elif self._had_windows and self._windowless_at is None:
            self._windowless_at = time.monotonic()
