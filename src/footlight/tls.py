"""The site's own certificate authority and certificate, for `--tls auto`."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import os
import socket
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CHAIN_NAME = "cert.pem"
_CA_DAYS = 3650
_LEAF_DAYS = 397  # what browsers accept at most
_RENEW_DAYS = 30
_SIOCGIFADDR = 0x8915  # netdevice(7)


def own_certificate(folder: Path, listen_host: str) -> tuple[Path, Path, Path]:
    """(certificate chain, key, CA file) in the folder, made or renewed when missing, near their end or not
    naming what they should. They pass OpenSSL's strict check (RFC 5280)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca_file, ca_key_file = folder / "ca.pem", folder / "ca-key.pem"
    chain_file, key_file = folder / CHAIN_NAME, folder / "key.pem"
    if not (ca_file.exists() and ca_key_file.exists()):
        ca, ca_key = _make_ca()
        _write(ca_key_file, _key_pem(ca_key))
        _write(ca_file, ca.public_bytes(serialization.Encoding.PEM), mode=0o644)
    ca = x509.load_pem_x509_certificate(ca_file.read_bytes())
    names = _names(listen_host)
    if not _still_good(chain_file, key_file, ca, names):
        loaded = serialization.load_pem_private_key(ca_key_file.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        leaf, key = _make_leaf(ca, loaded, names)
        _write(key_file, _key_pem(key))
        pem = leaf.public_bytes(serialization.Encoding.PEM)
        _write(chain_file, pem + ca.public_bytes(serialization.Encoding.PEM), mode=0o644)
    return chain_file, key_file, ca_file


def _names(listen_host: str) -> list[x509.GeneralName]:
    """localhost, the loopback addresses, this host's names, and the address that is listened on; all of the
    machine's addresses when that is the wildcard."""
    dns = ["localhost", socket.gethostname(), socket.getfqdn()]
    addresses = ["127.0.0.1", "::1"]
    try:
        listened = ipaddress.ip_address(listen_host)
        addresses += _own_addresses() if listened.is_unspecified else [str(listened)]
    except ValueError:
        dns.append(listen_host)
    unique = dict.fromkeys(name for name in dns if name and name.isascii())
    found: list[x509.GeneralName] = [x509.DNSName(name) for name in unique]
    found += [x509.IPAddress(ipaddress.ip_address(a)) for a in dict.fromkeys(addresses)]
    return found


def _own_addresses() -> list[str]:
    """The addresses of all interfaces. The host's name is no way to them: on Debian it is a loopback one."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, interface in socket.if_nameindex():
            request = struct.pack("256s", interface.encode())
            with contextlib.suppress(OSError):  # it has none
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, request)
                found.append(socket.inet_ntoa(answer[20:24]))
    with contextlib.suppress(OSError), Path("/proc/net/if_inet6").open() as table:
        found += [str(ipaddress.IPv6Address(bytes.fromhex(line[:32]))) for line in table]
    return [address for address in found if not ipaddress.ip_address(address).is_link_local]


def _still_good(
    chain: Path, key: Path, ca: x509.Certificate, names: list[x509.GeneralName]
) -> bool:
    """Whether the certificate names all, is not near its end, is of this CA and of this key: a start that
    broke off may have left the files of two."""
    if not (chain.exists() and key.exists()):
        return False
    try:
        leaf = x509.load_pem_x509_certificate(chain.read_bytes())
        leaf.verify_directly_issued_by(ca)
        loaded = serialization.load_pem_private_key(key.read_bytes(), None)
    except (ValueError, TypeError, InvalidSignature):
        return False
    named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    fresh = leaf.not_valid_after_utc > datetime.now(UTC) + timedelta(days=_RENEW_DAYS)
    return (
        fresh
        and loaded.public_key() == leaf.public_key()
        and all(name in list(named) for name in names)
    )


def _make_ca() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Footlight site CA")])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        _builder(name, name, key.public_key(), _CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
    )
    return builder.sign(key, hashes.SHA256()), key


def _make_leaf(
    ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey, names: list[x509.GeneralName]
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Footlight site")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    issuer_id = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        _builder(name, ca.subject, key.public_key(), _LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
            critical=False,
        )
    )
    return builder.sign(ca_key, hashes.SHA256()), key


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
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=days))
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace the file at once; a key is never readable by others, not even for a moment."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
    part.replace(path)
