"""What /proc says of one process: whose it is, and what it runs."""

from __future__ import annotations

import functools
import os
import pwd
from dataclasses import dataclass

LONGEST_COMMAND_BYTES = 16 * 1024
LONGEST_FILE_BYTES = 4096
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Seen:
    """`arguments` empty: it was gone, or has none; `name`: as the kernel calls it, at most 15 characters."""

    pid: int
    name: str
    arguments: list[str]
    user: str
    parent_pid: int


def look_at(pid: int) -> Seen | None:
    """What runs there; None when it is gone without a trace."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            command = file.read(LONGEST_COMMAND_BYTES)
        stat = _stat(pid)
        user = user_name(os.stat(f"/proc/{pid}").st_uid)
    except OSError:
        return None
    arguments = [part.decode(errors="replace") for part in command.rstrip(b"\0").split(b"\0")]
    name, fields = stat
    return Seen(pid, name, arguments if command else [], user, int(fields[1]))


def cgroup_of(pid: int) -> str | None:
    """The process's group in the hierarchy of version 2; None when it is gone, or there is no such hierarchy."""
    try:
        with open(f"/proc/{pid}/cgroup", "rb") as file:
            for line in file.read(LONGEST_FILE_BYTES).splitlines():
                if line.startswith(b"0::"):
                    return line[3:].decode(errors="replace")
    except OSError:
        return None
    return None


def parent_of(pid: int) -> int | None:
    """None when it is gone."""
    try:
        return int(_stat(pid)[1][1])
    except OSError:
        return None


def started_ago_s(pid: int) -> float | None:
    """Seconds that it has run; None when it is gone."""
    try:
        ticks = int(_stat(pid)[1][19])
        with open("/proc/uptime", "rb") as file:
            return max(0.0, float(file.read(64).split()[0]) - ticks / _TICKS_PER_S)
    except (OSError, IndexError, ValueError):
        return None


@functools.lru_cache(maxsize=256)
def user_name(uid: int) -> str:
    """The account's name; its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _stat(pid: int) -> tuple[str, list[bytes]]:
    """Name and the fields after it, from the state on. Raises OSError. Source: proc(5); the name may hold blanks and
    parentheses."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        front, _, rest = file.read(LONGEST_FILE_BYTES).rpartition(b")")
    fields = rest.split()
    if len(fields) < 20:
        raise ProcessLookupError(pid)
    return front.partition(b"(")[2].decode(errors="replace"), fields
