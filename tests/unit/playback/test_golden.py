"""The golden recordings of each format version: read by every reader, for good."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footlight.playback.render import Playing, Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording.cipher import DataKey
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording

FOLDERS = sorted(
    path.parent for path in Path(__file__).parents[2].glob("data/golden-*/expected.json")
)


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def golden(request: pytest.FixtureRequest) -> tuple[FolderSource, dict[str, Any]]:
    folder: Path = request.param
    facts = json.loads((folder / "expected.json").read_text())
    key = facts.get("dataKey")
    return FolderSource(folder, None if key is None else DataKey(bytes.fromhex(key))), facts


def test_there_is_one() -> None:
    names = [folder.name for folder in FOLDERS]
    assert names == [
        "golden-0",
        "golden-1",
        "golden-1-clear",
        "golden-1-damaged",
        "golden-1-truncated",
        "golden-1-unfinished",
    ]


def test_pictures(golden: tuple[FolderSource, dict[str, Any]]) -> None:
    source, expected = golden
    renderer = Renderer(source)
    for moment in expected["moments"]:
        picture = renderer.picture(moment["atNs"])
        assert picture is not None
        shown = picture.pixels
        assert (shown.width, shown.height) == (moment["width"], moment["height"])
        assert shown.sha256() == moment["rgbSha256"]


def test_verdict(golden: tuple[FolderSource, dict[str, Any]]) -> None:
    source, expected = golden
    verdict = verify_recording(source, bytes.fromhex(expected["siteKey"]), every_record=True)
    assert verdict.status == expected.get("status", "verified")
    assert msgspec.to_builtins(verdict.findings) == expected.get("findings", [])
    without = FolderSource(source.folder)
    assert verify_recording(without, bytes.fromhex(expected["siteKey"])).status == verdict.status


def test_timeline(golden: tuple[FolderSource, dict[str, Any]]) -> None:
    source, expected = golden
    timeline = read_timeline(source)
    assert timeline.duration_ns == expected["durationNs"]
    assert [event["type"] for event in timeline.events] == expected["events"]
    damage = hashlib.sha256(json.dumps(timeline.damage).encode()).hexdigest()
    assert damage == expected["damageSha256"]
    assert timeline.complete == (source.manifest() is not None)
    assert {fault.number for fault in timeline.faults} <= set(expected.get("faults", []))
    assert timeline.gaps == []


def test_playing_through_meets_no_fault(golden: tuple[FolderSource, dict[str, Any]]) -> None:
    source, expected = golden
    playing = Playing(source)
    assert sum(1 for _ in playing.records()) > 20
    assert [fault.number for fault in playing.faults] == expected.get("faults", [])
