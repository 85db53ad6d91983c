"""What the site signs for a host: its signing key, its TLS certificate, its user on the bus."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.authority import Authority
from footlight.bus.credentials import BusKeys
from footlight.bus.nkey import check_public
from footlight.errors import Invalid
from footlight.recording.chain import CertificateBody, issue_certificate
from footlight.site.founding import Site
from footlight.wire.enrolment import MAX_PEM_CHARACTERS, HostCredentials, HostKeys
from footlight.wire.rest.dates import rfc3339_of

DAYS = 30  # a host renews them at half of that
_HEX_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Issuer:
    """The site's keys, and what hosts are told besides. `servers` gives the bus's addresses."""

    site: Site
    site_key: Ed25519PrivateKey
    authority: Authority
    bus: BusKeys
    servers: Callable[[], list[str]]
    version: str
    days: int = DAYS

    def issue(
        self, machine_id: str, machine_name: str, keys: HostKeys, now_ms: int
    ) -> HostCredentials:
        """Credentials of these keys. Raises Invalid naming the key that is none."""
        tls_key = check_keys(keys)
        body = CertificateBody(
            site_id=self.site.id,
            machine_id=machine_id,
            machine_name=machine_name,
            agent_key=keys.signing_key,
            issued_at=rfc3339_of(now_ms),
        )
        expires_at_ms = now_ms + self.days * 86_400_000
        leaf = self.authority.issue(tls_key, machine_id, _names(machine_id), self.days)
        return HostCredentials(
            machine_id=machine_id,
            machine_name=machine_name,
            site_id=self.site.id,
            site_name=self.site.name,
            certificate=msgspec.to_builtins(issue_certificate(self.site_key, body)),
            tls_certificate=leaf.public_bytes(serialization.Encoding.PEM).decode(),
            ca_certificate=self.authority.pem.decode(),
            bus_servers=self.servers(),
            bus_jwt=self.bus.issue_agent(keys.bus_key, machine_id, expires_at_ms // 1000),
            issued_at_ms=now_ms,
            expires_at_ms=expires_at_ms,
            server_version=self.version,
        )


def check_keys(keys: HostKeys) -> ec.EllipticCurvePublicKey:
    """The key of the TLS listener, where all are keys of their kinds. Raises Invalid naming the one that is not."""
    if not _HEX_KEY.fullmatch(keys.signing_key):
        raise Invalid("signingKey is no Ed25519 key in hex.", name="keys.signingKey")
    check_public(keys.bus_key, "user")
    try:
        if len(keys.tls_key) > MAX_PEM_CHARACTERS:
            raise ValueError
        key = serialization.load_pem_public_key(keys.tls_key.encode())
    except ValueError:
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise Invalid("tlsKey is no EC P-256 public key in PEM.", name="keys.tlsKey")
    return key


def _names(machine_id: str) -> list[x509.GeneralName]:
    """Servers reach a host by addresses that change and know it by its id."""
    return [x509.DNSName(machine_id), x509.UniformResourceIdentifier(f"urn:uuid:{machine_id}")]
