from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from footlight.agent import facts
from footlight.errors import Invalid


def _os_release() -> dict[str, str]:
    pairs = [
        line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if line
    ]
    return {name: value.strip('"') for name, value in pairs}


def test_the_facts_are_the_machines(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    path = tmp_path / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    found = facts.host_facts(machine_id="m", machine_name="TEST\\HOST1", version="9", key_path=path)
    assert found.host_name == "HOST1"
    assert found.agent_public_key == key.public_key().public_bytes_raw().hex()
    release = _os_release()
    assert found.os_type.endswith(release["VERSION_ID"])
    assert found.os_type.split()[0] == release["NAME"].split()[0]
    assert "Linux" not in found.os_type
    if found.ip_address is not None:
        ipaddress.ip_address(found.ip_address)


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n"):
        path.write_bytes(content)
        with pytest.raises(Invalid):
            facts.host_facts(machine_id="m", machine_name="T\\H", version="9", key_path=path)
