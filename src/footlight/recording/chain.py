"""What makes a recording tamper-evident: heads, seals, manifest, certificate.

Source: format.md sections 6 and 7. Making and checking side by side.
Checks return whether they hold and never raise on foreign bytes,
except the parsers, which raise FormatError.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from footlight.recording.format import (
    KEY_BYTES,
    KNOWN_VERSIONS,
    MAX_MANIFEST_BYTES,
    SEAL_FLAG_LAST,
    SEAL_SIGNED_BYTES,
    SIGNATURE_BYTES,
    VERSION,
    FormatError,
    Seal,
)

# What is signed or hashed in one format version says nothing in another.
_HEAD_CONTEXTS = {v: f"footlight-head-{v}".encode() for v in KNOWN_VERSIONS}
_SEAL_CONTEXTS = {v: f"footlight-seal-{v}".encode() for v in KNOWN_VERSIONS}
_MANIFEST_CONTEXTS = {v: f"footlight-manifest-{v}".encode() for v in KNOWN_VERSIONS}
_CERTIFICATE_CONTEXT = b"footlight-certificate-0"


class _Member(msgspec.Struct, frozen=True, rename="camel"):
    """JSON objects of the recording, camelCase outside."""


class CertificateBody(_Member, frozen=True, kw_only=True):
    """Which machine an agent's key belongs to, in the words of the site."""

    site_id: str
    machine_id: str
    machine_name: str
    agent_key: str  # hex
    issued_at: str  # RFC 3339


class Certificate(_Member, frozen=True, kw_only=True):
    """An agent's key, signed by its site's."""

    body: CertificateBody
    site_key: str  # hex
    signature: str  # hex


class Gap(_Member, frozen=True, kw_only=True):
    """A span of recording time in which the screen was not observed."""

    from_ns: int
    to_ns: int
    cause: str


class SegmentEntry(_Member, frozen=True, kw_only=True):
    """One segment as the manifest names it. Times are recording time."""

    number: int
    name: str
    size_bytes: int
    sha256: str  # of the whole file
    head: str
    start_ns: int
    end_ns: int
    width: int
    height: int


class Encryption(_Member, frozen=True, kw_only=True):
    """What a recording's sealed segments are encrypted with."""

    cipher: str
    wrapped_key: str  # the data key as the site wrapped it


class Manifest(_Member, frozen=True, kw_only=True):
    """The signed account of a whole recording (format.md section 7)."""

    format: int = VERSION
    recording_id: str
    session_id: str
    site_id: str
    user_name: str
    machine_name: str
    resource_name: str
    reason: str
    ordered_by: str
    notify: bool
    started_at: str
    ended_at: str
    duration_ms: int
    end_reason: str
    state: str  # "completed" or "failed"
    segments: list[SegmentEntry]
    event_count: int
    gaps: list[Gap]
    head: str  # of the last segment; empty when there is none
    certificate: Certificate | None
    encryption: Encryption | None = None
    replaces: str | None = None  # id of the recording that this one was derived from


class SignedManifest(msgspec.Struct, frozen=True):
    """manifest.json. `raw` is the inner object as it was read: what the signature covers."""

    manifest: Manifest
    signature: str
    raw: dict[str, Any]


def canonical(value: object) -> bytes:
    """JSON in the one form that is signed: keys sorted, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def segment_head(
    recording_id: str, number: int, previous: bytes, content_hash: bytes, version: int = VERSION
) -> bytes:
    """The chain's head after segment `number`, which is of that format version."""
    return hashlib.sha256(
        _HEAD_CONTEXTS[version]
        + _guid_bytes(recording_id)
        + number.to_bytes(4, "little")
        + previous
        + content_hash
    ).digest()


