"""Keys as NATS writes them: an Ed25519 key with its role, in base32 with a checksum.

| bytes | public key | seed |
|---|---|---|
| 1 | role | 2: `S` (18 << 3) and the role, 5 bits each from the left |
| 32 | public key | seed |
| 2 | CRC-16/XMODEM of what precedes, little-endian | the same |

Source: github.com/nats-io/nkeys.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from footlight.errors import Invalid

Role = Literal["operator", "account", "user"]

_ROLES: dict[Role, int] = {"operator": 14 << 3, "account": 0, "user": 20 << 3}
_SEED = 18 << 3
_PUBLIC = re.compile(r"[OAU][A-Z2-7]{55}")
_PRIVATE = re.compile(r"S[OAU][A-Z2-7]{56}")


class KeyPair:
    """An Ed25519 key of a role."""

    def __init__(self, role: Role, seed: bytes) -> None:
        self.role = role
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @classmethod
    def generate(cls, role: Role) -> KeyPair:
        """A new one."""
        return cls(role, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_seed(cls, text: str) -> KeyPair:
        """Of the text that `seed` gives. Raises Invalid."""
        if not _PRIVATE.fullmatch(text):
            raise Invalid("not the seed of an nkey")
        raw = _checked(text)
        prefix = (raw[0] & 7) << 5 | raw[1] >> 3
        return cls(_role_of(prefix), raw[2:])

    @property
    def seed(self) -> str:
        """The secret: SO..., SA... or SU..."""
        prefix = _ROLES[self.role]
        return _text(bytes((_SEED | prefix >> 5, (prefix & 31) << 3)) + self._seed)

    @property
    def public(self) -> str:
        """What others may know: O..., A... or U..."""
        return _text(bytes((_ROLES[self.role],)) + self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)


def check_public(text: str, role: Role) -> str:
    """The public key, if it is one of that role. Raises Invalid."""
    if not _PUBLIC.fullmatch(text) or _role_of(_checked(text)[0]) != role:
        raise Invalid(f"not the public key of a bus {role}")
    return text


def is_signed(public: str, message: bytes, signature: bytes) -> bool:
    """Whether that key has signed the message. Raises Invalid when it is no public key."""
    if not _PUBLIC.fullmatch(public):
        raise Invalid("not a public key of the bus")
    try:
        Ed25519PublicKey.from_public_bytes(_checked(public)[1:]).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _text(raw: bytes) -> str:
    checksum = binascii.crc_hqx(raw, 0).to_bytes(2, "little")
    return base64.b32encode(raw + checksum).decode().rstrip("=")


def _checked(text: str) -> bytes:
    """What is before the checksum."""
    raw = base64.b32decode(text + "=" * (-len(text) % 8))
    if binascii.crc_hqx(raw[:-2], 0).to_bytes(2, "little") != raw[-2:]:
        raise Invalid("the checksum of an nkey is wrong")
    return raw[:-2]


def _role_of(prefix: int) -> Role:
    for role, value in _ROLES.items():
        if value == prefix:
            return role
    raise Invalid("an nkey of an unknown role")
