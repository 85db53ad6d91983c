"""The server's own certificate by the site's authority, for `--tls auto`."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import socket
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from footlight.authority import Authority, key_pem_of, write_whole

CHAIN_NAME = "cert.pem"
_LEAF_DAYS = 397  # what browsers accept at most
_RENEW_DAYS = 30
_SIOCGIFADDR = 0x8915  # netdevice(7)


def own_certificate(
    folder: Path, listen_host: str, authority: Authority
) -> tuple[Path, Path, Path]:
    """(certificate chain, key, CA file) in the folder, made or renewed when missing, near their end or not
    naming what they should. They pass OpenSSL's strict check (RFC 5280)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca_file, chain_file, key_file = folder / "ca.pem", folder / CHAIN_NAME, folder / "key.pem"
    if not ca_file.exists() or ca_file.read_bytes() != authority.pem:
        write_whole(ca_file, authority.pem, mode=0o644)
    names = own_names(listen_host)
    if not _still_good(chain_file, key_file, authority.certificate, names):
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = authority.issue(key.public_key(), "Footlight site", names, _LEAF_DAYS)
        write_whole(key_file, key_pem_of(key))
        pem = leaf.public_bytes(serialization.Encoding.PEM)
        write_whole(chain_file, pem + authority.pem, mode=0o644)
    return chain_file, key_file, ca_file


def own_names(listen_host: str) -> list[x509.GeneralName]:
    """localhost, the loopback addresses, this host's names, and the address that is listened on; all of the
    machine's addresses when that is the wildcard."""
    dns = ["localhost", socket.gethostname(), socket.getfqdn()]
    addresses = ["127.0.0.1", "::1"]
    try:
        listened = ipaddress.ip_address(listen_host)
        addresses += own_addresses() if listened.is_unspecified else [str(listened)]
    except ValueError:
        dns.append(listen_host)
    unique = dict.fromkeys(name for name in dns if name and name.isascii())
    found: list[x509.GeneralName] = [x509.DNSName(name) for name in unique]
    found += [x509.IPAddress(ipaddress.ip_address(a)) for a in dict.fromkeys(addresses)]
    return found


def names_outside() -> list[str]:
    """What this machine is called elsewhere, the best first: its name, if that has a domain, then the addresses of its
    interfaces. Blocking."""
    name = socket.getfqdn()
    found = [name] if "." in name and not name.startswith("localhost.") else []
    return [*found, *(one for one in own_addresses() if not ipaddress.ip_address(one).is_loopback)]


def own_addresses() -> list[str]:
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
