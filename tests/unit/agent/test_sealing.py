import asyncio
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec
import pytest

from footlight.agent import reel as reels
from footlight.agent import sealer_link, sealing
from footlight.agent.desk import Desk
from footlight.agent.processes import is_alive
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.recovery import recover
from footlight.agent.reel import Reel
from footlight.agent.reel_opening import open_reel
from footlight.agent.sealer_link import Sealer
from footlight.agent.sealing import Press
from footlight.agent.spool import SpoolFolder
from footlight.recording.chain import read_manifest
from footlight.recording.cipher import DataKey
from footlight.recording.format import Encoding
from footlight.recording.frames import read_header
from footlight.recording.source import FolderSource
from footlight.recording.verify import Verdict, verify_recording
from footlight.wire.host import RecordingFacts, RecordingKey

TILES = [(0, 0, 64, 64, int(Encoding.RAW), bytes(range(256)) * 64)]
PICTURE = [(0, 0, 8, 8, int(Encoding.ZRLE), b"\x01abc")]
KEY = RecordingKey(data_key=b"k" * 32, wrapped="wrapped")
WITHIN_S = 30


@pytest.fixture
def secret(order: BeginRecording) -> BeginRecording:
    return msgspec.structs.replace(order, key=KEY)


def checked(path: Path) -> Verdict:
    return verify_recording(FolderSource(path, DataKey(KEY.data_key)), every_record=True)


def spoolings(desk: Desk, order: BeginRecording) -> tuple[SpoolFolder, set[str]]:
    folder = SpoolFolder(desk.spool / order.recording_id)
    return folder, {path.name for path in folder.path.glob("*[0-9].*")}


class Held:
    """The press is busy with something else until let go."""

    def __init__(self, press: Press) -> None:
        self._go = threading.Event()
        self._job = press.pool.submit(self._go.wait, WITHIN_S)

    def let_go(self) -> None:
        self._go.set()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def three_closed(reel: Reel) -> None:
    for _ in range(3):
        reel.begin_segment(8, 8, PICTURE)
        reel.seal()


async def test_segments_are_sealed_in_order_with_the_key(
    desk: Desk, secret: BeginRecording, reported: list[RecordingFacts]
) -> None:
    reel = await open_reel(desk, secret)
    three_closed(reel)
    await reel.complete("over")
    folder, names = spoolings(desk, secret)
    assert names == {"000000.flseg", "000001.flseg", "000002.flseg"}
    verdict = checked(folder.path)
    assert (verdict.status, verdict.findings) == ("unchanged-unknown-signer", [])
    with (folder.path / "000001.flseg").open("rb") as file:
        header, _ = read_header(file)
    assert (header.encrypted, header.wrapped_key) == (True, "wrapped")
    manifest = read_manifest(folder.manifest() or b"").manifest
    assert manifest.encryption is not None
    assert (manifest.encryption.cipher, manifest.encryption.wrapped_key) == (
        "AES-256-GCM",
        "wrapped",
    )
    assert reported[-1].sealed_count == 3
    assert verify_recording(FolderSource(folder.path)).findings == [], "no key is needed"


async def test_the_host_forgets_the_key_with_the_manifest(
    desk: Desk, secret: BeginRecording
) -> None:
    folder, _ = spoolings(desk, secret)
    reel = await open_reel(desk, secret)
    reel.begin_segment(8, 8, PICTURE)
    await reel.suspend("why")
    begun = folder.read_begun()
    assert begun is not None
    assert begun.order.key == KEY
    assert (folder.path / "recording.json").stat().st_mode & 0o077 == 0
    assert "kkkk" not in repr(begun)
    unkeyed = msgspec.structs.replace(secret, key=None)
    reel = await open_reel(desk, unkeyed)  # what it began with it goes on with
    reel.begin_segment(8, 8, PICTURE)
    await reel.complete("over")
    begun = folder.read_begun()
    assert begun is not None
    assert begun.order.key is None
    with (folder.path / "000001.flseg").open("rb") as file:
        assert read_header(file)[0].encrypted


async def test_recording_goes_on_while_segments_wait(
    desk: Desk, secret: BeginRecording, reported: list[RecordingFacts]
) -> None:
    held = Held(desk.press)
    reel = await open_reel(desk, secret)
    three_closed(reel)
    reel.begin_segment(8, 8, PICTURE)
    reel._flush()
    await reel._disk.settle()
    folder, names = spoolings(desk, secret)
    assert names == {f"00000{number}.open" for number in range(4)}
    assert verify_recording(FolderSource(folder.path)).status == "unfinished"
    facts = reel.facts()
    assert (facts.segment_count, facts.sealed_count) == (4, 0)
    assert facts.size_bytes == sum((folder.path / name).stat().st_size for name in names)
    held.let_go()
    await until(lambda: reel.facts().sealed_count == 3)
    assert checked(folder.path).status == "unfinished"
    await reel.complete("over")
    assert checked(folder.path).findings == []
    assert desk.press.waiting == 0


async def test_a_screen_waits_for_a_press_that_is_far_behind(
    desk: Desk, order: BeginRecording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "MAX_WAITING_OF_ONE", 2)
    held = Held(desk.press)
    reel = await open_reel(desk, order)
    ready: list[bool] = []
    reel.on_disk_ready = lambda: ready.append(reel.clogged)
    three_closed(reel)
    await reel._disk.settle()
    assert reel.clogged
    held.let_go()
    await until(lambda: ready)
    assert not ready[0]
    await reel.complete("over")


