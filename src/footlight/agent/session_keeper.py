"""A session's keeper as its agent has it: the state it last told, the link to it, and its process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from footlight.agent.keeper_link import KeeperLink, KeeperState, read_state
from footlight.agent.surroundings import await_exit, reap, write_private
from footlight.clock import Clock
from footlight.errors import Unavailable

GONE_S = 5.0
CONNECTED_AGAIN_S = 1.0


class SessionKeeper:
    """Of one session. `state`: as in its state.json; empty while nothing of the session exists. `pid`: None where it
    is not known."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        note: Callable[[str, dict[str, object]], None],
        told: Callable[[], None],
        lost: Callable[[], None],
    ) -> None:
        """`note` puts an event into a running recording; `told`: there is a new state; `lost`: the keeper has gone,
        after its work or, where `phase` does not say that it has ended, before."""
        self.state: KeeperState = {}
        self._folder = folder
        self._clock = clock
        self._note = note
        self._told = told
        self._lost = lost
        self._link: KeeperLink | None = None
        self.pid: int | None = None
        self._gone = asyncio.Event()

    @property
    def phase(self) -> str | None:
        """As in SessionFacts; None while nothing of the session exists."""
        phase = self.state.get("phase")
        return None if phase is None else str(phase)

    @property
    def x_up(self) -> bool:
        """Whether the X server has answered."""
        return bool(self.state.get("started_at_ms"))

    @property
    def link(self) -> KeeperLink:
        """To ask something of it. Raises Unavailable."""
        if self._link is None:
            raise Unavailable("the keeper is not connected")
        return self._link

    @property
    def connected(self) -> bool:
        """Whether there is a link."""
        return self._link is not None

    def display(self) -> str | None:
        """Its name while the X server answers."""
        return str(self.state.get("display")) if self.x_up and self.phase != "ended" else None

    def facts(self) -> dict[str, Any]:
        """The members of SessionFacts that are its to say."""
        return {
            "phase": self.phase or "starting",
            "application_open": self.state.get("application_open", True),
            "manager_restarts": self.state.get("manager_restarts", 0),
            **{name: self.state.get(name) for name in _AS_TOLD},
        }

    def how_it_ended(self) -> dict[str, object]:
        """As a recording tells it."""
        return {
            "reason": self.state.get("end_reason") or "unknown",
            "exitCode": self.state.get("exit_code"),
            "detail": self.state.get("exit_detail"),
        }

    async def meet(self, pid: int) -> None:
        """It has been started as that process. Raises Unavailable."""
        self.pid = pid
        await self._connect(still_starting=lambda: not reap(pid))

    async def adopt(self) -> None:
        """Take over what an earlier agent left in the session's folder: a living keeper, the facts of
        an ended session, or the leftovers of a lost one."""
        self.state = read_state(self._folder) or {}
        self.pid = self.state.get("keeper_pid")
        if not self.state and not (self._folder / "log").exists():
            return  # the order was noted and nothing begun
        if self.phase != "ended":
            with contextlib.suppress(Unavailable):
                await self._connect(limit_s=CONNECTED_AGAIN_S)
                return
        self._leave()

    def end_without(self, reason: str) -> None:
        """The session is over, and no keeper has said so."""
        self.state = {
            **self.state,
            "phase": "ended",
            "end_reason": reason,
            "ended_at_ms": self._clock.now_ms(),
        }
        self._gone.set()
        with contextlib.suppress(OSError):
            write_private(self._folder / "state.json", msgspec.json.encode(self.state))

    async def exited(self) -> None:
        """Returns when it has done its work and its process is over, or should be."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GONE_S):
                await self._gone.wait()
        await asyncio.to_thread(await_exit, self.pid)

    def reap(self) -> None:
        """Its process, where that is our child and over."""
        reap(self.pid)

    async def close(self) -> None:
        """Let go of it; it goes on."""
        if self._link is not None:
            await self._link.close()

    async def _connect(self, **how: Any) -> None:
        self._link = await KeeperLink.connect(self._folder, self._take, self._leave, **how)
        # Its first line is the state: from here on the phase is known.
        self._take(await self._link.status())

    def _take(self, state: KeeperState) -> None:
        self._note_idleness(self.state.get("idle_since_ms"), state.get("idle_since_ms"))
        self.state = state
        self._told()

    def _leave(self) -> None:
        self._link = None
        self.state = read_state(self._folder) or self.state
        self._gone.set()
        self._lost()

    def _note_idleness(self, before_ms: int | None, since_ms: int | None) -> None:
        if before_ms is None and since_ms is not None:
            self._note("idle", {"sinceMs": since_ms})
        elif before_ms is not None and since_ms is None:
            idle_ms = self._clock.now_ms() - before_ms
            self._note("active", {"idleMs": max(0, idle_ms)})


_AS_TOLD = (
    "display",
    "logon",
    "linux_user",
    "linux_uid",
    "started_at_ms",
    "established_at_ms",
    "idle_since_ms",
    "ended_at_ms",
    "end_reason",
    "exit_code",
    "exit_detail",
)
