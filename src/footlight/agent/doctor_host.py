"""What the doctor looks at on the machine itself. Each check takes what it looks at, and changes nothing."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from footlight.agent.finding import Finding, bad, good, note
from footlight.agent.logons import FALLBACK_SERVICE, SERVICE

# What sessions can't do without, and what only some need: program, package of Debian, what it is for.
NEEDED = (
    ("Xvnc", "tigervnc-standalone-server", "the screen of every session"),
    ("dbus-daemon", "dbus", "programs of every session"),
    ("openbox", "openbox", "windows of applications and light desktops"),
)
WANTED = (
    ("tint2", "tint2", "the panel of light desktops"),
    ("xsetroot", "x11-xserver-utils", "the background of sessions"),
    ("xterm", "xterm", "the sample Terminal"),
    ("mousepad", "mousepad", "the sample Text Editor"),
    ("chromium", "chromium", "the sample Web Browser"),
)
LEAST_FREE_BYTES = 1024**3
FEW_FREE_BYTES = 10 * 1024**3
_CGROUP_ROOTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
_V1_CONTROLLERS = ("memory", "pids", "cpu")
_NAMESPACES = ("net", "ipc")

Which = Callable[[str], str | None]


def user(uid: int) -> Finding:
    """Root or not."""
    if uid == 0:
        return good("user", "The agent runs as root: each session has an account of its own.")
    return note(
        "user",
        "The agent does not run as root: all sessions are this user's, nobody signs in with an account of the host, "
        "and recordings are no evidence against this user.",
        "Run it as root, as the unit footlight-agent.service does.",
    )


def programs(which: Which) -> list[Finding]:
    """What sessions start."""
    missing = [one for one in NEEDED if which(one[0]) is None]
    absent = [one for one in WANTED if which(one[0]) is None]
    found = [
        bad("programs", f"{name} is missing: {use}.", f"apt-get install {package}")
        for name, package, use in missing
    ]
    found += [
        note("programs", f"{name} is missing: {use}.", f"apt-get install {package}")
        for name, package, use in absent
    ]
    return found or [good("programs", "All programs that sessions need are there.")]


def pam(folders: Sequence[Path], wished: str, uid: int) -> Finding:
    """The PAM service of sign-ins with accounts of the host."""
    names = (wished,) if wished else (SERVICE, FALLBACK_SERVICE)
    for name in names:
        if any((folder / name).is_file() for folder in folders):
            break
    else:
        return bad(
            "pam",
            f"There is no PAM service {names[0]}: nobody can sign in with an account of this host.",
            f"Copy deploy/pam.d/footlight to {folders[0]}/{names[0]}.",
        )
    if uid != 0:
        return note("pam", f"The PAM service {name} is there, but only root can use it.")
    if name == FALLBACK_SERVICE and not wished:
        return note(
            "pam",
            f"Sign-ins with accounts of the host go through the PAM service {name}.",
            f"Copy deploy/pam.d/footlight to {folders[0]}/{SERVICE} to have rules of their own.",
        )
    return good("pam", f"Sign-ins with accounts of the host go through the PAM service {name}.")


def cgroups(roots: Sequence[Path] = _CGROUP_ROOTS, uid: int | None = None) -> Finding:
    """Whether what sessions take can be bounded."""
    as_root = (os.geteuid() if uid is None else uid) == 0
    offered: set[str] = set()
    for root in roots:
        try:
            offered |= set((root / "cgroup.controllers").read_text().split())
        except OSError:
            continue
    offered |= {name for name in _V1_CONTROLLERS if (roots[0] / name / "cgroup.procs").exists()}
    missing = [name for name in _V1_CONTROLLERS if name not in offered]
    if not as_root:
        return note("cgroups", "Not run as root: what sessions take is not bounded.")
    if missing:
        return note(
            "cgroups",
            f"The kernel offers no cgroups for {', '.join(missing)}: one session may take all of it.",
            "In a container, start it with its own cgroup namespace, writable.",
        )
    return good("cgroups", "Memory, processes and CPU of sessions can be bounded.")


def namespaces(folder: Path = Path("/proc/self/ns"), uid: int | None = None) -> Finding:
    """Whether X servers can be kept apart."""
    missing = [name for name in _NAMESPACES if not (folder / name).exists()]
    if missing:
        return note(
            "namespaces",
            f"The kernel has no namespaces for {', '.join(missing)}: sessions are less apart from each other.",
            "Run a kernel with CONFIG_NET_NS and CONFIG_IPC_NS.",
        )
    if (os.geteuid() if uid is None else uid) != 0:
        return note("namespaces", "Only root can give X servers namespaces of their own.")
    return good("namespaces", "X servers can have namespaces of their own.")


def spool(folder: Path, free_bytes: Callable[[Path], int] | None = None) -> Finding:
    """Room for recordings until they are uploaded."""
    at = folder
    while not at.exists() and at != at.parent:
        at = at.parent
    try:
        free = shutil.disk_usage(at).free if free_bytes is None else free_bytes(at)
    except OSError as error:
        return bad("spool", f"{folder} can't be looked at: {error.strerror}.", "Mount it.")
    if not os.access(at, os.W_OK):
        return bad("spool", f"{folder} can't be written to.", "Give it to the agent's user.")
    room = f"{free / 1024**3:.1f} GiB are free for recordings in {folder}"
    if free < LEAST_FREE_BYTES:
        return bad("spool", f"Only {room}: recording ends soon.", "Make room on that disk.")
    if free < FEW_FREE_BYTES:
        return note("spool", f"{room}.", "Make room if sessions are recorded for hours.")
    return good("spool", f"{room}.")


def x_sockets(folder: Path, uid: int) -> Finding:
    """The folder of X sockets: of root and sticky, or else who owns it takes over displays."""
    try:
        facts = folder.lstat()
    except FileNotFoundError:
        return good("x sockets", f"{folder} is made with the first session.")
    if not stat.S_ISDIR(facts.st_mode):
        return bad("x sockets", f"{folder} is no folder: no X server can start.", f"rm {folder}")
    if facts.st_uid != 0 or not facts.st_mode & stat.S_ISVTX:
        do = f"chown root {folder} && chmod 1777 {folder}"
        if uid == 0 and facts.st_uid != 0:
            return note("x sockets", f"{folder} is not root's; the agent takes it over.", do)
        return bad("x sockets", f"{folder} is not root's and sticky: displays can be stolen.", do)
    return good("x sockets", f"{folder} is root's and sticky.")


def listener(address: str, in_use_by_agent: bool) -> Finding:
    """Whether the host can listen for servers on HOST:PORT; "off": it does not."""
    if address == "off":
        return note("listener", "This host does not listen: displays go through the tunnel.")
    if in_use_by_agent:
        return good("listener", f"The agent that runs listens on {address}.")
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except (OSError, ValueError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) else "that is no HOST:PORT"
            return bad(
                "listener",
                f"Nothing can listen on {address}: {reason}.",
                "Give another address by --listen, or end what has that port (ss -tlnp).",
            )
    return good("listener", f"{address} is free to listen on.")


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """The interpreter."""
    text = ".".join(str(part) for part in version)
    if version[:2] < (3, 11):
        return bad("python", f"Python {text} is too old.", "Install Python 3.11 or newer.")
    return good("python", f"Python {text}.")
