"""`footlight recordings verify`: exit 0 only for what is whole and of a known signer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from footlight.cli.exits import UsageProblem
from footlight.cli.verify import read_key

RECORDING = "0b7f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01"


def verdict(status: str) -> dict[str, Any]:
    return {
        "status": status,
        "findings": [{"segment": 2, "offset": 7, "reason": "hash does not match"}],
        "segments": 3,
    }


@pytest.mark.parametrize(
    ("status", "code", "allowing"),
    [
        ("verified", 0, 0),
        ("unchanged-unknown-signer", 1, 0),
        ("unfinished", 1, 1),
        ("truncated", 1, 1),
        ("damaged", 1, 1),
    ],
)
def test_exit_codes(
    run: Any, site: Any, data_dir: Path, status: str, code: int, allowing: int
) -> None:
    site.on("GET", f"/footlight/v1/recordings/{RECORDING}/verification", verdict(status))
    ended = run("recordings", "verify", RECORDING, "--json")
    assert ended.code == code
    assert ended.json == verdict(status)
    ended = run("recordings", "verify", RECORDING, "--allow-unknown-signer")
    assert ended.code == allowing
    assert "segment 2, byte 7: hash does not match" in ended.out


def test_an_unknown_recording_is_3(run: Any, data_dir: Path) -> None:
    assert run("recordings", "verify", RECORDING).code == 3


def test_neither_folder_nor_id_is_3(run: Any, data_dir: Path) -> None:
    assert run("recordings", "verify", "/nowhere/at/all").code == 3


def test_an_empty_folder_is_not_whole_and_needs_no_site(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    ended = run("recordings", "verify", str(folder), "--json")
    assert ended.code == 1
    assert ended.json["status"] == "unfinished"


def test_a_file_that_is_no_evidence_file_is_not_whole(run: Any, tmp_path: Path) -> None:
    (tmp_path / "x.flseg").write_bytes(b"")
    ended = run("recordings", "verify", str(tmp_path / "x.flseg"))
    assert (ended.code, "no evidence file" in ended.err) == (1, True)


def test_keys_are_read_from_pem_and_hex(tmp_path: Path) -> None:
    public = Ed25519PrivateKey.generate().public_key()
    raw = public.public_bytes_raw()
    file = tmp_path / "key"
    file.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert read_key(file) == raw
    file.write_text(raw.hex() + "\n")
    assert read_key(file) == raw


@pytest.mark.parametrize("content", ["", "xyz", "ab" * 31, "-----BEGIN PUBLIC KEY-----"])
def test_what_is_no_key_is_usage(tmp_path: Path, content: str) -> None:
    file = tmp_path / "key"
    file.write_text(content)
    with pytest.raises(UsageProblem):
        read_key(file)
