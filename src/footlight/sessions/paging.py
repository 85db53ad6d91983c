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
    return write_sealed(key, list_name, _BODY.pack(_VERSION, token.after_uid, token.total))


def read_token(key: bytes, list_name: str, text: str) -> PageToken:
    """What the text says. Raises Invalid if it is damaged or of another list."""
    body = read_sealed(key, list_name, text)
    if len(body) != _BODY.size or body[0] != _VERSION:
        raise damaged()
    _, after_uid, total = _BODY.unpack(body)
    return PageToken(after_uid, total)


def write_sealed(key: bytes, list_name: str, body: bytes) -> str:
    """The body as a token's text, readable but not to be changed, for the list of that name only."""
    return base64.urlsafe_b64encode(body + _seal(key, list_name, body)).rstrip(b"=").decode()


def read_sealed(key: bytes, list_name: str, text: str) -> bytes:
    """The body that the text was made of. Raises Invalid if it is damaged or of another list."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise damaged() from None
    body, seal = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
    # Unused bits of the last character could differ without the bytes differing.
    same = base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text
    if not same or not hmac.compare_digest(seal, _seal(key, list_name, body)):
        raise damaged()
    return body


def damaged() -> Invalid:
    """The refusal of a token that we have not written, or not for this list."""
    return Invalid("The continuation token is damaged.", name="continuationToken")


def _seal(key: bytes, list_name: str, body: bytes) -> bytes:
    return hmac.digest(key, list_name.encode() + b"\0" + body, hashlib.sha256)[:_SEAL_BYTES]
