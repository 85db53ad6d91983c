from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from tests.unit.test_tls import shake_hands

from footlight.authority import fingerprint_of, key_pem_of, open_authority, write_whole
from footlight.errors import Invalid


def test_it_is_made_once_and_its_key_is_private(tmp_path: Path) -> None:
    first = open_authority(tmp_path / "keys")
    assert open_authority(tmp_path / "keys").fingerprint == first.fingerprint
    assert (tmp_path / "keys" / "ca-key.pem").stat().st_mode & 0o777 == 0o600
    assert fingerprint_of(first.pem) == first.fingerprint


def test_what_it_issues_passes_the_strict_check_by_its_name(tmp_path: Path) -> None:
    authority, key = open_authority(tmp_path), ec.generate_private_key(ec.SECP256R1())
    name = "11111111-1111-4111-8111-111111111111"
    leaf = authority.issue(key.public_key(), name, [x509.DNSName(name)], days=30)
    write_whole(tmp_path / "key.pem", key_pem_of(key))
    write_whole(tmp_path / "cert.pem", leaf.public_bytes(Encoding.PEM))
    files = (tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "ca.pem")
    shake_hands(files, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(files, "other")


def test_an_older_one_is_taken_over(tmp_path: Path) -> None:
    older = open_authority(tmp_path / "tls")
    assert open_authority(tmp_path / "keys", older=tmp_path / "tls").pem == older.pem
    assert (tmp_path / "keys" / "ca-key.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("file", ["ca.pem", "ca-key.pem"])
@pytest.mark.parametrize("how", ["other", "torn"])
def test_files_that_do_not_belong_together_are_refused(tmp_path: Path, file: str, how: str) -> None:
    open_authority(tmp_path / "a")
    open_authority(tmp_path / "b")
    broken = tmp_path / "a" / file
    content = (tmp_path / "b" / file).read_bytes() if how == "other" else b"torn"
    broken.write_bytes(content)
    with pytest.raises(Invalid, match=r"can't be used|do not belong together"):
        open_authority(tmp_path / "a")


def test_what_is_no_certificate_has_no_fingerprint() -> None:
    with pytest.raises(Invalid):
        fingerprint_of(b"nothing")