def make_seal(
    key: Ed25519PrivateKey,
    recording_id: str,
    *,
    number: int,
    previous: bytes,
    content_hash: bytes,
    start_ns: int,
    end_ns: int,
    last: bool,
) -> Seal:
    """The signed seal of a segment whose bytes before the seal frame hash to content_hash."""
    unsigned = Seal(
        content_hash=content_hash,
        previous_head=previous,
        head=segment_head(recording_id, number, previous, content_hash),
        start_ns=start_ns,
        end_ns=end_ns,
        number=number,
        flags=SEAL_FLAG_LAST if last else 0,
        signer=public_bytes(key),
        signature=bytes(SIGNATURE_BYTES),
    )
    signature = key.sign(_seal_message(unsigned, recording_id, VERSION))
    return Seal(**{**unsigned.__dict__, "signature": signature})


def seal_holds(seal: Seal, recording_id: str, version: int = VERSION) -> bool:
    """Whether the seal's head follows from its fields and its signature is its signer's. The caller
    compares content hash, previous head, number and signer with what they must be."""
    head = segment_head(recording_id, seal.number, seal.previous_head, seal.content_hash, version)
    return head == seal.head and signature_holds(
        seal.signer, seal.signature, _seal_message(seal, recording_id, version)
    )


def sign_manifest(key: Ed25519PrivateKey, manifest: Manifest) -> bytes:
    """The bytes of manifest.json."""
    inner = msgspec.to_builtins(manifest)
    signature = key.sign(_MANIFEST_CONTEXTS[VERSION] + canonical(inner))
    return canonical({"manifest": inner, "signature": signature.hex()})


def read_manifest(data: bytes) -> SignedManifest:
    """manifest.json taken apart, signature not checked. Raises FormatError."""
    if len(data) > MAX_MANIFEST_BYTES:
        raise FormatError("manifest is over the limit")
    try:
        outer = json.loads(data)
        raw, signature = outer["manifest"], outer["signature"]
        manifest = msgspec.convert(raw, Manifest)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FormatError(f"manifest cannot be read: {error}") from None
    if manifest.format not in KNOWN_VERSIONS:
        raise FormatError(f"format version {manifest.format} is not known")
    if not isinstance(signature, str):
        raise FormatError("manifest has no signature")
    return SignedManifest(manifest=manifest, signature=signature, raw=raw)


def manifest_holds(signed: SignedManifest, agent_key: bytes) -> bool:
    """Whether that agent signed this manifest."""
    context = _MANIFEST_CONTEXTS[signed.manifest.format]
    return signature_holds(agent_key, _from_hex(signed.signature), context + canonical(signed.raw))


def issue_certificate(site_key: Ed25519PrivateKey, body: CertificateBody) -> Certificate:
    """The site's word that an agent's key is this machine's."""
    message = _CERTIFICATE_CONTEXT + canonical(msgspec.to_builtins(body))
    return Certificate(
        body=body,
        site_key=public_bytes(site_key).hex(),
        signature=site_key.sign(message).hex(),
    )


def certificate_holds(certificate: Certificate, site_key: bytes, agent_key: bytes) -> bool:
    """Whether that site certified that agent's key. Pass the site key that is pinned, not the
    certificate's own."""
    message = _CERTIFICATE_CONTEXT + canonical(msgspec.to_builtins(certificate.body))
    return _from_hex(certificate.body.agent_key) == agent_key and signature_holds(
        site_key, _from_hex(certificate.signature), message
    )


def signature_holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is right; False for keys that are none."""
    if len(public_key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The raw public half, 32 bytes."""
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def load_private_key(pem: bytes) -> Ed25519PrivateKey:
    """The Ed25519 key in an unencrypted PEM file. Raises ValueError when it is another."""
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("the key is not an Ed25519 key")
    return key


def private_pem(key: Ed25519PrivateKey) -> bytes:
    """The key as an unencrypted PKCS 8 PEM file."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _seal_message(seal: Seal, recording_id: str, version: int) -> bytes:
    return _SEAL_CONTEXTS[version] + seal.pack()[:SEAL_SIGNED_BYTES] + _guid_bytes(recording_id)


def _guid_bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


def _from_hex(text: str) -> bytes:
    """The bytes, or none when it is no hex: signatures and keys of foreign files."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
