"""The looks that a recorder takes again and again, all in one round: waking up is what an idle recording costs.

No look waits for anything: a disk or an X server that hangs holds up no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from footlight.log import get_logger

_log = get_logger(__name__)

LOOK_S = 0.5  # between two rounds


class Rounds:
    """Of one process, used from its event loop. While nobody takes part nothing wakes up."""

    def __init__(self) -> None:
        self._looks: list[Callable[[], None]] = []
        self._timer: asyncio.TimerHandle | None = None

    def join(self, look: Callable[[], None]) -> None:
        """Have it called each LOOK_S from now on."""
        self._looks.append(look)
        if self._timer is None:
            self._wait()

    def leave(self, look: Callable[[], None]) -> None:
        """No longer."""
        self._looks.remove(look)
        if not self._looks and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._go)

    def _go(self) -> None:
        self._wait()
        for look in tuple(self._looks):
            try:
                look()
            except Exception as error:
                _log.error("look failed", exc_info=error)
