from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from enrolling import make_issuer
from footlight.agent.identity import HostFolder, Identity, PrivateKeys
from footlight.errors import Invalid
from footlight.recording.chain import load_private_key, signature_holds

ID = "11111111-1111-4111-8111-111111111111"


def identity(rooms: Any, tmp_path: Path) -> Identity:
    keys = PrivateKeys.make()
    now_ms = 1_760_000_000_000
    given = make_issuer(rooms, tmp_path / "keys").issue(ID, "LAB\\DESK7", keys.public(), now_ms)
    return Identity(server="https://x:1", trust="", keys=keys, credentials=given)


async def test_it_is_kept_whole_and_private(rooms: Any, tmp_path: Path) -> None:
    folder, known = HostFolder(tmp_path / "agent"), identity(rooms, tmp_path)
    assert folder.load() is None
    folder.save(known)
    assert HostFolder(tmp_path / "agent").load() == known
    modes = {file.stat().st_mode & 0o777 for file in (tmp_path / "agent").iterdir()}
    assert modes == {0o600}
    key = load_private_key(folder.signing_key.read_bytes())
    assert key.public_key().public_bytes_raw().hex() == known.keys.public().signing_key
    assert known.half_of_life_ms() == 1_760_000_000_000 + 15 * 86_400_000


def test_who_asks_again_asks_for_the_same_keys(tmp_path: Path) -> None:
    keys = HostFolder(tmp_path).pending_keys()
    assert HostFolder(tmp_path).pending_keys() == keys
    assert keys.public().print() == HostFolder(tmp_path).pending_keys().public().print()


async def test_an_answer_ends_the_asking(rooms: Any, tmp_path: Path) -> None:
    folder = HostFolder(tmp_path / "agent")
    asked = folder.pending_keys()
    folder.save(identity(rooms, tmp_path))
    assert folder.pending_keys() != asked


def test_what_it_signs_is_its_own(tmp_path: Path) -> None:
    keys = PrivateKeys.make()
    signature = bytes.fromhex(keys.sign(b"m"))
    assert signature_holds(bytes.fromhex(keys.public().signing_key), signature, b"m")
    assert keys.signing not in repr(keys)


def test_a_torn_file_is_said_to_be(tmp_path: Path) -> None:
    folder = HostFolder(tmp_path)
    folder.file.write_text("{")
    with pytest.raises(Invalid, match=r"host\.json can't be used"):
        folder.load()
