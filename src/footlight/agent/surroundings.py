"""What the sessions of a host share, and the small things on disk and in the process table that are theirs."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from footlight.agent import processes
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.starts import Starts
from footlight.clock import Clock
from footlight.telemetry.traces import OFF, Traces
from footlight.wire.host import RecordingFacts, SessionOrder, decode

REAP_S = 5.0
LONGEST_ORDER_BYTES = 1024 * 1024


class Recording(Protocol):
    """What a session needs of the recorder (recorder_link.Recorders)."""

    async def begin(self, order: BeginRecording) -> None: ...
    async def end(self, recording_id: str, reason: str) -> None: ...
    async def suspend(self, recording_id: str, cause: str) -> None: ...
    async def event(self, recording_id: str, kind: str, members: dict[str, object]) -> None: ...
    async def keep_pre_roll(self, session_id: str, rfb_path: str, seconds: int) -> None: ...
    def facts(self) -> list[RecordingFacts]: ...


class Launching(Protocol):
    """A PAM transaction that becomes a session (logons.Held)."""

    async def launch(self, folder: Path, plan: dict[str, Any]) -> int: ...


class LogOns(Protocol):
    """What a session needs of those who have signed in with accounts of the host (logons.Logons)."""

    async def take(self, logon_id: str | None, name: str) -> Launching | None: ...
    async def without_password(self, name: str) -> Launching: ...


class Sources(Protocol):
    """What a session needs of the sources of events (events/sources.py)."""

    def begin(
        self,
        folder: Path,
        cgroup: str | None,
        order: SessionOrder,
        note: Callable[[str, dict[str, object]], None],
    ) -> None: ...
    def end(self, session_id: str) -> None: ...


@dataclass(frozen=True)
class Surroundings:
    """What all sessions of a host share. `changed` is called whenever a session's facts change."""

    site_id: str
    run_root: Path
    recorders: Recording
    clock: Clock
    changed: Callable[[str], None]
    resources: Mapping[str, int] = field(
        default_factory=dict
    )  # of a session: resource_groups.limit
    desktop: str = "light"  # of published desktops that name none
    starts: Starts = field(default_factory=Starts)
    traces: Traces = OFF
    logons: LogOns | None = None  # None where the host is not root's: all sessions are its user's
    sources: Sources | None = None  # of events; None: of none but what the agent itself sees

    def free_folder(self, session_id: str, taken: Container[Path]) -> Path:
        """The folder for a new session: called by the first 8 hex digits of its id, or by the whole id where
        another session, or what is left of one, has those."""
        folder = self.run_root / session_id[:8]
        return self.run_root / session_id if folder in taken or folder.exists() else folder

    def cgroup_of(self, folder: Path) -> str | None:
        """The cgroup of the session in that folder, None where there are none for us."""
        site = self._cgroup()
        return f"{site}/{folder.name}" if site else None

    def resource_group_of(self, folder: Path) -> str | None:
        """What the session's groups of limits are called (resource_groups.py), None where there are none for us."""
        return f"footlight/{self.site_id[:8]}/{folder.name}" if os.geteuid() == 0 else None

    def _cgroup(self) -> str | None:
        root = processes.cgroup_root() if os.geteuid() == 0 else None
        return f"{root}/footlight/{self.site_id[:8]}" if root else None

    def remove_empty_folders(self) -> None:
        """Remove the site's run folder and cgroup if no session is left in them."""
        with contextlib.suppress(OSError):
            self.run_root.rmdir()
        if (cgroup := self._cgroup()) is not None:
            processes.remove_cgroup(cgroup)


def read_order(folder: Path) -> SessionOrder | None:
    """The order noted in a session's folder, None when there is nothing readable."""
    try:
        with (folder / "order.json").open("rb") as file:
            return decode(SessionOrder, file.read(LONGEST_ORDER_BYTES))
    except (OSError, ValueError):
        return None


def is_folder_of(folder: Path, session_id: str) -> bool:
    """Whether a folder of that name may be the session's."""
    return folder.name in (session_id[:8], session_id)


def write_private(path: Path, body: bytes) -> None:
    """Atomically, for our eyes only."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(0o600)
    fresh.write_bytes(body)
    fresh.replace(path)


def await_exit(pid: int | None) -> None:
    """Wait for a keeper that has said its last word, at most REAP_S."""
    limit = time.monotonic() + REAP_S
    while not reap(pid) and time.monotonic() < limit:
        time.sleep(0.02)


def reap(pid: int | None) -> bool:
    """Whether the keeper, if it is our child, has exited."""
    if pid is None:
        return True
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
