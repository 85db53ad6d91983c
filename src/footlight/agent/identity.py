"""Who this host is to its site: its own keys, and what the site has signed for them.

All of it is one file, `host.json` (0600), so that a change is whole or has not been. What other parts read as files of
their own (the key that signs segments, the TLS listener's) is written from it at each start. Keys for which the site
has not answered yet are in a file beside it: who asks again asks for the same keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.authority import key_pem_of, write_whole
from footlight.bus.nkey import KeyPair
from footlight.errors import Invalid
from footlight.recording.chain import load_private_key, private_pem
from footlight.wire.enrolment import HostCredentials, HostKeys

T = TypeVar("T")

MAX_FILE_BYTES = 1024 * 1024


class PrivateKeys(msgspec.Struct, frozen=True):
    """The keys that never leave the host: two in PEM, and the seed of an nkey."""

    signing: str
    bus_seed: str
    tls: str

    @classmethod
    def make(cls) -> PrivateKeys:
        """New ones."""
        return cls(
            signing=private_pem(Ed25519PrivateKey.generate()).decode(),
            bus_seed=KeyPair.generate("user").seed,
            tls=key_pem_of(ec.generate_private_key(ec.SECP256R1())).decode(),
        )

    def public(self) -> HostKeys:
        """Their public halves. Raises ValueError when one is broken."""
        tls = serialization.load_pem_private_key(self.tls.encode(), None).public_key()
        return HostKeys(
            signing_key=self._signing_key().public_key().public_bytes_raw().hex(),
            bus_key=KeyPair.from_seed(self.bus_seed).public,
            tls_key=tls.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ).decode(),
        )

    def sign(self, message: bytes) -> str:
        """By the key that signs segments, hex."""
        return self._signing_key().sign(message).hex()

    def _signing_key(self) -> Ed25519PrivateKey:
        return load_private_key(self.signing.encode())

    def __repr__(self) -> str:
        return "PrivateKeys()"


class Identity(msgspec.Struct, frozen=True):
    """`server`: base URL of the site; `trust`: PEM that it is trusted by, "": as public servers are."""

    server: str
    trust: str
    keys: PrivateKeys
    credentials: HostCredentials

    def half_of_life_ms(self) -> int:
        """When the credentials are to be renewed, ms since 1970."""
        given = self.credentials
        return (given.issued_at_ms + given.expires_at_ms) // 2


class HostFolder:
    """DATA/agent of a host that enrols."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "host.json"
        self.pending = folder / "host-pending.json"
        self.signing_key = folder / "agent-key.pem"
        self.certificate = folder / "certificate.json"
        self.tls_key = folder / "tls-key.pem"
        self.tls_certificate = folder / "tls.pem"
        self.ca = folder / "ca.pem"

    def load(self) -> Identity | None:
        """Who the host is; None before it has enrolled. Raises Invalid when the file can't be used."""
        return _load(self.file, Identity)

    def pending_keys(self) -> PrivateKeys:
        """The keys to ask for: those of the question that got no answer, else new ones."""
        known = _load(self.pending, PrivateKeys)
        if known is not None:
            return known
        made = PrivateKeys.make()
        self._write(self.pending, msgspec.json.encode(made))
        return made

    def save(self, identity: Identity) -> None:
        """This is who the host is from now on."""
        self._write(self.file, msgspec.json.encode(identity))
        self.pending.unlink(missing_ok=True)
        self.lay_out(identity)

    def lay_out(self, identity: Identity) -> None:
        """Write the files that other parts read."""
        given = identity.credentials
        self._write(self.signing_key, identity.keys.signing.encode())
        self._write(self.certificate, msgspec.json.encode(given.certificate))
        self._write(self.tls_key, identity.keys.tls.encode())
        self._write(self.tls_certificate, given.tls_certificate.encode())
        self._write(self.ca, given.ca_certificate.encode())

    def _write(self, file: Path, data: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists() or file.read_bytes() != data:
            write_whole(file, data)


def _load(file: Path, kind: type[T]) -> T | None:
    try:
        with file.open("rb") as source:
            return msgspec.json.decode(source.read(MAX_FILE_BYTES), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid(f"{file} can't be used: {error}") from None
