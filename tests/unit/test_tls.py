"""The site's own certificate, judged by OpenSSL's strict check in real handshakes in memory."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509

from footlight import tls
from footlight.authority import open_authority

FILES = ("ca.pem", "ca-key.pem", "cert.pem", "key.pem")


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's names are not asked of any resolver."""
    monkeypatch.setattr(tls.socket, "gethostname", lambda: "desk1")
    monkeypatch.setattr(tls.socket, "getfqdn", lambda: "desk1.example.test")


def own_certificate(folder: Path, listen_host: str) -> tuple[Path, Path, Path]:
    """The server's files beside those of the authority."""
    return tls.own_certificate(folder, listen_host, open_authority(folder))


def shake_hands(files: tuple[Path, Path, Path], name: str) -> None:
    """One handshake as `name` with all of OpenSSL's checks. Raises ssl.SSLError."""
    chain, key, ca = files
    client = ssl.create_default_context(cafile=str(ca))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    assert client.check_hostname
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    inside = client.wrap_bio(to_client, to_server, server_hostname=name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    ends = [inside, context.wrap_bio(to_server, to_client, server_side=True)]
    for _ in range(10):
        for end in list(ends):
            try:
                end.do_handshake()
                ends.remove(end)
            except ssl.SSLWantReadError:
                pass
        if not ends:
            return
    raise AssertionError("the handshake did not end")


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1", "::1", "desk1", "desk1.example.test", "192.0.2.9"]
)
def test_every_name_passes_the_strict_check(tmp_path: Path, name: str) -> None:
    shake_hands(own_certificate(tmp_path / "tls", "192.0.2.9"), name)


def test_another_name_does_not_pass(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=r"other\.test"):
        shake_hands(own_certificate(tmp_path, "127.0.0.1"), "other.test")


def test_another_sites_certificate_does_not_pass(tmp_path: Path) -> None:
    chain, key, _ = own_certificate(tmp_path / "a", "127.0.0.1")
    _, _, ca = own_certificate(tmp_path / "b", "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands((chain, key, ca), "localhost")


def test_the_servers_key_signs_for_nobody(tmp_path: Path) -> None:
    own_certificate(tmp_path, "127.0.0.1")
    leaf = x509.load_pem_x509_certificate((tmp_path / "cert.pem").read_bytes())
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not leaf.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_keys_are_their_owners_only(tmp_path: Path) -> None:
    own_certificate(tmp_path / "tls", "127.0.0.1")
    modes = {name: (tmp_path / "tls" / name).stat().st_mode & 0o777 for name in FILES}
    assert modes["key.pem"] == modes["ca-key.pem"] == 0o600
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700
    assert not list((tmp_path / "tls").glob("*.part"))


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    own_certificate(tmp_path, "127.0.0.1")
    before = contents(tmp_path)
    own_certificate(tmp_path, "localhost")
    assert contents(tmp_path) == before


def test_a_new_name_renews_the_certificate_and_keeps_the_authority(tmp_path: Path) -> None:
    own_certificate(tmp_path, "127.0.0.1")
    before = contents(tmp_path)
    files = own_certificate(tmp_path, "portal.example.test")
    after = contents(tmp_path)
    assert [name for name in FILES if after[name] != before[name]] == ["cert.pem", "key.pem"]
    shake_hands(files, "portal.example.test")


def test_a_certificate_near_its_end_is_renewed(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(tls, "_LEAF_DAYS", 29)
    own_certificate(tmp_path, "127.0.0.1")
    before = contents(tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(tls, "socket", SimpleNamespace(gethostname=lambda: "", getfqdn=lambda: ""))
    own_certificate(tmp_path, "127.0.0.1")
    leaf = x509.load_pem_x509_certificate((tmp_path / "cert.pem").read_bytes())
    assert contents(tmp_path)["ca.pem"] == before["ca.pem"]
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc > timedelta(days=390)


@pytest.mark.parametrize("broken", ["key.pem", "cert.pem"])
@pytest.mark.parametrize("how", ["other", "torn", "gone"])
def test_files_that_do_not_belong_together_are_made_anew(
    tmp_path: Path, broken: str, how: str
) -> None:
    own_certificate(tmp_path / "tls", "127.0.0.1")
    own_certificate(tmp_path / "other", "127.0.0.1")
    file = tmp_path / "tls" / broken
    match how:
        case "other":
            file.write_bytes((tmp_path / "other" / broken).read_bytes())
        case "torn":
            file.write_bytes(file.read_bytes()[:40])
        case _:
            file.unlink()
    shake_hands(own_certificate(tmp_path / "tls", "127.0.0.1"), "localhost")


def test_a_lost_authority_is_replaced_with_all_that_it_signed(tmp_path: Path) -> None:
    own_certificate(tmp_path, "127.0.0.1")
    (tmp_path / "ca.pem").unlink()
    shake_hands(own_certificate(tmp_path, "127.0.0.1"), "localhost")


def test_a_wildcard_names_the_addresses_of_all_interfaces(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(tls, "own_addresses", lambda: ["192.0.2.7", "2001:db8::7"])
    files = own_certificate(tmp_path, "0.0.0.0")
    for name in ("192.0.2.7", "2001:db8::7", "127.0.0.1"):
        shake_hands(files, name)


def test_the_interfaces_are_asked_and_no_resolver() -> None:
    found = [ipaddress.ip_address(address) for address in tls.own_addresses()]
    assert ipaddress.ip_address("127.0.0.1") in found
    assert not any(address.is_link_local for address in found)


def test_the_servers_of_a_site_are_trusted_alike(tmp_path: Path) -> None:
    authority = open_authority(tmp_path / "keys")
    _, _, ca = tls.own_certificate(tmp_path / "one", "127.0.0.1", authority)
    chain, key, _ = tls.own_certificate(tmp_path / "other", "127.0.0.1", authority)
    shake_hands((chain, key, ca), "localhost")


@pytest.mark.parametrize(
    ("name", "addresses", "outside"),
    [
        ("hub.example.test", ["127.0.0.1", "192.0.2.1"], ["hub.example.test", "192.0.2.1"]),
        ("hub", ["192.0.2.1", "2001:db8::1", "::1"], ["192.0.2.1", "2001:db8::1"]),
        ("localhost.localdomain", ["127.0.0.1"], []),
    ],
)
def test_what_the_machine_is_called_elsewhere(
    monkeypatch: pytest.MonkeyPatch, name: str, addresses: list[str], outside: list[str]
) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda: name)
    monkeypatch.setattr(tls, "own_addresses", lambda: addresses)
    assert tls.names_outside() == outside
