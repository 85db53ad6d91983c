"""A store that is down for an hour, on a clock that the test moves: recording goes on, in a spool with a bound, and
afterwards everything arrives and verifies."""

from __future__ import annotations

import asyncio
import dataclasses
import random
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.agent import uploader as uploading
from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.reel import Reel
from footlight.agent.reel_opening import open_reel
from footlight.agent.sealing import Press
from footlight.agent.spool_room import SpoolBounds, SpoolRoom, measure
from footlight.agent.uploader import Uploader
from footlight.clock import FakeClock
from footlight.errors import Unavailable
from footlight.objects.folder import FolderObjects
from footlight.objects.objects import Objects
from footlight.objects.s3 import S3Objects
from footlight.recording.chain import read_manifest
from footlight.recording.format import Encoding
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.wire.host import RecordingFacts
from swift_server import SwiftServer

SEGMENT_MS = 180_000  # the screen changes every three minutes
HOUR_MS = 3_600_000
KEY_FRAME_BYTES = 20_000


class Away:
    """A store that takes nothing while `down`."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.down = True
        self.refused = 0

    async def put_file(self, key: str, source: Path) -> None:
        if self.down:
            self.refused += 1
            raise Unavailable("the object store does not answer in time")
        await self.objects.put_file(key, source)


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Away:
    if request.param == "folder":
        return Away(FolderObjects(tmp_path / "objects"))
    swift: SwiftServer = request.getfixturevalue("swift")
    return Away(S3Objects(swift.bucket()))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    spool = tmp_path / "spool"
    spool.mkdir()
    with ThreadPoolExecutor(2) as pool, closing(Press()) as press:
        yield Desk(
            spool=spool,
            key=Ed25519PrivateKey.generate(),
            certificate=None,
            boot_id=b"bootboot",
            machine_boot="this boot",
            pool=pool,
            press=press,
            clock=FakeClock(),
            report=lambda _: None,
            room=SpoolRoom(spool, SpoolBounds(1 << 40, 0)),
        )


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(uploading, "MAX_RETRY_S", 0.02)


def order_of() -> BeginRecording:
    return BeginRecording(
        recording_id=str(uuid.uuid4()),
        session_id=str(uuid.uuid4()),
        rfb_path="",
        site_id=str(uuid.uuid4()),
        user_name="TEST\\ada",
        machine_name="TEST\\HOST",
        resource_name="Desktop",
        reason="on-demand",
        ordered_by="TEST\\root",
        notify=False,
    )


async def record_a_segment(desk: Desk, reel: Reel, number: int) -> None:
    """A key frame and a change."""
    picture = random.Random(number).randbytes(KEY_FRAME_BYTES)  # as zstd leaves it
    reel.begin_segment(8, 8, [(0, 0, 8, 8, int(Encoding.ZRLE), picture)])
    assert isinstance(desk.clock, FakeClock)
    desk.clock.advance(SEGMENT_MS)
    reel.update([(0, 0, 1, 1, int(Encoding.ZRLE), number.to_bytes(4, "big"))])
    reel.seal()
    await reel._disk.settle()


async def brought(objects: Objects, recording_id: str, folder: Path) -> FolderSource:
    """The recording as the store has it, in a folder."""
    folder.mkdir()
    keys: AsyncIterator[str] = objects.list(f"{recording_id}/")
    async for key in keys:
        (folder / key.rpartition("/")[2]).write_bytes(await objects.get(key))
    return FolderSource(folder)


@pytest.mark.usefixtures("quick_retries")
async def test_an_hour_without_a_store_loses_nothing(
    desk: Desk, store: Away, tmp_path: Path
) -> None:
    order = order_of()
    uploader = Uploader(desk.spool, store, desk.clock)
    reel = await open_reel(desk, order)
    began_ms = desk.clock.now_ms()
    for number in range(HOUR_MS // SEGMENT_MS):
        await record_a_segment(desk, reel, number)
        uploader.nudge(order.recording_id)
        await asyncio.sleep(0)
    assert desk.clock.now_ms() - began_ms == HOUR_MS
    while store.refused < 2:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    assert uploader.failing is not None
    assert "does not answer" in uploader.failing.reason
    assert reel.facts().status == "recording"
    assert measure(desk.spool).size_bytes > 20 * KEY_FRAME_BYTES
    await reel.complete("over")
    store.down = False
    uploader.nudge(order.recording_id)
    await asyncio.wait_for(uploader.drain(), 60)
    assert uploader.failing is None
    assert measure(desk.spool).oldest_at_ms is None
    source = await brought(store.objects, order.recording_id, tmp_path / "brought")
    verdict = verify_recording(source, every_record=True)
    assert verdict.status == "unchanged-unknown-signer"
    manifest = source.manifest()
    assert manifest is not None
    told = read_manifest(manifest).manifest
    assert (len(told.segments), told.gaps, told.duration_ms) == (20, [], HOUR_MS)


@pytest.mark.expects_errors
@pytest.mark.usefixtures("quick_retries")
async def test_at_the_spool_s_bound_the_recording_pauses_and_says_so(
    desk: Desk, store: Away, tmp_path: Path
) -> None:
    """By the reel's own steps, as the tape takes them; the tape is in tests/unit/agent/test_tape.py."""
    limit = 12 * KEY_FRAME_BYTES
    reported: list[RecordingFacts] = []
    room = SpoolRoom(desk.spool, SpoolBounds(limit, 0))
    desk = dataclasses.replace(desk, room=room, report=reported.append)
    order = order_of()
    uploader = Uploader(desk.spool, store, desk.clock)
    reel = await open_reel(desk, order)
    paused_ms = 0
    for number in range(HOUR_MS // SEGMENT_MS):
        await room.look()
        if room.full:
            reel.pause(room.full)
            paused_ms = paused_ms or desk.clock.now_ms()
            assert isinstance(desk.clock, FakeClock)
            desk.clock.advance(SEGMENT_MS)
            continue
        await record_a_segment(desk, reel, number)
        uploader.nudge(order.recording_id)
        assert measure(desk.spool).size_bytes < limit + 2 * KEY_FRAME_BYTES
    assert paused_ms
    assert "spool is full" in (reported[-1].error or "")
    assert reported[-1].status == "starting"
    went_on_ms = desk.clock.now_ms()
    store.down = False
    await asyncio.wait_for(uploader.drain(), 60)
    await room.look()
    assert room.full == ""
    await record_a_segment(desk, reel, 1)
    assert (reported[-1].status, reported[-1].error) == ("recording", None)
    await reel.complete("over")
    uploader.nudge(order.recording_id)
    await asyncio.wait_for(uploader.drain(), 60)
    source = await brought(store.objects, order.recording_id, tmp_path / "brought")
    assert verify_recording(source, every_record=True).status == "unchanged-unknown-signer"
    manifest = source.manifest()
    assert manifest is not None
    (gap,) = read_manifest(manifest).manifest.gaps
    assert (gap.cause, (gap.to_ns - gap.from_ns) // 10**6) == ("spool-full", went_on_ms - paused_ms)
