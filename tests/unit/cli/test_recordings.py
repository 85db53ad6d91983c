"""`footlight recordings`: lists, files that appear whole or not at all, the export's progress."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

RECORDING = "0b7f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01"
BASE = f"/footlight/v1/recordings/{RECORDING}"
FACTS = {
    "id": RECORDING,
    "sessionId": "s",
    "userName": "EX\\zoe",
    "machineName": "EX\\H",
    "startedAt": "2026-01-07T09:05:03Z",
    "endedAt": None,
    "state": "recording",
    "sizeBytes": 4096,
    "durationMs": 1500,
    "segmentCount": 1,
}


def test_list_and_show(run: Any, site: Any, data_dir: Path) -> None:
    site.on("GET", "/footlight/v1/recordings", {"items": [FACTS], "continuationToken": None})
    site.on("GET", BASE, FACTS)
    assert run("recordings", "list", "--session", "s", "--json").json == [FACTS]
    assert site.asked[0].query == {"sessionId": "s"}
    assert RECORDING in run("recordings", "list").out
    assert run("recordings", "show", RECORDING, "--json").json == FACTS


def test_frame_is_written(run: Any, site: Any, data_dir: Path, tmp_path: Path) -> None:
    site.on("GET", f"{BASE}/frame", b"\x89PNG picture")
    out = tmp_path / "f.png"
    assert run("recordings", "frame", RECORDING, "--at", "1.25", "--out", str(out)).code == 0
    assert out.read_bytes() == b"\x89PNG picture"
    assert site.asked[0].query == {"at": "1.25"}
    assert site.asked[0].headers["Accept"] == "image/png"


@pytest.fixture
def exporting(site: Any, data_dir: Path) -> Any:
    states = [("running", 0.5), ("done", 1.0)]
    job = {"id": "j", "error": None, "resultPath": "/footlight/v1/jobs/j/result"}
    site.on("POST", f"{BASE}/export", (202, {"jobId": "j"}))

    def look(asked: Any) -> dict[str, Any]:
        state, progress = states.pop(0)
        return {**job, "state": state, "progress": progress}

    site.on("GET", "/footlight/v1/jobs/j", look)
    site.on("GET", "/footlight/v1/jobs/j/result", b"video")
    return site


def test_export_follows_its_job(run: Any, exporting: Any, tmp_path: Path) -> None:
    out = tmp_path / "r.mp4"
    ended = run("recordings", "export", RECORDING, "--out", str(out), "--json")
    assert ended.json == {"recordingId": RECORDING, "file": str(out), "sizeBytes": 5}
    assert out.read_bytes() == b"video"
    assert ended.err == ""


def test_a_failed_export_leaves_the_old_file(run: Any, exporting: Any, tmp_path: Path) -> None:
    failed = {"id": "j", "state": "failed", "progress": 0.1, "error": "no pictures"}
    exporting.on("GET", "/footlight/v1/jobs/j", failed)
    out = tmp_path / "r.mp4"
    out.write_text("old")
    ended = run("recordings", "export", RECORDING, "--out", str(out))
    assert ended.code == 1
    assert "no pictures" in ended.err
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.glob("*r.mp4*")] == ["r.mp4"]


def test_an_unwritable_place_is_1(run: Any, exporting: Any, tmp_path: Path) -> None:
    ended = run("recordings", "export", RECORDING, "--out", str(tmp_path / "no" / "r.mp4"))
    assert ended.code == 1
    assert ended.err.count("footlight:") == 1


def test_a_contact_sheet_is_written(run: Any, site: Any, data_dir: Any, tmp_path: Path) -> None:
    site.on("GET", "/footlight/v1/recordings/r/contact-sheet", b"png")
    out = tmp_path / "sheet.png"
    assert run("recordings", "contact-sheet", "r", "--count", "4", "--out", str(out)).code == 0
    assert (out.read_bytes(), site.asked[-1].query) == (b"png", {"count": "4"})
    site.on("GET", "/footlight/v1/recordings/r/manifest", {"signed": None})
    assert run("recordings", "manifest", "r", "--json").json == {"signed": None}
