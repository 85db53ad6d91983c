"""What a session leaves behind when its keeper could not clear up itself: found, killed, removed. Blocking."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

from footlight.agent import processes, xvnc
from footlight.agent.keeper_link import read_state
from footlight.log import get_logger

_log = get_logger(__name__)

KILL_S = 5.0


def clear(folder: Path, cgroup: str | None) -> None:
    """Kill every process of the session whose folder and cgroup these are, and remove what only the living
    need. state.json, order.json and the log stay."""
    limit = time.monotonic() + KILL_S
    while (left := _members(folder, cgroup)) and time.monotonic() < limit:
        for group in _groups(cgroup):
            processes.kill_cgroup(group)
        processes.send(signal.SIGKILL, left)
        time.sleep(0.02)
    if left:
        _log.error("processes of a session can't be killed", folder=str(folder), pids=sorted(left))
    display = (read_state(folder) or {}).get("display")
    if isinstance(display, str) and display[1:].isdecimal():
        number = int(display[1:])
        # The number may be another session's by now.
        if xvnc.lock_holder(number) is None:
            xvnc.remove_leftovers(number)
    for name in ("x", "auth", "run", "desk"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("keeper.sock", "notice.Xauthority", "cookie"):
        (folder / name).unlink(missing_ok=True)
    if cgroup is not None:
        for path in (*_groups(cgroup), cgroup):
            processes.remove_cgroup(path)


def _members(folder: Path, cgroup: str | None) -> set[int]:
    found = processes.with_environment(f"XAUTHORITY={folder}/auth/Xauthority")
    for group in _groups(cgroup):
        found |= processes.cgroup_members(group)
    keeper = (read_state(folder) or {}).get("keeper_pid")
    if isinstance(keeper, int) and _is_keeper(keeper, folder):
        found.add(keeper)
    return found - {os.getpid()}


def _groups(cgroup: str | None) -> list[str]:
    return (
        [] if cgroup is None else [f"{cgroup}/{part}" for part in ("session", "screen", "keeper")]
    )


def _is_keeper(pid: int, folder: Path) -> bool:
    """Whether that pid is still the folder's keeper and not a stranger who has the number now."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if b"footlight.agent.logon" in words:  # one that has become a keeper
            return os.readlink(f"/proc/{pid}/fd/1") == f"{folder}/log"
    except OSError:
        return False
    return b"footlight.agent.keeper" in words and str(folder).encode() in words
