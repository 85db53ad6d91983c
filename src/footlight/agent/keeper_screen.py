"""The X server of a session as its keeper knows it: started, asked, cleared away. Standard library only."""

from __future__ import annotations

import contextlib
import os
import time

from footlight.agent import processes, xvnc
from footlight.agent.xprobe import XProbe

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from typing import Any

    from footlight.agent.keeper_children import Children
    from footlight.agent.keeper_log import KeeperLog

X_START_S = 10.0
X_ATTEMPTS = 5


class Screen:
    """`display` and `own_network` are known once it has started."""

    def __init__(
        self, folder: str, plan: dict[str, Any], children: Children, log: KeeperLog
    ) -> None:
        self.display: int | None = None
        self.own_network = False
        self._folder = folder
        self._plan = plan
        self._children = children
        self._log = log
        self._held: socket.socket | None = None
        self._probe: XProbe | None = None

    def start(self, until: Callable[[Callable[[], bool], float], bool]) -> None:
        """Start an X server and wait until it answers. `until` turns the keeper's loop: condition, seconds.
        Raises StartFailed."""
        children = self._children
        limit = time.monotonic() + X_START_S
        for _, (display, held) in zip(range(X_ATTEMPTS), xvnc.free_displays(), strict=False):
            self.display, self._held = display, held
            pid = children.start("x", self._command(display), own_network=True)
            left_s = max(limit - time.monotonic(), 0.0)
            until(lambda pid=pid: pid in children.exits or self._answers(), left_s)  # type: ignore[misc]
            if self._probe is not None:
                network = processes.network_of(pid)
                self.own_network = network not in ("", processes.network_of(os.getpid()))
                return
            if pid not in children.exits:
                raise processes.StartFailed("no answer in time", 126)
            held.close()
            # Another X server was faster: the number is gone, the next one may do.
            if "already active" not in self._log.text_of("x"):
                break
        raise processes.StartFailed(self._log.last_line_of("x"), 126)

    def _command(self, display: int) -> list[str]:
        plan = self._plan
        return xvnc.command(
            display=display,
            rfb_path=f"{self._folder}/x/rfb",
            authority=f"{self._folder}/x/Xauthority",
            width=plan["width"],
            height=plan["height"],
            title=plan["title"],
        )

    def _answers(self) -> bool:
        try:
            self._probe = self._connect()
        except OSError:
            return False
        return True

    def _connect(self) -> XProbe:
        assert self.display is not None
        return XProbe(xvnc.socket_path(self.display), bytes.fromhex(self._plan["cookie"]))

    def window_manager_runs(self) -> bool:
        """Whether one has taken the screen. Raises OSError. Only between `start` and `let_go`."""
        assert self._probe is not None
        return self._probe.window_manager_runs()

    def let_go(self) -> None:
        """Close the connection that the start has made."""
        probe, self._probe = self._probe, None
        if probe is not None:
            probe.close()

    def has_windows(self) -> bool:
        """Whether there are windows, yes when the X server does not say. The connection is kept: call `let_go`."""
        try:
            if self._probe is None:
                self._probe = self._connect()
            return bool(self._probe.windows())
        except OSError:
            self.let_go()
            return True

    def idle_ms(self) -> int | None:
        """How long nobody has hit a key or moved the mouse; None when the X server does not say. The connection is
        kept: call `let_go`."""
        try:
            if self._probe is None:
                self._probe = self._connect()
            return self._probe.idle_ms()
        except OSError:
            self.let_go()
            return None

    def ask_to_close(self, asked: set[int]) -> bool:
        """Ask each window not yet in `asked` to close, as its title bar's button does. Whether there are windows;
        yes, when the X server does not say."""
        try:
            with contextlib.closing(self._connect()) as probe:
                windows = set(probe.windows())
                for window in windows - asked:
                    probe.close_window(window)
        except OSError:
            return True
        asked |= windows
        return bool(windows)

    def remove_leftovers(self) -> None:
        """Remove what an ended X server leaves, and give its number back."""
        if self.display is not None:
            xvnc.remove_leftovers(self.display)
        if self._held is not None:
            self._held.close()
