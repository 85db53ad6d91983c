from __future__ import annotations

import base64
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from footlight.archive.keys import RecordingKeys
from footlight.cli.exits import UsageProblem
from footlight.cli.local_recording import read_data_key
from footlight.recording.format import SKIPPABLE_HEADER, skippable_frame
from footlight.recording.frames import read_header

GOLDEN = Path(__file__).parents[2] / "data" / "golden-1"
FACTS = json.loads((GOLDEN / "expected.json").read_text())
MOMENT = FACTS["moments"][0]
AT = ("--at", str(MOMENT["atNs"] / 1e9))


def rgb_sha256(picture: Path) -> str:
    return hashlib.sha256(np.asarray(Image.open(picture).convert("RGB")).tobytes()).hexdigest()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key"
    file.write_text(FACTS["dataKey"] + "\n")
    return file


def test_a_frame_of_a_folder_with_its_key(
    run: Any, data_dir: Path, tmp_path: Path, key_file: Path
) -> None:
    out = tmp_path / "f.png"
    ended = run(
        "recordings", "frame", str(GOLDEN), *AT, "--out", str(out), "--data-key", str(key_file)
    )
    assert ended.code == 0
    assert rgb_sha256(out) == MOMENT["rgbSha256"]


def test_a_folder_is_exported(run: Any, data_dir: Path, tmp_path: Path, key_file: Path) -> None:
    out = tmp_path / "f.mp4"
    ended = run(
        "recordings",
        "export",
        str(GOLDEN),
        "--out",
        str(out),
        "--data-key",
        str(key_file),
        "--json",
    )
    assert (ended.code, ended.json["sizeBytes"]) == (0, out.stat().st_size)
    assert out.read_bytes()[4:8] == b"ftyp"


def test_verifying_needs_no_key(run: Any, data_dir: Path, tmp_path: Path) -> None:
    site_key = tmp_path / "site"
    site_key.write_text(FACTS["siteKey"])
    ended = run("recordings", "verify", str(GOLDEN), "--key", str(site_key), "--json")
    assert (ended.code, ended.json["status"], ended.json["findings"]) == (0, "verified", [])


def test_without_the_key_or_with_another_there_is_no_picture(
    run: Any, data_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "f.png"
    ended = run("recordings", "frame", str(GOLDEN), *AT, "--out", str(out))
    assert ended.code == 2
    assert "give --data-key" in ended.err
    other = tmp_path / "other"
    other.write_text("00" * 32)
    ended = run(
        "recordings", "frame", str(GOLDEN), *AT, "--out", str(out), "--data-key", str(other)
    )
    assert ended.code == 3
    assert not out.exists()
    ended = run(
        "recordings", "frame", "no-folder", *AT, "--out", str(out), "--data-key", str(other)
    )
    assert ended.code == 2


def test_the_sites_own_keys_open_its_recordings(run: Any, data_dir: Path, tmp_path: Path) -> None:
    """Not this one: it says whose key would."""
    (data_dir / "keys").mkdir(parents=True, exist_ok=True)
    (data_dir / "keys" / "recording-key").write_text("5a" * 32)
    keys = RecordingKeys(b"\x5a" * 32)
    folder = tmp_path / "recording"
    shutil.copytree(GOLDEN, folder)
    out = tmp_path / "f.png"
    ended = run("recordings", "frame", str(folder), *AT, "--out", str(out))
    assert ended.code == 2
    assert "wrapped by another key" in ended.err
    path = folder / "000000.flseg"
    with path.open("rb") as file:
        header, body_at = read_header(file)
        rest = file.read()
    object.__setattr__(header, "wrapped_key", keys.data_key(header.recording_id).wrapped)
    path.write_bytes(skippable_frame(SKIPPABLE_HEADER, header.pack()) + rest)
    assert body_at != len(header.pack())
    ended = run("recordings", "frame", str(folder), *AT, "--out", str(out))
    assert ended.code == 3, "the key is unwrapped; these bytes were encrypted with another"


def test_a_key_is_read_as_hex_base64_and_as_the_site_gives_it(tmp_path: Path) -> None:
    secret = bytes(range(32))
    file = tmp_path / "key"
    text = base64.b64encode(secret).decode()
    for content in (secret.hex(), text, json.dumps({"cipher": "x", "dataKey": text})):
        file.write_text(content)
        assert read_data_key(file).secret == secret
    for content in ("", "xyz", "{}", "{", "ab" * 31, text[:20], '{"dataKey": 5}'):
        file.write_text(content)
        with pytest.raises(UsageProblem, match="holds no data key"):
            read_data_key(file)
