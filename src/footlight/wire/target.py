"""What a published application is when it is no program: a server by SSH, a desktop by RDP, a page of the web, or a
whole desktop of the host.

Its command line then begins with an address instead of an executable: `ssh://[USER@]HOST[:PORT]`, with a remote
command as arguments if one is wanted, `rdp://[USER@]HOST[:PORT]`, or `http://...`, `https://...`; or it is
`desktop:NAME` (DESKTOPS).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["ssh", "rdp", "web"]
DESKTOP_PREFIX = "desktop:"
DESKTOPS = ("auto", "xfce", "light")  # auto: Xfce where the host has it, else the light one
PORTS = {"ssh": 22, "rdp": 3389}
_KINDS: dict[str, Kind] = {"ssh": "ssh", "rdp": "rdp", "http": "web", "https": "web"}
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|[0-9A-Fa-f:.]{2,45}")
# A domain may stand before a name of Windows. No hyphen first: it would be an option.
_USER = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\\)?[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")


@dataclass(frozen=True)
class Target:
    """`address` is the page's for the web; elsewhere host, port and user (None: not said) count."""

    kind: Kind
    address: str
    host: str
    port: int
    user: str | None = None
    arguments: tuple[str, ...] = ()


def target_of(command: Sequence[str]) -> Target | None:
    """What the command line aims at; None when it is a program. Raises ValueError, with a sentence for people, for
    an address that is none."""
    first = command[0] if command else ""
    if first.startswith(DESKTOP_PREFIX):
        if first.removeprefix(DESKTOP_PREFIX) not in DESKTOPS or len(command) > 1:
            raise ValueError(f"A desktop is {DESKTOP_PREFIX} and one of {', '.join(DESKTOPS)}.")
        return None
    if "://" not in first:
        return None
    kind = _KINDS.get(first.partition("://")[0].lower())
    if kind is None:
        raise ValueError("An address begins with ssh, rdp, http or https.")
    if not first.isprintable() or " " in first:
        raise ValueError("An address has no blanks.")
    parts = urlsplit(first)
    host, user, port = parts.hostname or "", parts.username, parts.port
    if not _HOST.fullmatch(host):
        raise ValueError("The address has no host, or one that is none.")
    if parts.password is not None:
        raise ValueError("An address holds no password.")
    arguments = tuple(command[1:])
    if arguments and kind != "ssh":
        raise ValueError("Only an address of SSH has arguments: the command to run there.")
    if kind == "web":
        return Target(kind, first, host, port or 0)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("The address goes on after its host.")
    if user is not None and not _USER.fullmatch(user):
        raise ValueError("The address has a user that is none.")
    return Target(kind, first, host, port or PORTS[kind], user, arguments)
