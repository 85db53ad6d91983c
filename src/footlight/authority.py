"""The site's X.509 certificate authority: what it is made of, and the certificates that it issues.

Keys are EC P-256, which every TLS stack takes. What it issues passes OpenSSL's strict check (RFC 5280). Its folder
is copied to the site's further servers, so that all of them are trusted alike.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from footlight.errors import Invalid

_CA_DAYS = 3650
_EARLY = timedelta(minutes=5)  # other clocks may be behind
MAX_PEM_BYTES = 64 * 1024
_CA_NAME = "Footlight site CA"


class Authority:
    """A certificate and the key that signs with it."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self.certificate = certificate
        self._key = key

    @property
    def pem(self) -> bytes:
        """Its own certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its certificate, hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def issue(
        self,
        key: ec.EllipticCurvePublicKey,
        subject: str,
        names: Sequence[x509.GeneralName],
        days: int,
    ) -> x509.Certificate:
        """A certificate of a TLS server with that key and those names, from now on for so many days."""
        issuer = self.certificate
        issuer_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        identifier = x509.SubjectKeyIdentifier.from_public_key(key)
        builder = (
            _builder(_named(subject), issuer.subject, key, days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(identifier, critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
                critical=False,
            )
        )
        return builder.sign(self._key, hashes.SHA256())


def open_authority(folder: Path, older: Path | None = None) -> Authority:
    """The authority in `ca.pem` and `ca-key.pem` of the folder, made when there is none; where the folder `older` has
    one, that is taken over, so that who trusts it goes on to. Raises Invalid when the files can't be used."""
    ca_file, key_file = folder / "ca.pem", folder / "ca-key.pem"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (ca_file.exists() and key_file.exists()):
        if older is not None and (older / "ca-key.pem").exists() and (older / "ca.pem").exists():
            key_pem, ca_pem = (older / "ca-key.pem").read_bytes(), (older / "ca.pem").read_bytes()
        else:
            made, key = _make()
            key_pem, ca_pem = key_pem_of(key), made.public_bytes(serialization.Encoding.PEM)
        write_whole(key_file, key_pem)
        write_whole(ca_file, ca_pem, mode=0o644)
    try:
        certificate = x509.load_pem_x509_certificate(ca_file.read_bytes())
        loaded = serialization.load_pem_private_key(key_file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise Invalid(
            f"the site's certificate authority in {folder} can't be used: {error}"
        ) from None
    if not isinstance(loaded, ec.EllipticCurvePrivateKey) or (
        loaded.public_key() != certificate.public_key()
    ):
        raise Invalid(f"{ca_file} and {key_file} do not belong together")
    return Authority(certificate, loaded)


def key_pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The private key in PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def fingerprint_of(pem: bytes) -> str:
    """SHA-256 of the first certificate of a PEM text, hex. Raises Invalid when there is none."""
    try:
        der = x509.load_pem_x509_certificate(pem[:MAX_PEM_BYTES]).public_bytes(
            serialization.Encoding.DER
        )
    except ValueError:
        raise Invalid("That is no certificate in PEM.") from None
    return hashlib.sha256(der).hexdigest()


def write_whole(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace the file at once; a key is never readable by others, not even for a moment."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _make() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name, public = _named(_CA_NAME), key.public_key()
    builder = (
        _builder(name, name, public, _CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    return builder.sign(key, hashes.SHA256()), key


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLY)
        .not_valid_after(now + timedelta(days=days))
    )
