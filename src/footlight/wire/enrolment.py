"""What a host and the site say to each other to make the host one of the site: codes, public keys, credentials.

Of every key only the public half leaves the host.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any

import msgspec

from footlight.wire.own import OwnModel

TOPIC = "renewal"  # request on the bus: RenewalRequest -> Renewal
_PREFIX = "fle1-"
_ID_BYTES, _SECRET_BYTES, _PRINT_BYTES = 16, 20, 32
MAX_CODE_CHARACTERS = 256
MAX_PEM_CHARACTERS = 16 * 1024
MAX_CREDENTIALS_BYTES = 256 * 1024
_PROOF = b"footlight-enrolment-0"


@dataclass(frozen=True)
class Code:
    """An enrolment code, taken apart. `fingerprint`: SHA-256, hex, of the certificate that the site's server is trusted
    by; "": it is trusted as every public server is."""

    id: str
    secret: bytes = field(repr=False)
    fingerprint: str = ""

    def text(self) -> str:
        """The one string that people copy."""
        trust = bytes.fromhex(self.fingerprint) or bytes(_PRINT_BYTES)
        raw = uuid.UUID(self.id).bytes + self.secret + trust
        return _PREFIX + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    @property
    def secret_hash(self) -> str:
        """What the site keeps of the secret."""
        return hashlib.sha256(self.secret).hexdigest()


def read_code(text: str) -> Code:
    """The code in the string. Raises ValueError when it is none, without saying what it was."""
    text = text.strip()
    if not text.startswith(_PREFIX) or len(text) > MAX_CODE_CHARACTERS:
        raise ValueError(f"that is no enrolment code: it begins with {_PREFIX}")
    body = text.removeprefix(_PREFIX)
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _ID_BYTES + _SECRET_BYTES + _PRINT_BYTES:
        raise ValueError("the enrolment code is not whole: copy it from beginning to end")
    trust = raw[_ID_BYTES + _SECRET_BYTES :]
    return Code(
        id=str(uuid.UUID(bytes=raw[:_ID_BYTES])),
        secret=raw[_ID_BYTES : _ID_BYTES + _SECRET_BYTES],
        fingerprint=trust.hex() if any(trust) else "",
    )


class HostKeys(OwnModel, frozen=True):
    """The public halves of a host's keys: `signingKey` of what signs segments, Ed25519 in hex; `busKey` of its user on
    the bus, an nkey; `tlsKey` of its TLS listener, EC P-256 in PEM (SubjectPublicKeyInfo)."""

    signing_key: str
    bus_key: str
    tls_key: str

    def print(self) -> str:
        """SHA-256 of them, hex: the same for the same keys."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


def proof_message(about: str, keys: HostKeys) -> bytes:
    """What the signing key signs to show that the host has it: about a code's or a machine's id."""
    return b"\0".join((_PROOF, about.encode(), keys.print().encode()))


def standing_message(machine_id: str, at_ms: int) -> bytes:
    """What the signing key signs to ask how the host stands."""
    return b"\0".join((_PROOF, b"standing", machine_id.encode(), str(at_ms).encode()))


class EnrolHost(OwnModel, frozen=True):
    """A host asks to be one of the site. `proof`: proof_message of the code's id, signed, hex."""

    code: str
    host_name: str
    keys: HostKeys
    proof: str

    def __repr__(self) -> str:
        return f"EnrolHost({self.host_name!r})"


class HostCredentials(OwnModel, frozen=True):
    """What a host is given. `certificate`: the site's word for the signing key, as recordings carry it;
    `tlsCertificate`: PEM, named by the machine's id; `caCertificate`: PEM of who issued it; `busJwt` is of the bus
    user."""

    machine_id: str
    machine_name: str  # DOMAIN\HOST
    site_id: str
    site_name: str
    certificate: dict[str, Any]
    tls_certificate: str
    ca_certificate: str
    bus_servers: list[str]
    bus_jwt: str
    issued_at_ms: int
    expires_at_ms: int
    server_version: str

    def __repr__(self) -> str:
        return f"HostCredentials({self.machine_id!r})"


class TrustView(OwnModel, frozen=True):
    """The certificate that the server is trusted by, PEM; "": as every public server is."""

    certificate: str


class StandingQuestion(OwnModel, frozen=True):
    """A host asks how it stands. `signature`: standing_message, signed, hex."""

    machine_id: str
    at_ms: int
    signature: str


class Standing(OwnModel, frozen=True):
    """The answer: `enrolled`, `revoked`, or `unknown`, which is also the answer to a wrong signature."""

    standing: str
    now_ms: int
    server_version: str
    expires_at_ms: int | None = None
    bus_servers: list[str] | None = None


class RenewalRequest(OwnModel, frozen=True):
    """A host asks on the bus for credentials of these keys. Without keys it asks whether it shall make new ones, and
    says that it uses those that it has got, so that the ones before are good for nothing any more. `proof`: of its
    signing key as it was before, hex: proof_message of the machine's id, or standing_message of `atMs`."""

    keys: HostKeys | None = None
    at_ms: int = 0
    proof: str = ""


class Renewal(OwnModel, frozen=True):
    """The answer. `rotate`: the host shall make all its keys anew; `refused`: why there are no credentials."""

    credentials: HostCredentials | None = None
    rotate: bool = False
    refused: str = ""