class Scribe(Sealer):
    """Says that it cannot, and notes whether it should have gone on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Callable[[], bool]] = []
        self.prepared = 0

    def prepare(self) -> None:
        self.prepared += 1

    def recompress(
        self, source: BinaryIO, sink: BinaryIO, body_bytes: int, go_on: Callable[[], bool]
    ) -> bool:
        self.asked.append(go_on)
        assert go_on()
        sink.write(b"given up")
        return False


async def test_only_what_is_worth_it_is_written_anew(
    desk: Desk, order: BeginRecording, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.press.sealer = scribe = Scribe()
    reel = await open_reel(desk, order)
    reel.begin_segment(8, 8, PICTURE)
    reel.seal()
    await until(lambda: reel.facts().sealed_count == 1)
    assert scribe.asked[0]()
    monkeypatch.setattr(sealing, "MAX_WAITING", -1)
    assert not scribe.asked[0](), "it has fallen behind meanwhile"
    reel.begin_segment(8, 8, PICTURE)
    reel.seal()
    await until(lambda: reel.facts().sealed_count == 2)
    assert len(scribe.asked) == 1
    monkeypatch.setattr(sealing, "MAX_WAITING", 4)
    reel.begin_segment(8, 8, PICTURE)
    await reel.complete("over")
    assert scribe.prepared == 1
    assert len(scribe.asked) == 2, "the last one, too, if that does not take long"
    verdict = verify_recording(FolderSource(spoolings(desk, order)[0].path), every_record=True)
    assert verdict.findings == []


@pytest.mark.parametrize("ending", ["complete", "suspend"])
async def test_whoever_waits_for_the_end_gets_it_soon(
    desk: Desk, order: BeginRecording, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(reels, "LAST_GRACE_S", 0.0)
    desk.press.sealer = scribe = Scribe()
    reel = await open_reel(desk, order)
    reel.begin_segment(8, 8, PICTURE)
    await getattr(reel, ending)("over")
    assert reel.facts().sealed_count == 1
    assert scribe.asked == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_its_sealer_a_recording_goes_on_and_holds(
    desk: Desk,
    secret: BeginRecording,
    monkeypatch: pytest.MonkeyPatch,
    how: signal.Signals,
) -> None:
    desk.press.sealer = sealer = Sealer()
    monkeypatch.setattr(sealer_link, "HUNG_S", 1.0)
    reel = await open_reel(desk, secret)
    reel.begin_segment(64, 64, TILES)
    reel.update(TILES)
    reel.seal()
    await until(lambda: reel.facts().sealed_count == 1)
    pid = sealer.pid
    assert pid is not None
    os.kill(pid, how)
    for _ in range(3):
        reel.begin_segment(64, 64, TILES)
        reel.update(TILES)
        reel.seal()
    reel.begin_segment(64, 64, TILES)
    reel._flush()
    await reel._disk.settle()  # neither disk nor loop waits for it
    if how == signal.SIGSTOP:
        assert reel.facts().sealed_count == 1
    await until(lambda: reel.facts().sealed_count == 4)
    assert not is_alive(pid)
    await reel.complete("over")
    folder, _ = spoolings(desk, secret)
    verdict = checked(folder.path)
    assert (verdict.status, verdict.findings) == ("unchanged-unknown-signer", [])
    sizes = [(folder.path / f"00000{number}.flseg").stat().st_size for number in (0, 1)]
    assert sizes[0] < sizes[1], "one was written anew, the next one not"


@pytest.mark.parametrize("dies", ["sealing", "renamed", "journal"])
async def test_a_death_while_sealing_loses_nothing(
    desk: Desk, secret: BeginRecording, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    held = Held(desk.press)
    reel = await open_reel(desk, secret)
    three_closed(reel)
    await reel._disk.settle()
    folder, _ = spoolings(desk, secret)
    opened = {path.name: path.read_bytes() for path in folder.path.glob("*.open")}
    held.let_go()
    await reel._settle()
    # As the disk was at that moment of the second one:
    lines = (folder.path / "sealed.jsonl").read_bytes().split(b"\n\n")
    for name in ("000001.open", "000002.open"):
        (folder.path / name).write_bytes(opened[name])
    (folder.path / "000002.flseg").unlink()
    if dies == "sealing":
        (folder.path / "000001.flseg").rename(folder.path / ".sealing.tmp")
    kept = lines[:2] if dies == "journal" else lines[:1]
    (folder.path / "sealed.jsonl").write_bytes(b"\n\n".join(kept) + b"\n")
    if dies == "journal":
        (folder.path / "000001.flseg").unlink()  # uploaded already
    progress = recover(desk, folder, secret)
    assert [line.entry.number for line in progress.lines] == [0, 1, 2]
    assert spoolings(desk, secret)[1] == {
        f"00000{number}.flseg" for number in range(3) if dies != "journal" or number != 1
    }
    if dies != "journal":
        assert checked(folder.path).findings == []


async def test_a_number_without_a_picture_goes_to_the_next(
    desk: Desk, secret: BeginRecording
) -> None:
    held = Held(desk.press)
    reel = await open_reel(desk, secret)
    three_closed(reel)
    await reel._disk.settle()
    reel._timers.stop()
    folder, _ = spoolings(desk, secret)
    copy = {path.name: path.read_bytes() for path in folder.path.glob("*.open")}
    held.let_go()
    await reel._settle()
    for path in folder.path.glob("*.flseg"):
        path.unlink()
    (folder.path / "sealed.jsonl").unlink()
    for name, data in copy.items():
        (folder.path / name).write_bytes(data[:50] if name == "000001.open" else data)
    assert [line.entry.number for line in recover(desk, folder, secret).lines] == [0, 1]
    assert checked(folder.path).findings == []
