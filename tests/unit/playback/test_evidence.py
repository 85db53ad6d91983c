from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from footlight.errors import Conflict, NotFound
from footlight.playback import evidence
from footlight.playback.evidence import Told, read_player, script_hash, write_evidence
from footlight.recording.cipher import DataKey
from footlight.recording.evidence import FACTS, extract
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording

GOLDEN = Path(__file__).parents[2] / "data" / "golden-1"
EXPECTED = json.loads((GOLDEN / "expected.json").read_text())
SITE_KEY = bytes.fromhex(EXPECTED["siteKey"])
SECRET = bytes.fromhex(EXPECTED["dataKey"])
MANIFEST = json.loads((GOLDEN / "manifest.json").read_text())["manifest"]
TOLD = Told(
    recording_id=MANIFEST["recordingId"],
    user_name="<FOOTLIGHT\\ädä>",
    exported_at="2026-01-01T00:00:00Z",
    exported_by="FOOTLIGHT\\admin",
    site_name="FOOTLIGHT",
    site_key=SITE_KEY,
    data_key=SECRET,
    openings=[],
)
PLAYER = "const a = 1;"


def source(folder: Path = GOLDEN) -> FolderSource:
    return FolderSource(folder, DataKey(SECRET, ""))


def test_it_holds_the_stored_files_unchanged(tmp_path: Path) -> None:
    told: list[float] = []
    out, folder = tmp_path / "evidence.html", tmp_path / "files"
    write_evidence(source(), out, TOLD, PLAYER, told.append)
    assert told[-1] == 1.0
    folder.mkdir()
    with out.open("rb") as file:
        names = extract(file, folder)
    assert names == [FACTS, "manifest.json", "000000.flseg", "000001.flseg"]
    for name in names[1:]:
        assert (folder / name).read_bytes() == (GOLDEN / name).read_bytes()
    assert verify_recording(FolderSource(folder), SITE_KEY).status == "verified"
    facts = json.loads((folder / FACTS).read_text())
    assert facts["siteKey"] == EXPECTED["siteKey"]
    assert [one["type"] for one in facts["events"]] == EXPECTED["events"]
    page = out.read_text()
    assert f"script-src '{script_hash(PLAYER)}'" in page
    assert page.endswith(f"<script>{PLAYER}</script>\n</body></html>\n")
    assert "<FOOTLIGHT" not in page
    assert "holds the key" in page


def test_without_a_key_it_says_nothing_of_one(tmp_path: Path) -> None:
    out = tmp_path / "evidence.html"
    write_evidence(source(), out, replace(TOLD, data_key=None), PLAYER)
    assert "holds the key" not in out.read_text()


def test_what_is_not_whole_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "recording"
    shutil.copytree(GOLDEN, folder)
    monkeypatch.setattr(evidence, "MAX_EVIDENCE_BYTES", 1 << 24)
    with pytest.raises(Conflict, match="at most"):
        write_evidence(source(folder), tmp_path / "a", TOLD, PLAYER)
    monkeypatch.undo()
    manifest = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").unlink()
    with pytest.raises(Conflict, match="not ended"):
        write_evidence(source(folder), tmp_path / "b", TOLD, PLAYER)
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "manifest.json").write_bytes(manifest)
    with pytest.raises(NotFound):
        write_evidence(source(empty), tmp_path / "c", TOLD, PLAYER)


def test_the_player_ends_no_script(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_player(tmp_path)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "player.js").write_text('x = "</script>";\r\n')
    assert read_player(tmp_path) == 'x = "<\\/script>";\n'
