"""What server and host say to each other to open a stream. Data only.

The server asks on `<subject>.dial` (bus/subjects.py) with a DialOrder, the host answers with a DialAnswer. Both go over
the bus, so each side knows the other; the tickets in them prove on the stream itself who is there.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Way = Literal["direct", "tunnel"]


class _Message(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Unknown members are ignored."""


class DialOrder(_Message, frozen=True):
    """A stream is wanted. `way`: how the server would have it; a host without a listener takes the tunnel all the same.

    `url` is where the host reaches this very server with a tunnel, "" when it can't; `ticket` is that tunnel's.
    `instead_of`: the ticket of an earlier answer, by whose way nothing came.
    """

    hello: bytes
    way: Way
    url: str = ""
    ticket: str = ""
    instead_of: str = ""

    def __repr__(self) -> str:
        return f"DialOrder(way={self.way!r})"


class Address(_Message, frozen=True):
    """Where a host's listener can be reached; `host` is an IP address."""

    host: str
    port: int


class DialAnswer(_Message, frozen=True):
    """Where the server finds the stream: at one of `addresses` with `ticket`, used once; or, with `opened`, it comes by
    the tunnel. `problem`: why there is none, in plain words."""

    addresses: list[Address] = []
    ticket: str = ""
    opened: bool = False
    problem: str = ""

    def __repr__(self) -> str:
        return f"DialAnswer(opened={self.opened!r}, problem={self.problem!r})"
