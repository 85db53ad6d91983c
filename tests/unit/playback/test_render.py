from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

import pytest

from footlight.playback.render import Playing, Renderer
from footlight.recording.format import Encoding, RecordKind
from footlight.recording.source import FolderSource, SegmentFile

MS = 1_000_000


class CountingSource:
    """A folder that notes which segments are opened."""

    def __init__(self, inner: FolderSource) -> None:
        self.inner = inner
        self.data_key = inner.data_key
        self.opened: list[int] = []

    def manifest(self) -> bytes | None:
        return self.inner.manifest()

    def segments(self) -> list[SegmentFile]:
        return self.inner.segments()

    def open(self, number: int) -> BinaryIO:
        self.opened.append(number)
        return self.inner.open(number)


@pytest.mark.parametrize(
    ("at_ms", "number", "drawn_ms", "size", "colour_at_15_25"),
    [
        (-5, 0, 0, (200, 100), 0xFF0000),
        (0, 0, 0, (200, 100), 0xFF0000),
        (999, 0, 0, (200, 100), 0xFF0000),
        (1000, 0, 1000, (200, 100), 0x0000FF),
        (1499, 0, 1000, (200, 100), 0x0000FF),
        (4999, 0, 1500, (200, 100), 0x0000FE),
        (5000, 1, 5000, (200, 100), 0x00FF00),
        (7000, 1, 6000, (200, 100), 0x00FE00),
        (8000, 2, 8000, (301, 151), 0xFFFF00),
        (99_000, 2, 9000, (301, 151), 0xFFFF00),
    ],
)
def test_the_picture_at_any_time_from_one_segment(
    make_three: Callable[[], Any],
    at_ms: int,
    number: int,
    drawn_ms: int,
    size: tuple[int, int],
    colour_at_15_25: int,
) -> None:
    source = CountingSource(FolderSource(make_three().folder))
    renderer = Renderer(source)
    assert source.opened == [], "with a manifest not even headers are read"
    picture = renderer.picture(at_ms * MS)
    assert picture is not None
    assert source.opened == [number]
    assert picture.drawn_ns == drawn_ms * MS
    assert (picture.pixels.width, picture.pixels.height) == size
    assert picture.pixels.pixels[25, 15] == colour_at_15_25
    assert picture.fault is None
    assert picture.image().size == size


def test_nothing_to_show(studio: Any) -> None:
    assert Renderer(FolderSource(studio.folder)).picture(0) is None
    studio.begin(0, 1).leave_open().write_bytes(b"")
    assert Renderer(FolderSource(studio.folder)).picture(0) is None


def test_an_open_segment_without_a_picture_shows_the_one_before(studio: Any) -> None:
    studio.begin(0, 7).seal()
    path = studio.begin(500, 8).leave_open()
    path.write_bytes(path.read_bytes()[:170])
    picture = Renderer(FolderSource(studio.folder)).picture(900 * MS)
    assert picture is not None
    assert picture.pixels.pixels[0, 0] == 7


def test_a_broken_update_shows_what_was_before_and_says_so(studio: Any) -> None:
    segment = studio.begin(0, 7)
    segment.update(100, (0, 0, 9, 9, Encoding.ZRLE, b"\x11\x11"))
    segment.fill(200, 8, 0, 0, 50, 50).seal()
    renderer = Renderer(FolderSource(studio.folder))
    picture = renderer.picture(300 * MS)
    assert picture is not None
    assert picture.fault is not None
    assert "tile kind" in picture.fault
    assert picture.pixels.pixels[40, 40] == 7
    before = renderer.picture(50 * MS)
    assert before is not None
    assert before.fault is None


def test_playing_yields_each_record_before_it_is_played(make_three: Callable[[], Any]) -> None:
    playing = Playing(FolderSource(make_three().folder))
    seen = []
    for record in playing.records():
        picture = playing.screen.picture
        seen.append(
            (RecordKind(record.kind).name, picture.pixels[25, 15] if picture is not None else None)
        )
    assert seen[:3] == [("SCREEN", None), ("UPDATE", 0), ("EVENT", 0xFF0000)]
    assert seen[4] == ("UPDATE", 0x0000FF)
    assert playing.faults == []


def test_playing_goes_on_with_the_next_segment_after_a_fault(studio: Any) -> None:
    studio.begin(0, 7).update(100, (190, 0, 20, 9, Encoding.ZRLE, b"\x01abc")).seal()
    studio.begin(200, 8).seal()
    playing = Playing(FolderSource(studio.folder))
    times = [record.at_ns // MS for record in playing.records()]
    assert times == [0, 0, 100, 200, 200]
    assert [(fault.number, "outside" in fault.reason) for fault in playing.faults] == [(0, True)]
