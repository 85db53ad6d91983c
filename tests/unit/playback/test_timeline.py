from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from footlight.playback.timeline import read_spans, read_timeline
from footlight.recording.chain import Gap
from footlight.recording.source import FolderSource

S = 1_000_000_000


def test_all_of_a_finished_recording(make_three: Callable[[], Any]) -> None:
    timeline = read_timeline(FolderSource(make_three().folder))
    assert timeline.complete
    assert timeline.duration_ns == 9 * S
    assert (timeline.width, timeline.height) == (301, 151)
    assert [(e["atNs"], e["type"]) for e in timeline.events] == [
        (0, "recording-started"),
        (9 * S, "recording-stopped"),
    ]
    assert timeline.gaps == [Gap(from_ns=6 * S, to_ns=8 * S, cause="disconnected")]
    assert [row[:2] for row in timeline.damage] == [
        (0, 20_000),
        (1, 2_400),
        (5, 20_000),
        (6, 20_000),
        (8, 301 * 151),
        (9, 201 * 51),
    ]
    assert [(s.number, s.start_ns, s.end_ns, s.open) for s in timeline.segments] == [
        (0, 0, 1.5 * S, False),
        (1, 5 * S, 6 * S, False),
        (2, 8 * S, 9 * S, False),
    ]
    assert timeline.faults == []


def test_an_open_segment_is_read_by_its_records(studio: Any) -> None:
    studio.begin(0, 1).fill(500, 2, 5, 5, 10, 10).seal()
    studio.begin(700, 3).event(800, "viewer-left", userName="ann").leave_open()
    timeline = read_timeline(FolderSource(studio.folder))
    assert not timeline.complete
    assert timeline.duration_ns == 800_000_000
    assert timeline.segments[1].open
    assert timeline.events == [{"type": "viewer-left", "userName": "ann", "atNs": 800_000_000}]
    assert timeline.damage == [(0, 20_000 + 100 + 20_000, 0, 0, 200, 100)], "one row a second"


def test_an_open_segment_without_bytes_is_nothing_yet(studio: Any) -> None:
    studio.begin(0, 1).seal()
    studio.begin(700, 3).leave_open().write_bytes(b"")
    timeline = read_timeline(FolderSource(studio.folder))
    assert (len(timeline.segments), timeline.faults) == (1, [])


def test_a_cut_segment_counts_as_far_as_it_goes(make_three: Callable[[], Any]) -> None:
    folder = make_three().folder
    path = folder / "000001.flseg"
    path.write_bytes(path.read_bytes()[:-260])
    timeline = read_timeline(FolderSource(folder))
    assert [fault.number for fault in timeline.faults] == [1]
    assert [s.number for s in timeline.segments] == [0, 1, 2]
    path.write_bytes(b"nothing")
    timeline = read_timeline(FolderSource(folder))
    assert [s.number for s in timeline.segments] == [0, 2]
    assert timeline.faults


@pytest.mark.parametrize("with_manifest", [True, False])
def test_spans(make_three: Callable[[], Any], with_manifest: bool) -> None:
    folder = make_three().folder
    if not with_manifest:
        (folder / "manifest.json").unlink()
    spans = read_spans(FolderSource(folder))
    assert [(s.number, s.start_ns, s.end_ns) for s in spans] == [
        (0, 0, 1.5 * S),
        (1, 5 * S, 6 * S),
        (2, 8 * S, 9 * S),
    ]


def test_spans_leave_out_what_has_no_header(studio: Any) -> None:
    studio.begin(0, 1).seal()
    studio.begin(50, 1).leave_open()
    studio.begin(90, 1).seal().write_bytes(b"junk" * 99)
    assert [(s.number, s.open, s.end_ns) for s in read_spans(FolderSource(studio.folder))] == [
        (0, False, 0),
        (1, True, None),
    ]


def test_an_unreadable_manifest_is_as_none(make_three: Callable[[], Any]) -> None:
    folder = make_three().folder
    (folder / "manifest.json").write_bytes(b"{")
    timeline = read_timeline(FolderSource(folder))
    assert not timeline.complete
    assert len(timeline.segments) == 3


def test_a_timeline_is_json(make_three: Callable[[], Any]) -> None:
    timeline = json.loads(msgspec.json.encode(read_timeline(FolderSource(make_three().folder))))
    assert timeline["durationNs"] == 9 * S
    assert timeline["segments"][0]["startNs"] == 0
    assert timeline["gaps"][0]["fromNs"] == 6 * S


def test_known_indexes_are_not_read_again(make_three: Callable[[], Any]) -> None:
    folder = make_three().folder
    known: dict[int, Any] = {}
    first = read_timeline(FolderSource(folder), known)
    assert sorted(known) == [0, 1, 2]
    opened: list[int] = []

    class Watched(FolderSource):
        def open(self, number: int) -> Any:
            opened.append(number)
            return super().open(number)

    assert read_timeline(Watched(folder), known) == first
    assert opened == []
