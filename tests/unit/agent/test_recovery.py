from pathlib import Path

import pytest

from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.recovery import recover
from footlight.agent.reel_opening import open_reel
from footlight.agent.spool import SpoolFolder
from footlight.recording.format import NO_HEAD, Encoding
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording

PICTURE = [(0, 0, 8, 8, int(Encoding.ZRLE), b"\x01abc")]


@pytest.fixture
async def torn(desk: Desk, order: BeginRecording) -> SpoolFolder:
    """A recording with one sealed segment, and one that its writer left open."""
    reel = await open_reel(desk, order)
    reel.begin_segment(8, 8, PICTURE)
    reel.seal()
    await reel._settle()
    reel.begin_segment(8, 8, PICTURE)
    reel.update(PICTURE)
    reel._flush()
    await reel._disk.settle()
    reel._timers.stop()
    return SpoolFolder(desk.spool / order.recording_id)


def names(folder: SpoolFolder) -> set[str]:
    return {path.name for path in folder.path.glob("*[0-9].*")}


def holds(path: Path) -> bool:
    return verify_recording(FolderSource(path), every_record=True).status == "unfinished"


async def test_an_open_segment_is_sealed(
    desk: Desk, order: BeginRecording, torn: SpoolFolder
) -> None:
    assert names(torn) == {"000000.flseg", "000001.open"}
    progress = recover(desk, torn, order)
    assert names(torn) == {"000000.flseg", "000001.flseg"}
    assert [line.entry.number for line in progress.lines] == [0, 1]
    assert progress.lines == torn.journal()
    assert progress.end_ns == progress.lines[1].entry.end_ns
    assert holds(torn.path)
    assert recover(desk, torn, order) == progress


async def test_one_without_a_picture_is_thrown_away(
    desk: Desk, order: BeginRecording, torn: SpoolFolder
) -> None:
    (torn.path / "000001.open").write_bytes(b"")
    assert len(recover(desk, torn, order).lines) == 1
    assert names(torn) == {"000000.flseg"}


async def test_a_death_between_journal_and_rename(
    desk: Desk, order: BeginRecording, torn: SpoolFolder
) -> None:
    before = recover(desk, torn, order)
    data = (torn.path / "000001.flseg").read_bytes()
    (torn.path / "000001.flseg").rename(torn.path / "000001.open")
    assert recover(desk, torn, order) == before
    assert (torn.path / "000001.flseg").read_bytes() == data


async def test_a_death_while_salvaging(
    desk: Desk, order: BeginRecording, torn: SpoolFolder
) -> None:
    left = (torn.path / "000001.open").read_bytes()
    before = recover(desk, torn, order)
    data = (torn.path / "000001.flseg").read_bytes()
    (torn.path / "000001.open").write_bytes(left)
    assert recover(desk, torn, order) == before
    assert (torn.path / "000001.flseg").read_bytes() == data
    assert names(torn) == {"000000.flseg", "000001.flseg"}


async def test_nothing_there_is_the_beginning(
    desk: Desk, order: BeginRecording, tmp_path: Path
) -> None:
    progress = recover(desk, SpoolFolder(tmp_path / "none"), order)
    assert (progress.lines, progress.head, progress.end_ns) == ([], NO_HEAD, 0)
