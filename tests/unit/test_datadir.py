from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from footlight.authority import open_authority
from footlight.config import SiteConfig
from footlight.datadir import DataDir, data_of, database_of, write_json, write_private
from footlight.errors import Conflict, Invalid
from footlight.recording.chain import Certificate, certificate_holds, load_private_key
from footlight.store.address import PostgresAddress

HOLDER = """
import sys
from pathlib import Path
from footlight.datadir import DataDir
DataDir(Path(sys.argv[1])).lock()
print("held", flush=True)
sys.stdin.read()
"""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_another_process_is_named_and_kept_out(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        data = DataDir(tmp_path)
        with pytest.raises(Conflict, match=rf"process {holder.pid}\)"):
            data.lock()
        holder.stdin.close()
        assert holder.wait(10) == 0
        data.lock()  # it went with its process
        data.unlock()


def test_a_lock_is_let_go(tmp_path: Path) -> None:
    one, two = DataDir(tmp_path), DataDir(tmp_path)
    one.lock()
    with pytest.raises(Conflict, match=str(os.getpid())):
        two.lock()
    one.unlock()
    one.unlock()
    two.lock()
    two.unlock()


def test_the_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "a" / "b")
    data.lock()
    data.unlock()
    assert mode(tmp_path / "a" / "b") == 0o700
    assert mode(tmp_path / "a" / "b" / "lock") == 0o600


def test_a_folder_that_cannot_be_is_invalid(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="cannot use data folder"):
        DataDir(tmp_path / "file" / "below").lock()


def test_keys_and_ids_are_made_once_and_private(tmp_path: Path) -> None:
    first = DataDir(tmp_path)
    key, machine_id = first.site_key(), first.machine_id()
    again = DataDir(tmp_path)
    assert again.site_key().private_bytes_raw() == key.private_bytes_raw()
    assert again.machine_id() == machine_id
    assert mode(first.site_key_file) == 0o600
    assert mode(first.site_key_file.parent) == 0o700


def test_keys_may_be_elsewhere(tmp_path: Path) -> None:
    config = SiteConfig(data_dir=tmp_path / "data", keys_dir=tmp_path / "shared")
    data = data_of(config)
    data.key_marks()
    names = {file.name for file in (tmp_path / "shared").iterdir()}
    assert names == {"site-key.pem", "ca.pem", "ca-key.pem", "recording-key"}
    assert not (tmp_path / "data" / "keys").exists()


def test_an_authority_that_browsers_trust_already_stays(tmp_path: Path) -> None:
    before = open_authority(tmp_path / "tls")
    assert DataDir(tmp_path).authority().fingerprint == before.fingerprint


def test_the_agents_key_is_certified_by_the_site(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.certify_agent("site", "machine", "LAB\\DESK1", 1_760_000_000_000)
    certificate = msgspec.json.decode(data.certificate_file.read_bytes(), type=Certificate)
    body = certificate.body
    agent = load_private_key(data.agent_key_file.read_bytes()).public_key()
    assert body.agent_key == agent.public_bytes_raw().hex()
    assert (body.site_id, body.machine_id, body.machine_name) == ("site", "machine", "LAB\\DESK1")
    assert body.issued_at == "2025-10-09T08:53:20Z"
    site_key = data.site_key().public_key().public_bytes_raw()
    assert certificate_holds(certificate, site_key, agent.public_bytes_raw())
    assert mode(data.agent_key_file) == mode(data.certificate_file) == 0o600


def test_json_is_replaced_whole(tmp_path: Path) -> None:
    """A reader beside the writer sees one object or the other, never a part of one."""
    file = tmp_path / "run" / "site.json"
    write_json(file, {"n": 0, "long": "x" * 5000})
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(json.loads(file.read_text())["n"])

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 40):
        write_json(file, {"n": number, "long": "x" * (number % 2) * 100_000})
    done.set()
    reader.join()
    assert seen <= set(range(40))
    assert json.loads(file.read_text())["n"] == 39
    assert mode(file) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["site.json"]


def test_what_a_start_that_broke_off_left_is_in_nobodys_way(tmp_path: Path) -> None:
    file = tmp_path / "key"
    (tmp_path / f".key.{os.getpid()}").write_text("torn")
    write_private(file, b"whole")
    assert (file.read_bytes(), mode(file)) == (b"whole", 0o600)


def test_a_failed_write_keeps_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    write_json(file, {"a": 1})
    with pytest.raises(TypeError):
        write_json(file, {"a": object()})
    assert json.loads(file.read_text()) == {"a": 1}


def test_the_database_is_the_configured_one_or_the_folder_s_file(tmp_path: Path) -> None:
    assert database_of(SiteConfig(data_dir=tmp_path)) == tmp_path / "footlight.db"
    password = tmp_path / "password"
    password.write_text("secret")
    config = SiteConfig(database="postgresql://u@h/site", database_password_file=password)
    assert database_of(config) == PostgresAddress("postgresql://u@h/site", "secret")
