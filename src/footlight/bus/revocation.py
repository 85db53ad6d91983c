"""Throwing keys out of the bus, at once and for good."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from footlight.bus.credentials import BusKeys, claims_of, revoked_of
from footlight.bus.link import Link, Way
from footlight.bus.nkey import check_public
from footlight.errors import Unavailable

CONNECTED_WITHIN_S = 5.0
ANSWER_S = 5.0
FOR_GOOD = 253_402_300_799  # 9999-12-31: also what should be issued to the key later


class _Told(msgspec.Struct):
    data: dict[str, object] | None = None
    error: dict[str, object] | None = None


async def revoke(
    servers: Sequence[str], keys: BusKeys, ca_pem: str, public_keys: Sequence[str]
) -> None:
    """End the connections of those keys and let them in no more; telling it again changes nothing. Whom the server
    has been told of by others stays out. Kept beside the keys first, so that the server's next start knows it, too.
    Raises Unavailable when the server could not be told."""
    revoked = {check_public(key, "user"): FOR_GOOD for key in public_keys}
    keys.keep_account(keys.account_jwt(revoked))
    jwt, seed = keys.system_user()
    link = Link(Way(tuple(servers), ca_pem, jwt, seed, "_INBOX", "server, for its account"))
    await link.start()
    try:
        await link.wait_up(CONNECTED_WITHIN_S)
        lookup = f"$SYS.REQ.ACCOUNT.{keys.account.public}.CLAIMS.LOOKUP"
        known = (await link.ask(lookup, b"", ANSWER_S)).data.decode()
        claims = claims_of(known)
        if (claims.iss, claims.sub) == (keys.operator.public, keys.account.public):
            revoked = {**revoked_of(known), **revoked}
        updated = keys.account_jwt(revoked)
        answer = await link.ask("$SYS.REQ.CLAIMS.UPDATE", updated.encode(), ANSWER_S)
        told = msgspec.json.decode(answer.data, type=_Told)
        if told.error is not None:
            raise Unavailable(f"the bus takes no revocation: {told.error.get('description')}")
        keys.keep_account(updated)
    finally:
        await link.close()
