"""Which desktop a session shows, and how that is started, told to end, and mended. Pure.

A published command of one word, `desktop:NAME`, names it; a published desktop without a command has the host's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from footlight.wire.target import DESKTOP_PREFIX, DESKTOPS

LIGHT, XFCE = "light", "xfce"
_NEEDED = ("xfce4-session", "xfwm4", "xfce4-panel", "xfdesktop")


@dataclass(frozen=True)
class Environment:
    """A desktop with a session manager of its own. `manager` is what ends with the session; `windows`: its window
    manager, which is replaced when it hangs; `log_off`: how the manager is asked to end."""

    manager: tuple[str, ...]
    windows: tuple[str, ...]
    log_off: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


_XFCE = Environment(
    manager=("xfce4-session",),
    windows=("xfwm4",),
    # Not by xfce4-session-logout, which shows its refusals in a window and waits for somebody to close it.
    log_off=(
        *("dbus-send", "--session", "--print-reply", "--dest=org.xfce.SessionManager"),
        *("/org/xfce/SessionManager", "org.xfce.Session.Manager.Logout"),
        *("boolean:false", "boolean:false"),  # no question, and nothing saved
    ),
    variables={
        "XDG_CURRENT_DESKTOP": "XFCE",
        "XDG_SESSION_DESKTOP": "xfce",
        "DESKTOP_SESSION": "xfce",
        "XDG_MENU_PREFIX": "xfce-",
        "XDG_CONFIG_DIRS": "/etc/xdg",
        "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
    },
)


class NotThere(Exception):
    """There is no such desktop on this host; the message is for people."""


def named(command: Sequence[str]) -> str | None:
    """The desktop that a published command names; None for a program, or none."""
    if len(command) == 1 and command[0].startswith(DESKTOP_PREFIX):
        return command[0].removeprefix(DESKTOP_PREFIX)
    return None


def chosen(name: str, find: Callable[[str], str | None]) -> Environment | None:
    """The desktop of that name; None is the light one, which the keeper itself puts together. `find` as
    shutil.which. Raises NotThere."""
    if name not in DESKTOPS:
        raise NotThere(f"there is no desktop {name!r}: {', '.join(DESKTOPS)}")
    missing = [program for program in _NEEDED if find(program) is None]
    if name == XFCE and missing:
        raise NotThere(f"Xfce is not whole on this host: {', '.join(missing)}")
    return None if name == LIGHT or missing else _XFCE
