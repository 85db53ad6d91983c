"""Tickets for streams: what was agreed over the bus is proved with them on a connection that nobody has vouched for."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from typing import Generic, TypeVar

from footlight.clock import Clock
from footlight.errors import Unavailable

LIFE_S = 15.0
MOST_TICKETS = 1024
_NAME_CHARS, _SECRET_CHARS = 16, 64
TICKET_CHARS = _NAME_CHARS + _SECRET_CHARS  # all of them hexadecimal digits

T = TypeVar("T")


class TicketBook(Generic[T]):
    """Tickets that are out, each for a value. A ticket counts once, for a bounded time; so many are out at most.

    A ticket is a name, by which it is found, and a secret, of which only the hash is kept and compared.
    """

    def __init__(self, clock: Clock, *, life_s: float = LIFE_S, most: int = MOST_TICKETS) -> None:
        self._clock = clock
        self._life_ns = int(life_s * 1e9)
        self._most = most
        # In the order of their expiry.
        self._out: OrderedDict[str, tuple[bytes, int, T]] = OrderedDict()

    def make(self, value: T) -> str:
        """A new ticket. Raises Unavailable when too many are out."""
        self._forget_expired()
        if len(self._out) >= self._most:
            raise Unavailable("Too many streams are being opened at once.")
        name, secret = secrets.token_hex(_NAME_CHARS // 2), secrets.token_hex(_SECRET_CHARS // 2)
        self._out[name] = (_hash(secret), self._clock.monotonic_ns() + self._life_ns, value)
        return name + secret

    def redeem(self, ticket: str) -> T | None:
        """What it is for, once; None for one that is unknown, used, dropped or expired."""
        self._forget_expired()
        name = ticket[:_NAME_CHARS]
        known = self._out.get(name)
        if known is None or not hmac.compare_digest(known[0], _hash(ticket[_NAME_CHARS:])):
            return None
        del self._out[name]
        return known[2]

    def drop(self, ticket: str) -> None:
        """It counts no longer, if it did."""
        self.redeem(ticket)

    def __len__(self) -> int:
        """Those that are out."""
        self._forget_expired()
        return len(self._out)

    def _forget_expired(self) -> None:
        now_ns = self._clock.monotonic_ns()
        while self._out and next(iter(self._out.values()))[1] <= now_ns:
            self._out.popitem(last=False)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
