"""What a person does in a session, as its X server tells: windows that are open, and how long nobody has touched it.
Standard library only."""

from __future__ import annotations

import selectors
import struct
import time

from footlight.agent.xprobe import PROPERTY_NOTIFY, XProbe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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

    @property
    def has_windows(self) -> bool:
        """Whether there are windows now."""
        return self._windows > 0

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


class KeeperWatch:
    """A ScreenWatch that comes again after its connection was lost, and what is known meanwhile."""

    def __init__(
        self, connect: Callable[[], ScreenWatch], selector: selectors.BaseSelector
    ) -> None:
        """`connect` may raise OSError. The selector wakes its loop when there is something to look at."""
        self.application_open = True
        self.has_windows: bool | None = None  # until the X server first says
        self.idle_since_ms: int | None = None  # since 1970; None while somebody is at work
        self._connect = connect
        self._selector = selector
        self._watch: ScreenWatch | None = None
        self._again_at = 0.0

    def look(self) -> float | None:
        """Take what the X server has told; seconds until there may be more without its telling, None for never."""
        try:
            if self._watch is None:
                if (wait_s := self._again_at - time.monotonic()) > 0:
                    return wait_s
                self._watch = self._connect()
                self._selector.register(self._watch, selectors.EVENT_READ, lambda: None)
            self._watch.look()
        except OSError:
            self.stop()
            return AGAIN_S
        self.application_open = self._watch.application_open
        self.has_windows = self._watch.has_windows
        self.idle_since_ms = self._watch.idle_since_ms
        return self._watch.due_s or None

    def stop(self) -> None:
        """Let go of the X server; `look` comes again after AGAIN_S."""
        self._again_at = time.monotonic() + AGAIN_S
        watch, self._watch = self._watch, None
        if watch is not None:
            self._selector.unregister(watch)
            watch.close()
