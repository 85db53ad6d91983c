"""Encryption at rest: what a sealed segment's body and index are kept under. Source: format.md section 8.

A recording has one data key; each segment has a key of its own, derived from that and the random
salt in its header, so that no nonce is used twice, whoever seals a segment anew after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from footlight.recording.format import FormatError

DATA_KEY_BYTES = 32
SALT_BYTES = 32
TAG_BYTES = 16
CHUNK_BYTES = 256 * 1024  # of plain bytes; only the last of a body is shorter
CIPHER_NAME = "AES-256-GCM"

_CONTEXT = b"footlight-segment-key-1"


class KeyNeeded(FormatError):
    """The bytes are encrypted, and no data key was given."""


class Part(IntEnum):
    """What of a segment is encrypted."""

    BODY = 0
    INDEX = 1


@dataclass(frozen=True)
class DataKey:
    """The key of one recording: 32 secret bytes, and the same wrapped for whoever may unwrap it ("" when
    that is not known; opaque here). Raises ValueError for another length."""

    secret: bytes = field(repr=False)
    wrapped: str = ""

    def __post_init__(self) -> None:
        if len(self.secret) != DATA_KEY_BYTES:
            raise ValueError(f"a data key has {DATA_KEY_BYTES} bytes")


class SegmentCipher:
    """Encrypts or decrypts one segment. `header` is the whole header payload: every chunk is bound to it."""

    def __init__(self, key: DataKey, salt: bytes, header: bytes) -> None:
        derived = HKDF(SHA256(), DATA_KEY_BYTES, salt=salt, info=_CONTEXT).derive(key.secret)
        self._cipher = AESGCM(derived)
        self._header = header

    def encrypt(self, part: Part, counter: int, plain: bytes, *, last: bool) -> bytes:
        """The chunk's ciphertext with its 16 bytes of tag."""
        return self._cipher.encrypt(_nonce(part, counter, last), plain, self._header)

    def decrypt(self, part: Part, counter: int, stored: bytes, *, last: bool) -> bytes:
        """The chunk's plain bytes. Raises FormatError when it does not hold or the key is another."""
        try:
            return self._cipher.decrypt(_nonce(part, counter, last), stored, self._header)
        except (InvalidTag, ValueError):
            raise FormatError(
                "decryption fails: the bytes were changed or the data key is another"
            ) from None


def _nonce(part: Part, counter: int, last: bool) -> bytes:
    """u8 part, u8 last, two zero bytes, u64 counter: 12 bytes."""
    return bytes((part, last, 0, 0)) + counter.to_bytes(8, "little")
