"""The keys that recordings are encrypted with: one of the site, and one of each recording.

A recording's data key follows from the site's key and the recording's id (HKDF-SHA256), so that no database is needed
to open a recording: its id is enough. Its wrapped form (AES key wrap, RFC 3394) stands in each segment's header. Hosts
get data keys, one by one; the site's key never leaves the site's servers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from footlight.errors import Invalid
from footlight.recording.cipher import DATA_KEY_BYTES, DataKey
from footlight.wire.host import RecordingKey

SITE_KEY_BYTES = 32
_DATA_KEY_CONTEXT = b"footlight-data-key-1"
_WRAP_CONTEXT = b"footlight-wrapping-key-1"
_ID_CONTEXT = b"footlight-recording-key-id-1"
_FORM = "fk1"


@dataclass(frozen=True)
class RecordingKeys:
    """The site's key (32 secret bytes) and what follows from it. Raises Invalid for another length."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SITE_KEY_BYTES:
            raise Invalid(f"the key of recordings has {SITE_KEY_BYTES} bytes")

    @cached_property
    def key_id(self) -> str:
        """What tells this key from others: 16 hex digits, no secret."""
        return hmac.new(self.secret, _ID_CONTEXT, hashlib.sha256).hexdigest()[:16]

    def data_key(self, recording_id: str) -> DataKey:
        """That of a recording, with its wrapped form."""
        secret = self._derived(_DATA_KEY_CONTEXT + uuid.UUID(recording_id).bytes)
        wrapped = base64.urlsafe_b64encode(aes_key_wrap(self._wrapping, secret)).rstrip(b"=")
        return DataKey(secret, f"{_FORM}.{self.key_id}.{wrapped.decode()}")

    def order_key(self, recording_id: str) -> RecordingKey:
        """The same for the recording's host."""
        key = self.data_key(recording_id)
        return RecordingKey(data_key=key.secret, wrapped=key.wrapped)

    def unwrap(self, wrapped: str) -> DataKey:
        """The data key in a wrapped one. Raises Invalid when this key did not wrap it."""
        form, _, rest = wrapped.partition(".")
        key_id, _, text = rest.partition(".")
        if form != _FORM or key_id != self.key_id:
            raise Invalid(f"the data key was wrapped by another key: {key_id or wrapped[:16]!r}")
        try:
            stored = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            return DataKey(aes_key_unwrap(self._wrapping, stored), wrapped)
        except (ValueError, InvalidUnwrap):
            raise Invalid("the wrapped data key does not hold") from None

    @cached_property
    def _wrapping(self) -> bytes:
        return self._derived(_WRAP_CONTEXT)

    def _derived(self, context: bytes) -> bytes:
        return HKDF(SHA256(), DATA_KEY_BYTES, salt=None, info=context).derive(self.secret)
