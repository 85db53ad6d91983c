"""Throwing a host's key from the site's bus, wherever that is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from footlight.bus.credentials import BusKeys
from footlight.bus.revocation import FOR_GOOD, revoke


def expulsion(
    servers: Callable[[], list[str]], keys: BusKeys, ca_pem: str
) -> Callable[[str], Awaitable[None]]:
    """What throws a public key out. While no bus runs, it is noted beside the site's keys, which its next start
    reads. It raises Unavailable when the bus could not be told."""

    async def throw_out(public_key: str) -> None:
        if servers():
            await revoke(servers(), keys, ca_pem, [public_key])
        else:
            keys.keep_account(keys.account_jwt({public_key: FOR_GOOD}))

    return throw_out
