import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from footlight.agent import uploader as uploading
from footlight.agent.spool import SealedLine, SpoolFolder
from footlight.agent.uploader import Uploader
from footlight.clock import FakeClock
from footlight.errors import Conflict, NotFound, Unavailable
from footlight.objects.folder import FolderObjects
from footlight.recording.chain import SegmentEntry

ID = str(uuid.UUID(int=7))


class FlakyObjects(FolderObjects):
    """Refuses the first `failures` puts."""

    def __init__(self, root: Path, failures: int, error: Exception) -> None:
        super().__init__(root)
        self.failures = failures
        self.error = error
        self.order: list[str] = []

    async def put_file(self, key: str, source: Path) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise self.error
        self.order.append(key)
        await super().put_file(key, source)


@pytest.fixture
def folder(tmp_path: Path) -> SpoolFolder:
    made = SpoolFolder(tmp_path / "spool" / ID)
    made.path.mkdir(parents=True)
    return made


def add_segment(folder: SpoolFolder, number: int) -> None:
    entry = SegmentEntry(
        number=number,
        name=f"{number:06d}.flseg",
        size_bytes=1,
        sha256="aa",
        head="bb",
        start_ns=0,
        end_ns=1,
        width=8,
        height=8,
    )
    (folder.path / entry.name).write_bytes(str(number).encode())
    folder.append_journal(SealedLine(entry, 0, []))


async def keys(found: AsyncIterator[str]) -> list[str]:
    return [key async for key in found]


async def test_sealed_segments_move_and_open_ones_stay(folder: SpoolFolder, tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "objects")
    uploader = Uploader(tmp_path / "spool", objects)
    add_segment(folder, 0)
    (folder.path / "000001.open").write_bytes(b"x")
    (folder.path / "000002.flseg").write_bytes(b"not in the journal yet")
    uploader.nudge(ID)
    await uploader.drain()
    assert await keys(objects.list("")) == [f"{ID}/000000.flseg"]
    assert not (folder.path / "000000.flseg").exists()
    assert (folder.path / "000001.open").exists()
    assert (folder.path / "000002.flseg").exists()


async def test_the_manifest_comes_last_and_a_start_takes_up_what_is_left(
    folder: SpoolFolder, tmp_path: Path
) -> None:
    objects = FlakyObjects(tmp_path / "objects", 0, OSError())
    for number in range(3):
        add_segment(folder, number)
    folder.write_manifest(b"{}")
    uploader = Uploader(tmp_path / "spool", objects)
    await uploader.start()
    await uploader.drain()
    assert objects.order == [
        f"{ID}/000000.flseg",
        f"{ID}/000001.flseg",
        f"{ID}/000002.flseg",
        f"{ID}/manifest.json",
    ]
    assert folder.uploaded
    await Uploader(tmp_path / "spool", objects).start()
    folder.mark_reported()
    assert not folder.path.exists()


@pytest.mark.parametrize("error", [Unavailable("no store"), OSError("full"), TimeoutError()])
async def test_a_failing_store_is_tried_again(
    folder: SpoolFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(uploading, "FIRST_RETRY_S", 0.01)
    objects = FlakyObjects(tmp_path / "objects", 3, error)
    add_segment(folder, 0)
    clock = FakeClock()
    uploader = Uploader(tmp_path / "spool", objects, clock)
    uploader.nudge(ID)
    while uploader.failing is None:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.001)
    assert uploader.failing.since_ms == clock.now_ms()
    assert uploader.failing.reason == (str(error) or "TimeoutError")
    await asyncio.wait_for(uploader.drain(), 10)
    assert uploader.failing is None
    assert await objects.get(f"{ID}/000000.flseg") == b"0"
    assert not (folder.path / "000000.flseg").exists()


@pytest.mark.expects_errors
@pytest.mark.parametrize("error", [Conflict("other bytes"), NotFound("no such recording")])
async def test_what_people_have_to_look_at_keeps_the_spool_copy(
    folder: SpoolFolder, tmp_path: Path, error: Exception
) -> None:
    objects = FlakyObjects(tmp_path / "objects", 1, error)
    add_segment(folder, 0)
    uploader = Uploader(tmp_path / "spool", objects)
    uploader.nudge(ID)
    await uploader.drain()
    assert (folder.path / "000000.flseg").exists()


async def test_a_nudge_while_uploading_is_not_lost(folder: SpoolFolder, tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "objects")
    uploader = Uploader(tmp_path / "spool", objects)
    add_segment(folder, 0)
    uploader.nudge(ID)
    await asyncio.sleep(0)
    add_segment(folder, 1)
    uploader.nudge(ID)
    await uploader.drain()
    assert await keys(objects.list("")) == [f"{ID}/000000.flseg", f"{ID}/000001.flseg"]


async def test_after_stop_nothing_moves(folder: SpoolFolder, tmp_path: Path) -> None:
    uploader = Uploader(tmp_path / "spool", FolderObjects(tmp_path / "objects"))
    await uploader.stop()
    add_segment(folder, 0)
    uploader.nudge(ID)
    uploader.nudge("../x")
    await uploader.drain()
    assert (folder.path / "000000.flseg").exists()
