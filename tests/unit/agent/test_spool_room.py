import asyncio
import errno
import uuid
from pathlib import Path

import pytest

from footlight.agent import spool_room
from footlight.agent.spool_room import SpoolBounds, SpoolRoom, free_bytes_of, measure

MIB = 1024 * 1024
BOUNDS = SpoolBounds(limit_bytes=1000, free_bytes=100 * MIB)


class Disk:
    """How much is free."""

    def __init__(self) -> None:
        self.free = 1000 * MIB

    def __call__(self, _: Path) -> int:
        return self.free


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / str(uuid.UUID(int=1))
    made.mkdir()
    return made


@pytest.fixture
def room(tmp_path: Path, disk: Disk) -> SpoolRoom:
    return SpoolRoom(tmp_path, BOUNDS, disk)


async def test_the_limit_holds_at_once_and_some_room_ends_it(room: SpoolRoom, folder: Path) -> None:
    (folder / "000000.flseg").write_bytes(bytes(900))
    await room.look()
    assert room.full == ""
    room.wrote(100)
    assert room.full == ""
    room.wrote(1)
    assert "spool is full" in room.full
    (folder / "000000.flseg").write_bytes(bytes(901))
    await room.look()
    assert room.full
    (folder / "000000.flseg").write_bytes(bytes(900))
    await room.look()
    assert room.full == ""


async def test_what_was_uploaded_is_seen_near_the_limit_only(room: SpoolRoom, folder: Path) -> None:
    await room.look()
    room.wrote(790)
    (folder / "x").write_bytes(bytes(10))
    await room.look()
    room.wrote(210)
    assert room.full == ""  # as counted: 1000
    await room.look()
    room.wrote(900)  # as counted anew: 910
    assert room.full == ""
    room.wrote(91)
    assert room.full


async def test_others_keep_their_share_of_the_disk(room: SpoolRoom, disk: Disk) -> None:
    disk.free = 100 * MIB - 1
    await room.look()
    assert room.full == "99 MiB are free on the spool's disk, 100 MiB are to stay free"
    disk.free = 103 * MIB
    await room.look()
    assert room.full
    disk.free = 104 * MIB
    await room.look()
    assert room.full == ""


async def test_a_full_disk_is_full_until_it_has_more_room(tmp_path: Path, disk: Disk) -> None:
    room = SpoolRoom(tmp_path, SpoolBounds(1000, 0), disk)
    disk.free = 0
    await room.look()
    assert room.full == ""
    room.failed(OSError(errno.ENOSPC, "full"))
    assert room.full == "the disk is full"
    disk.free = 3 * MIB
    await room.look()
    assert room.full == "the disk is full"
    disk.free = 4 * MIB
    await room.look()
    assert room.full == ""


async def test_what_failed_when_room_had_been_made_is_tried_again_after_a_while(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = SpoolRoom(tmp_path, SpoolBounds(1000, 0), disk)
    disk.free = 90 * MIB
    room.failed(OSError(errno.ENOSPC, "full"))
    await room.look()
    assert room.full == "the disk is full"
    monkeypatch.setattr(spool_room, "TRY_AGAIN_S", 0.0)
    await room.look()
    assert room.full == ""


def test_files_are_measured(tmp_path: Path, folder: Path) -> None:
    assert measure(tmp_path).oldest_at_ms is None
    (folder / "000001.open").write_bytes(b"12345")
    (folder / "000000.flseg").write_bytes(b"123")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_bytes(b"not counted")
    found = measure(tmp_path)
    sealed_ms = (folder / "000000.flseg").stat().st_mtime_ns // 1_000_000
    assert (found.size_bytes, found.oldest_at_ms) == (8, sealed_ms)
    assert measure(tmp_path / "missing").size_bytes == 0
    assert free_bytes_of(tmp_path) > 0


async def test_it_is_looked_at_near_the_limit_and_when_a_write_failed(
    room: SpoolRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_room, "LOOK_S", 0.0)
    monkeypatch.setattr(spool_room, "QUIET_LOOK_S", 600.0)
    await room.look()
    waiting = asyncio.ensure_future(room.change())
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    room.wrote(799)
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    room.wrote(1)
    async with asyncio.timeout(60):
        await waiting
    room.wrote(-800)
    await room.look()
    room.failed(OSError(errno.ENOSPC, "full"))
    async with asyncio.timeout(60):
        await room.change()
        await room.look()
        assert room.full
        await room.change()  # is looked at again and again until it is not full any more


async def test_who_writes_finds_what_is_free(room: SpoolRoom, disk: Disk) -> None:
    await room.look()
    room.found(room.free_now())
    assert room.full == ""
    disk.free = 100 * MIB - 1
    room.found(room.free_now())
    assert room.full == "99 MiB are free on the spool's disk, 100 MiB are to stay free"
    disk.free = 104 * MIB
    room.found(room.free_now())
    assert room.full, "until it was looked at"
    await room.look()
    assert room.full == ""


async def test_a_disk_that_does_not_tell_is_no_failed_write(tmp_path: Path) -> None:
    def broken(_: Path) -> int:
        raise OSError(errno.EIO, "Input/output error")

    room = SpoolRoom(tmp_path, BOUNDS, broken)
    room.found(room.free_now())
    assert room.full == ""


async def test_it_is_looked_at_now_and_then(
    room: SpoolRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_room, "LOOK_S", 0.0)
    monkeypatch.setattr(spool_room, "QUIET_LOOK_S", 0.01)
    await room.look()
    async with asyncio.timeout(60):
        await room.change()


async def test_a_disk_that_takes_nothing_is_tried_again(tmp_path: Path, disk: Disk) -> None:
    room = SpoolRoom(tmp_path, SpoolBounds(1000, 0), disk)
    room.failed(OSError(errno.EROFS, "Read-only file system"))
    assert room.full == "the spool cannot be written: Read-only file system"
    await room.look()
    assert room.full == ""
