"""When a sign-in must wait and when it is locked out. Pure: the moment is an argument, milliseconds since 1970.

Wrong passwords are counted by *key*: one for the account's name, one for the client's address. A name that does not
exist is counted like one that does, so that nobody learns which it is.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass, replace

FREE_FAILURES = 3  # everyone mistypes
FIRST_WAIT_MS = 500
LONGEST_WAIT_MS = 8_000
FORGET_MS = 15 * 60_000


@dataclass(frozen=True)
class Lockout:
    """`name_attempts` wrong ones in a row lock a name, `address_attempts` an address (0: never), for `lock_ms`."""

    name_attempts: int = 10
    address_attempts: int = 100
    lock_ms: int = FORGET_MS

    @property
    def kept_ms(self) -> int:
        """How long a failure is remembered when nothing follows it."""
        return max(FORGET_MS, self.lock_ms)


DEFAULT = Lockout()


@dataclass(frozen=True)
class Failures:
    """The wrong ones of a key since the last right one."""

    count: int = 0
    last_ms: int = 0
    locked_until_ms: int = 0


def standing(failures: Failures, lockout: Lockout, now_ms: int) -> Failures:
    """What still counts: nothing after a lock's end, nor after a long quiet."""
    if failures.locked_until_ms > now_ms:
        return failures
    over = failures.locked_until_ms > 0 or now_ms - failures.last_ms >= lockout.kept_ms
    return Failures() if over else failures


def wait_ms(failures: Failures, now_ms: int) -> int:
    """How long the next attempt must wait from now on: doubling with each failure in a row, counted from the
    last one, so that who waits by himself is not held up."""
    beyond = failures.count - FREE_FAILURES
    if beyond < 0:
        return 0
    pause_ms: int = min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** min(beyond, 16))
    return max(0, failures.last_ms + pause_ms - now_ms)


def after_failure(failures: Failures, lockout: Lockout, attempts: int, now_ms: int) -> Failures:
    """The failures and one more; `attempts` of them lock."""
    counted = standing(failures, lockout, now_ms)
    counted = replace(counted, count=counted.count + 1, last_ms=now_ms)
    if 0 < attempts <= counted.count:
        return replace(counted, locked_until_ms=now_ms + lockout.lock_ms)
    return counted


def name_key(name: str) -> str:
    """The key of an account's name in any case. Hashed: people type passwords where names belong."""
    return "name:" + hashlib.sha256(name.lower().encode()).hexdigest()


def client_key(client_id: str) -> str:
    """The key of an API client's id in any case."""
    return "client:" + hashlib.sha256(client_id.lower().encode()).hexdigest()


def address_key(address: str) -> str | None:
    """The key of a client's address: IPv6 by its /64, which is what one customer has. None for loopback, where
    proxies and all local programs are one address, and for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    parsed = mapped or parsed
    if parsed.is_loopback:
        return None
    if parsed.version == 6:
        return f"address:{ipaddress.ip_network((parsed, 64), strict=False)}"
    return f"address:{parsed}"
