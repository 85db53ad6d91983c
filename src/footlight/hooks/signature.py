"""What a receiver knows a delivery by: `Footlight-Signature: t=SECONDS,v1=HEX[,v1=HEX]`.

Each `v1` is the HMAC-SHA256 of `SECONDS.BODY` by one of the secrets that are valid now; while a secret is being
changed there are two.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "fls_"


def new_secret() -> str:
    """A secret of 256 bits."""
    return PREFIX + secrets.token_urlsafe(32)


def signature(keys: Sequence[str], at_s: int, body: bytes) -> str:
    """The header's value for a body that is sent at `at_s` (seconds since 1970 UTC)."""
    signed = f"{at_s}.".encode() + body
    parts = [f"v1={hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()}" for key in keys]
    return ",".join((f"t={at_s}", *parts))
