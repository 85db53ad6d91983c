from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from footlight.playback.export import export_mp4
from footlight.recording.chain import Gap
from footlight.recording.source import FolderSource


def frames(path: Path) -> dict[float, NDArray[np.uint8]]:
    """Decoded frames by their time in seconds."""
    with av.open(str(path)) as container:
        return {
            float(frame.time): frame.to_ndarray(format="rgb24")
            for frame in container.decode(video=0)
        }


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(np.asarray(pixel, dtype=int) - colour).max() <= 12)


def test_a_recording_becomes_a_film_with_its_own_times(
    make_three: Callable[[], Any], tmp_path: Path
) -> None:
    out = tmp_path / "film.mp4"
    told: list[float] = []
    exported = export_mp4(FolderSource(make_three().folder), out, progress=told.append)
    assert exported is not None
    assert (exported.width, exported.height) == (302, 152), "even, as 4:2:0 wants it"
    assert (exported.cancelled, exported.faults) == (False, [])
    assert exported.size_bytes == out.stat().st_size
    assert told == sorted(told)
    assert told[-1] == 1.0
    film = frames(out)
    assert len(film) == exported.frames
    assert next(iter(film)) == 0.0
    assert list(film)[-1] == pytest.approx(9.0)
    assert near(film[0.0][50, 50], (255, 0, 0))
    assert near(film[0.0][120, 50], (0, 0, 0)), "canvas beside a smaller screen"
    assert near(film[1.0][40, 20], (0, 0, 255))
    assert near(film[5.0][50, 50], (0, 255, 0))
    assert near(film[8.0][120, 250], (255, 255, 0))
    assert not near(film[6.0 + 0.1][10, 10], (0, 254, 0)), "the gap is marked"
    assert near(film[6.0 + 0.1][10, 10], (17, 94, 21)), "by dimming"
    text = film[6.0 + 0.1].max(axis=2) > 200
    assert text.sum() > 200, "and by words"


def test_quiet_spans_are_held_by_few_frames(studio: Any, tmp_path: Path) -> None:
    studio.begin(0, 0xFF).seal()
    studio.begin(3_600_000, 0xFF00).seal(last=True)
    out = tmp_path / "film.mp4"
    exported = export_mp4(FolderSource(studio.folder), out)
    assert exported is not None
    assert exported.frames < 365
    times = list(frames(out))
    assert times[-1] == 3600.0
    assert max(b - a for a, b in itertools.pairwise(times)) <= 10.0


def test_updates_within_a_tenth_of_a_second_are_one_frame(studio: Any, tmp_path: Path) -> None:
    segment = studio.begin(0, 0xFF)
    for at_ms in range(10, 1000, 10):
        segment.fill(at_ms, at_ms, 0, 0, 50, 50)
    segment.seal(last=True)
    exported = export_mp4(FolderSource(studio.folder), tmp_path / "film.mp4")
    assert exported is not None
    assert exported.frames == 10


@pytest.mark.parametrize("after", [0, 3, 6])
def test_cancelling_leaves_no_file(
    make_three: Callable[[], Any], tmp_path: Path, after: int
) -> None:
    out = tmp_path / "films" / "film.mp4"
    out.parent.mkdir()
    asked = iter(range(100))
    exported = export_mp4(
        FolderSource(make_three().folder), out, cancelled=lambda: next(asked) >= after
    )
    assert exported is not None
    assert exported.cancelled
    assert list(out.parent.iterdir()) == []


def test_a_broken_segment_is_left_out_and_named(
    make_three: Callable[[], Any], tmp_path: Path
) -> None:
    folder = make_three().folder
    path = folder / "000001.flseg"
    data = bytearray(path.read_bytes())
    data[166:169] = b"\xff\xff\xff"
    path.write_bytes(data)
    out = tmp_path / "film.mp4"
    exported = export_mp4(FolderSource(folder), out)
    assert exported is not None
    assert [fault.number for fault in exported.faults] == [1]
    film = frames(out)
    assert not any(near(picture[50, 50], (0, 255, 0)) for picture in film.values())
    assert near(film[8.0][120, 250], (255, 255, 0))


def test_nothing_to_show(studio: Any, tmp_path: Path) -> None:
    studio.finish(state="failed")
    assert export_mp4(FolderSource(studio.folder), tmp_path / "film.mp4") is None
    assert not (tmp_path / "film.mp4").exists()


def test_a_folder_that_cannot_be_written_is_an_os_error(make_three: Callable[[], Any]) -> None:
    with pytest.raises(FileNotFoundError):
        export_mp4(FolderSource(make_three().folder), Path("/proc/none/film.mp4"))


def test_a_gap_at_the_end_stands_in_the_manifest_alone(studio: Any, tmp_path: Path) -> None:
    studio.begin(0, 0xFFFFFF).seal(last=True)
    gap = Gap(from_ns=2_000_000_000, to_ns=4_000_000_000, cause="session-lost")
    studio.finish(gaps=[gap], duration_ms=4000)
    out = tmp_path / "film.mp4"
    export_mp4(FolderSource(studio.folder), out)
    film = frames(out)
    assert list(film)[-1] == 4.0
    assert near(film[0.0][10, 10], (255, 255, 255))
    assert not near(film[4.0][10, 10], (255, 255, 255))
