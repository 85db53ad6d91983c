from collections.abc import Callable

import pytest

from footlight.agent import reel_disk
from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.reel_disk import ReelDisk
from footlight.agent.spool import Begun, SpoolFolder


class Track:
    """A disk lane of a recording that was just created, and what it said."""

    def __init__(self, desk: Desk, order: BeginRecording) -> None:
        self.folder = SpoolFolder(desk.spool / order.recording_id)
        self.begun = Begun(order=order, machine_boot="this boot")
        self.folder.create(self.begun)
        self.failures: list[OSError] = []
        self.backlogs: list[int] = []
        self.told: list[object] = []
        self.disk = ReelDisk(desk, self.folder, self.failures.append, self._behind)

    def _behind(self) -> None:
        self.backlogs.append(self.disk.backlog_bytes)

    def tell(self, what: object) -> Callable[[], None]:
        return lambda: self.told.append(what)

    def bytes_of(self, number: int) -> bytes:
        return (self.folder.path / f"{number:06d}.open").read_bytes()


@pytest.fixture
def track(desk: Desk, order: BeginRecording) -> Track:
    return Track(desk, order)


async def test_what_is_gathered_reaches_the_disk_in_order(track: Track) -> None:
    disk = track.disk
    disk.open(0, None)
    for data in (b"one ", b"", b"two "):
        disk.take(data)
    assert track.backlogs == [4, 8]
    disk.flush(track.told.append)
    disk.take(b"three")
    disk.close(track.tell("closed"))
    disk.open(1, None)
    await disk.settle()
    assert track.told == [8, "closed"]
    assert track.bytes_of(0) == b"one two three"
    assert track.backlogs[-1] == disk.backlog_bytes == 0
    assert (disk.take_new_bytes(), disk.take_new_bytes()) == (13, 0)
    disk.let_go()
    disk.let_go()


async def test_much_is_due_at_once(track: Track, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reel_disk, "FLUSH_AT_BYTES", 8)
    track.disk.open(0, None)
    track.disk.take(b"seven b")
    assert not track.disk.due
    track.disk.take(b"!")
    assert track.disk.due
    track.disk.flush(track.told.append)
    assert not track.disk.due
    await track.disk.settle()
    track.disk.let_go()


async def test_what_was_begun_is_saved_before_the_file_is_there(track: Track) -> None:
    track.folder.path.joinpath("recording.json").unlink()
    track.disk.open(0, track.begun)
    await track.disk.settle()
    assert track.folder.read_begun() == track.begun
    track.disk.let_go()


async def test_a_failure_is_told_and_nothing_follows_it(track: Track) -> None:
    track.folder.path.joinpath("000000.open").touch()
    track.disk.open(0, None)
    track.disk.take(b"bytes")
    track.disk.flush(track.told.append)
    await track.disk.settle()
    assert [type(failure) for failure in track.failures] == [FileExistsError]
    assert track.told == []
    assert track.disk.backlog_bytes == 5
