"""What server and host say to each other of people who sign in with accounts of the host. Data only."""

from __future__ import annotations

from typing import Literal

import msgspec


class _Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False, gc=False):
    """As in wire/host.py."""


class CheckPassword(_Message, frozen=True, tag="check"):
    """Let PAM check a name and password of the host, and hold what comes of it for a session. `password`: bytes in
    UTF-8; this is the only message that ever holds one. `blind`: refuse whatever PAM says, as for a name that
    nobody has. `group`: only its members; "": everybody."""

    name: str
    password: bytes
    address: str  # of the client
    hold_s: float
    group: str = ""
    blind: bool = False

    def __repr__(self) -> str:
        return f"CheckPassword(name={self.name!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("name", self.name)]


class Hold(_Message, frozen=True, tag="hold"):
    """Go on holding it for so long from now."""

    logon_id: str
    hold_s: float


class LetGo(_Message, frozen=True, tag="let-go"):
    """Whoever signed in has signed out."""

    logon_id: str


class LookUp(_Message, frozen=True, tag="look-up"):
    """Whether sessions may run as that account of the host."""

    name: str


LogonOrder = CheckPassword | Hold | LetGo | LookUp

Refusal = Literal[
    "wrong",  # name or password, or a name that may not sign in
    "prompt",  # PAM asks for more than one password; `words`: for what
    "password-expired",
    "account-expired",
    "not-allowed",  # the password is right, and PAM's account rules or ours say no
    "busy",  # too many at once
    "unavailable",
]


class HostAccount(_Message, frozen=True):
    """An account of the host that may have sessions. `groups`: names, its own and those that it is a member of."""

    name: str
    uid: int
    display_name: str
    groups: list[str]


class LogonAnswer(_Message, frozen=True):
    """With `account`: yes. `logon_id` names what is held for a session."""

    account: HostAccount | None = None
    logon_id: str = ""
    refusal: Refusal | None = None
    words: str = ""  # PAM's, or ours, for people
