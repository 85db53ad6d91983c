"""Page tokens: the last uid and the total counted on the first page, sealed so that damage shows.

URL-safe without padding, because clients append the token unencoded (rest-api.md section 1.8); valid after
a restart, because the key is the site's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass

from footlight.errors import Invalid

_BODY = struct.Struct(">BQI")
_VERSION = 1
_SEAL_BYTES = 12


@dataclass(frozen=True)
class PageToken:
    """Where the next page begins: after `after_uid`; `total` as counted on the first page."""

    after_uid: int
    total: int


def write_token(key: bytes, list_name: str, token: PageToken) -> str:
    """The token's text, for the list of that name only."""
    body = _BODY.pack(_VERSION, token.after_uid, token.total)
    return base64.urlsafe_b64encode(body + _seal(key, list_name, body)).rstrip(b"=").decode()


def read_token(key: bytes, list_name: str, text: str) -> PageToken:
    """What the text says. Raises Invalid if it is damaged or of another list."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        body, seal = raw[: _BODY.size], raw[_BODY.size :]
        version, after_uid, total = _BODY.unpack(body)
    except (ValueError, struct.error):
        raise Invalid("The continuation token is damaged.", name="continuationToken") from None
    # Unused bits of the last character could differ without the bytes differing.
    same = base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text
    if (
        not same
        or version != _VERSION
        or not hmac.compare_digest(seal, _seal(key, list_name, body))
    ):
        raise Invalid("The continuation token is damaged.", name="continuationToken")
    return PageToken(after_uid, total)


def _seal(key: bytes, list_name: str, body: bytes) -> bytes:
    return hmac.digest(key, list_name.encode() + b"\0" + body, hashlib.sha256)[:_SEAL_BYTES]
