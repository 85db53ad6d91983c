"""Starting, finding and killing the processes of a session. Standard library only: keepers use it.

A process belongs to a session when it is in the session's cgroup (as root) or descends from the
session's keeper, which is subreaper, so that a daemon's double fork does not take it out of the tree.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct

TYPE_CHECKING = False  # typing and dataclasses would add 3 MB to each keeper
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CLONE_NEWNET = 0x40000000
CLONE_NEWIPC = 0x08000000
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_IPC_OWNER = 15
CAPABILITY_VERSION_3 = 0x20080522  # linux/capability.h
LONGEST_ERROR_BYTES = 4096
MOST_DESCRIPTORS = 65_536

_libc = ctypes.CDLL(None, use_errno=True)


class RunAs:
    """The Linux user of a child: groups (None: those of the user database), gid and uid are set; None instead of it
    keeps ours.

    Without a name it is nobody's account: no further groups, no new privileges by what it runs, and the one right
    to use shared memory of others, which ends at the IPC namespace (see `own_memory`)."""

    __slots__ = ("gid", "groups", "name", "uid")

    def __init__(self, name: str, uid: int, gid: int, groups: list[int] | None = None) -> None:
        self.name = name
        self.uid = uid
        self.gid = gid
        self.groups = groups


class StartFailed(Exception):
    """The child never became the program. `code` is a shell's: 127 not found, 126 otherwise."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def become_subreaper() -> None:
    """Orphans below this process become its children. Raises OSError."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(pid: int) -> bool:
    """KILL to the calling process as soon as the thread that started it is gone, whose process is `pid`. False: it is
    gone already. Raises OSError."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return os.getppid() == pid


def set_undumpable() -> None:
    """Nobody but root may trace the calling process or read its memory. Raises OSError."""
    _prctl(PR_SET_DUMPABLE, 0)


def call_oneself(name: str) -> None:
    """Give the calling process a name for ps and top, of at most 15 bytes. Raises OSError."""
    text = ctypes.create_string_buffer(name.encode())
    _prctl(PR_SET_NAME, ctypes.addressof(text))


def own_memory() -> bool:
    """Put the calling process and all that it will start into an IPC namespace of their own: their System V shared
    memory is out of everybody else's reach. Whether that was done, and a child without a name may be given the
    right to use it."""
    with open("/proc/self/status", encoding="ascii") as file:
        (line,) = (line for line in file if line.startswith("CapPrm:"))
    if os.geteuid() != 0 or not int(line.split()[1], 16) & 1 << CAP_IPC_OWNER:
        return False
    return bool(_libc.unshare(CLONE_NEWIPC) == 0)


def start(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: str,
    output: int,
    errors: int | None = None,
    run_as: RunAs | None = None,
    cgroups: Sequence[str] = (),
    own_network: bool = False,
    umask: int = 0o022,
) -> int:
    """Fork and exec; returns the pid once the program itself runs.

    The child leads a process session of its own, has /dev/null as input, `output` (a descriptor) as output,
    `errors` (None: the same) as standard error and no other descriptor. `own_network` asks for an empty network
    namespace and goes without one where that is not allowed. Raises StartFailed with a reason for people. Call it
    from a process with one thread."""
    report_read, report_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            both = (output, output if errors is None else errors)
            _become(folder, both, run_as, cgroups, own_network, umask)
            for low, high in ((3, report_write), (report_write + 1, MOST_DESCRIPTORS)):
                os.closerange(low, high)
            os.execvpe(argv[0], list(argv), dict(environment))
        except BaseException as error:
            code = 127 if isinstance(error, FileNotFoundError) else 126
            reason = getattr(error, "strerror", None) or repr(error)
            os.write(report_write, f"{code} {reason}".encode()[:LONGEST_ERROR_BYTES])
        os._exit(127)
    os.close(report_write)
    try:
        report = os.read(report_read, LONGEST_ERROR_BYTES).decode(errors="replace")
    finally:
        os.close(report_read)
    if report:
        os.waitpid(pid, 0)
        number, _, reason = report.partition(" ")
        raise StartFailed(f"{argv[0]}: {reason}", int(number))
    return pid


def _become(
    folder: str,
    outputs: tuple[int, int],
    run_as: RunAs | None,
    cgroups: Sequence[str],
    own_network: bool,
    umask: int,
) -> None:
    """In the child: what lies between fork and exec. The order matters: what needs root comes first."""
    os.setsid()
    for cgroup in cgroups:
        join_cgroup(cgroup)
    if own_network:
        _libc.unshare(CLONE_NEWNET)
    if run_as is not None and run_as.name:
        if run_as.groups is None:
            os.initgroups(run_as.name, run_as.gid)
        else:
            os.setgroups(run_as.groups)
        os.setgid(run_as.gid)
        os.setuid(run_as.uid)
    elif run_as is not None:
        _become_nobody(run_as)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    os.umask(umask)
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(outputs[0], 1)
    os.dup2(outputs[1], 2)
    # Python ignores SIGPIPE, and an ignored signal stays ignored through exec.
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    os.chdir(folder)


