"""What is left of a deleted recording: a text that the site signs, kept in the catalogue, its hash in the chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_CONTEXT = b"footlight-tombstone-1\n"


class Tombstone(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whose recording it was, and who deleted it when and why. `head`: hex, the last that the site was told of;
    `deleted_by` "": the site itself, by a retention class."""

    site_id: str
    recording_id: str
    session_id: str
    user_name: str
    machine_name: str
    resource_name: str
    reason: str
    started_at: str | None
    ended_at: str | None
    duration_ms: int
    size_bytes: int
    sealed_segments: int
    head: str
    retention_class: str
    deleted_at: str
    deleted_by: str
    why: str


@dataclass(frozen=True)
class Signed:
    """A tombstone's bytes as they were signed, and the signature in hex."""

    body: str
    signature: str

    @property
    def digest(self) -> str:
        """Hex SHA-256 of what was signed, as the audit chain has it."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    def read(self) -> Tombstone:
        """What it says. Raises msgspec.ValidationError when it is none."""
        return msgspec.json.decode(self.body, type=Tombstone)

    def holds(self, site_key: bytes) -> bool:
        """Whether the site of that key (raw Ed25519) signed it."""
        try:
            key = Ed25519PublicKey.from_public_bytes(site_key)
            key.verify(bytes.fromhex(self.signature), _CONTEXT + self.body.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(key: Ed25519PrivateKey, tombstone: Tombstone) -> Signed:
    """The tombstone, signed with the site's key: JSON with sorted keys and no blanks."""
    body = json.dumps(
        msgspec.to_builtins(tombstone), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return Signed(body, key.sign(_CONTEXT + body.encode()).hex())
