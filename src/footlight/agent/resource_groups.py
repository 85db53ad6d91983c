"""What a session's processes may take: memory, number and share of the CPU, by cgroups of version 2, of version 1, or
of both side by side (each controller is in one of them). Standard library only: keepers use it.

A group is called by its path below the hierarchies' roots, `footlight/<site>/<session>/session`.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

V1_ROOT = "/sys/fs/cgroup"
V2_ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
PARTS = ("session", "screen")
# By limit: controller, file of version 2, files of version 1 in the order in which they must be written.
_FILES = {
    "memory_bytes": (
        "memory",
        "memory.max",
        ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"),
    ),
    "processes": ("pids", "pids.max", ("pids.max",)),
    "cpu_weight": ("cpu", "cpu.weight", ("cpu.shares",)),
}
_SHARES_OF_WEIGHT = 1024 / 100  # version 1 counts from 1024, version 2 from 100
_LEAST_SHARES, _MOST_SHARES = 2, 262_144


def limit(name: str, limits: Mapping[str, int]) -> list[str]:
    """Make the group with these limits (0: none; what the kernel does not offer is left out). Paths of the groups
    of version 1 that its processes have to join; that of version 2 is keeper_children.py's."""
    joined: list[str] = []
    for what, value in limits.items():
        if value <= 0:
            continue
        controller, file, v1_files = _FILES[what]
        if os.path.exists(f"{V1_ROOT}/{controller}/cgroup.procs"):
            path = f"{V1_ROOT}/{controller}/{name}"
            if _limit_v1(path, what, v1_files, value):
                joined.append(path)
        else:
            _limit_v2(name, controller, file, value)
    return joined


def remove(name: str) -> None:
    """Remove the session's groups of version 1, and those above them that are empty then."""
    for controller, _, _ in _FILES.values():
        root = f"{V1_ROOT}/{controller}"
        if not os.path.exists(f"{root}/cgroup.procs"):
            continue
        paths = [f"{root}/{name}/{part}" for part in PARTS]
        for path in (*paths, f"{root}/{name}", os.path.dirname(f"{root}/{name}")):
            try:
                os.rmdir(path)
            except OSError:  # not there, or another session's
                continue


def half_of_memory() -> int:
    """Half of the machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def _limit_v1(path: str, what: str, files: tuple[str, ...], value: int) -> bool:
    """Whether the group is there and has the limit."""
    if what == "cpu_weight":
        value = min(max(round(value * _SHARES_OF_WEIGHT), _LEAST_SHARES), _MOST_SHARES)
    try:
        os.makedirs(path, mode=0o755, exist_ok=True)
    except OSError:
        return False
    written = [_write(f"{path}/{file}", str(value)) for file in files]
    return written[0]  # the second one, of memory with swap, is not on every kernel


def _limit_v2(name: str, controller: str, file: str, value: int) -> None:
    for root in V2_ROOTS:
        if not os.path.exists(f"{root}/cgroup.controllers"):
            continue
        path = root
        for step in name.split("/"):
            # A controller is handed down by each group above, none of which holds processes.
            _write(f"{path}/cgroup.subtree_control", f"+{controller}")
            path = f"{path}/{step}"
            try:
                os.makedirs(path, mode=0o755, exist_ok=True)
            except OSError:
                return
        _write(f"{path}/{file}", str(value))
        return


def _write(path: str, text: str) -> bool:
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    except OSError:
        return False
    return True
