"""The X server of a session: its command line, cookie and display number. Standard library only.

Display numbers are ours to choose: an Xvnc that chooses its own (`-displayfd` alone) looks at abstract sockets, which
end at its network namespace, and then takes over the socket file of a display that is in use.
"""

from __future__ import annotations

import errno
import os
import socket
import struct

from footlight.agent import processes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

X_FOLDER = "/tmp/.X11-unix"
FIRST_DISPLAY = 10
LAST_DISPLAY = 59_999
# Accounts of X servers, one for each display: a range that nobody gives out (systemd's UIDS-GIDS: "unused").
FIRST_ACCOUNT = 1_879_048_192
FAMILY_WILD = 0xFFFF
FAMILY_LOCAL = 256
COOKIE_NAME = b"MIT-MAGIC-COOKIE-1"


def command(
    *, display: int, rfb_path: str, authority: str, width: int, height: int, title: str
) -> list[str]:
    """The argument list. No TCP for X or RFB; nothing can be overridden from inside; no time limits;
    ZLib level 0 so that a recorder takes stored blocks."""
    return [
        "Xvnc",
        f":{display}",
        *("-nolisten", "tcp", "-nolisten", "local", "-nolisten", "inet6"),
        *("-rfbport", "-1", "-rfbunixpath", rfb_path, "-rfbunixmode", "0600"),
        *("-SecurityTypes", "None", "-UseBlacklist=0"),
        *("-AlwaysShared", "-ZlibLevel", "0", "-AllowOverride="),
        *("-MaxIdleTime=0", "-MaxConnectionTime=0", "-MaxDisconnectionTime=0", "-IdleTimeout=0"),
        *("-auth", authority, "-noreset", "-dpms", "-s", "0", "-dpi", "96"),
        *("-geometry", f"{width}x{height}", "-depth", "24", "-desktop", title),
    ]


def authority_file(cookie: bytes, family: int = FAMILY_WILD, address: bytes = b"") -> bytes:
    """An Xauthority file whose one entry fits every display (FamilyWild), or every display of the host named
    `address` (FAMILY_LOCAL, for clients that do not know the former). Source: Xau's XauReadAuth,
    big-endian counted strings."""
    return struct.pack(">H", family) + b"".join(
        struct.pack(">H", len(part)) + part for part in (address, b"", COOKIE_NAME, cookie)
    )


def account(display: int) -> int:
    """Uid and gid of the display's X server where it has an account of its own."""
    return FIRST_ACCOUNT + display


def socket_path(display: int) -> str:
    """Where the display's X socket is."""
    return f"{X_FOLDER}/X{display}"


def lock_path(display: int) -> str:
    """Where the X server notes its pid."""
    return f"/tmp/.X{display}-lock"


def make_x_folder() -> None:
    """The folder of X sockets, sticky and root's: made by the first session's user it would be his.
    Raises OSError."""
    try:
        os.mkdir(X_FOLDER)
        os.chmod(X_FOLDER, 0o1777)
    except FileExistsError:
        # A folder left by somebody else is taken over; as another user this fails and is not ours.
        if os.geteuid() == 0 and os.lstat(X_FOLDER).st_uid != 0:
            os.chown(X_FOLDER, 0, 0, follow_symlinks=False)
            os.chmod(X_FOLDER, 0o1777)


def free_displays() -> Iterator[tuple[int, socket.socket]]:
    """Display numbers that nobody uses, each with its reservation: a socket bound to the display's
    abstract name in our own network namespace. It keeps other keepers and X servers away until it is closed."""
    for display in range(FIRST_DISPLAY, LAST_DISPLAY):
        held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            held.bind("\0" + socket_path(display))
        except OSError as error:
            held.close()
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        if _taken(display):
            held.close()
            continue
        yield display, held


def _taken(display: int) -> bool:
    """Whether a live X server has the display; leftovers of a dead one are removed."""
    if lock_holder(display) is not None:
        return True
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(socket_path(display))
            return True
        except ConnectionRefusedError:
            pass
        except FileNotFoundError:
            return os.path.exists(lock_path(display)) and not remove_leftovers(display)
        except OSError:
            return True
    return not remove_leftovers(display)


def lock_holder(display: int) -> int | None:
    """Pid of the live process that the display's lock names, None when there is none."""
    try:
        with open(lock_path(display), encoding="ascii") as file:
            pid = int(file.read(32))
    except (OSError, ValueError):
        return None
    return pid if processes.is_alive(pid) else None


def remove_leftovers(display: int) -> bool:
    """Remove lock and socket of a dead X server; whether both are gone."""
    for path in (lock_path(display), socket_path(display)):
        try:
            os.unlink(path)
        except FileNotFoundError:
            continue
        except OSError:
            return False
    return True