def _become_nobody(run_as: RunAs) -> None:
    """Source: capabilities(7), "Ambient"; the structures of capset(2)."""
    os.setgroups([])
    os.setgid(run_as.gid)
    _prctl(PR_SET_KEEPCAPS, 1)
    os.setuid(run_as.uid)
    kept = 1 << CAP_IPC_OWNER
    head = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable; then the same of capabilities from 32 on
    if _libc.capset(head, struct.pack("=6I", kept, kept, kept, 0, 0, 0)) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_IPC_OWNER)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def _prctl(option: int, *values: int) -> None:
    words = (*values, 0, 0, 0, 0)[:4]
    if _libc.prctl(option, *map(ctypes.c_ulong, words)) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")


def name_of(pid: int) -> str:
    """What the process is called, "" when it is gone."""
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read(64).rstrip("\n")
    except OSError:
        return ""


def network_of(pid: int) -> str:
    """The name of the process's network namespace, "" when it can't be read."""
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return ""


def state_of(pid: int) -> str:
    """Its state in one letter (proc(5)): R, S, D, T (stopped), t (traced), Z...; "?" when there is none."""
    try:
        file = os.open(
            f"/proc/{pid}/stat", os.O_RDONLY
        )  # looked at so often that a buffer would cost
        try:
            return os.read(file, 1024).rpartition(b")")[2].split(maxsplit=1)[0].decode()
        finally:
            os.close(file)
    except (OSError, IndexError):
        return "?"


def is_at_work(pid: int) -> bool:
    """Whether a thread of it runs, wants to, or waits for the disk. Who waits for another thread of its own that has
    no turn is as good as starved itself."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return False
    return any(state_of(int(thread)) in "RD" for thread in threads)


def is_alive(pid: int) -> bool:
    """Whether a process of that number runs; one that only waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return state_of(pid) not in "?ZX"


def parents() -> dict[int, int]:
    """Parent by pid, of every live process that we can see; zombies are left out."""
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                # pid (comm) state ppid ...; comm may hold blanks and parentheses
                fields = file.read(1024).rpartition(b")")[2].split()
        except OSError:
            continue
        if fields[0] != b"Z":
            found[int(name)] = int(fields[1])
    return found


def descendants(root: int) -> set[int]:
    """Live processes below `root`, without it."""
    children: dict[int, list[int]] = {}
    for pid, parent in parents().items():
        children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    waiting = [root]
    while waiting:
        for pid in children.get(waiting.pop(), ()):
            if pid not in found:
                found.add(pid)
                waiting.append(pid)
    return found


def with_environment(entry: str) -> set[int]:
    """Live processes that were started with `NAME=value` in their environment, as far as we may look."""
    wanted = entry.encode()
    found = set()
    for pid in parents():
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if wanted in file.read(256 * 1024).split(b"\0"):
                    found.add(pid)
        except OSError:
            continue
    return found


def send(number: signal.Signals, pids: Iterable[int]) -> None:
    """Signal each that is still there."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


# --- cgroups of version 2, to find every process; what it may take: resource_groups.py ------------


def cgroup_root() -> str | None:
    """Where the v2 hierarchy is mounted (alone or beside v1) if this process may make groups in it."""
    for path in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
        if os.path.exists(f"{path}/cgroup.controllers") and os.access(path, os.W_OK):
            return path
    return None


def make_cgroup(path: str) -> bool:
    """Make the group and those above it; whether it is there and takes processes."""
    try:
        os.makedirs(path, mode=0o755, exist_ok=True)
    except OSError:
        return False
    return os.access(f"{path}/cgroup.procs", os.W_OK)


def join_cgroup(path: str) -> None:
    """Move the calling process into the group. Raises OSError."""
    with open(f"{path}/cgroup.procs", "w", encoding="ascii") as file:
        file.write("0")


def cgroup_members(path: str) -> set[int]:
    """Processes in the group itself; none when it does not exist."""
    try:
        with open(f"{path}/cgroup.procs", encoding="ascii") as file:
            return {int(line) for line in file}
    except OSError:
        return set()


def kill_cgroup(path: str) -> None:
    """KILL to all that is in the group, also to what is forking just now; nothing where the kernel (before
    5.14) or the group's lack does not allow it."""
    try:
        with open(f"{path}/cgroup.kill", "w", encoding="ascii") as file:
            file.write("1")
    except OSError:
        return


def remove_cgroup(path: str) -> None:
    """Remove the group if it is empty."""
    try:
        os.rmdir(path)
    except OSError:
        return
