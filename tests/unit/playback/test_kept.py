from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from footlight.archive.keys import RecordingKeys
from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.errors import NotFound, Unavailable
from footlight.ids import new_guid
from footlight.objects.folder import FolderObjects
from footlight.playback import kept as keeping
from footlight.playback.kept import Kept, Recorded
from footlight.wire.host import ReadSegment, SegmentPiece, decode, encode

KEYS = RecordingKeys(b"r" * 32)
MACHINE = "11111111-1111-4111-8111-111111111111"


class Spool:
    """A host's spool: segment number to (bytes, open)."""

    def __init__(self) -> None:
        self.segments: dict[int, tuple[bytes, bool]] = {}
        self.questions = 0

    async def answer(self, payload: bytes) -> bytes:
        self.questions += 1
        asked = decode(ReadSegment, payload)
        if asked.number not in self.segments:
            return encode(SegmentPiece(found=False))
        data, is_open = self.segments[asked.number]
        piece = data[asked.offset : asked.offset + asked.length]
        return encode(SegmentPiece(found=True, data=piece, size=len(data), open=is_open))


class Place:
    """A store, a spool and what is kept between them."""

    def __init__(self, folder: Path) -> None:
        self.bus = InProcessBus()
        self.objects = FolderObjects(folder / "objects")
        self.kept = Kept(folder / "copies", self.objects, self.bus, KEYS)
        self.spool = Spool()
        self.id = new_guid()

    def recorded(self, final: bool = False) -> Recorded:
        return Recorded(self.id, MACHINE, final)

    async def names(self, final: bool = False) -> dict[str, bytes]:
        async with self.kept.whole(self.recorded(final)) as source:
            return {p.name: p.read_bytes() for p in sorted(source.folder.iterdir())}


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    await made.kept.start()
    await made.bus.serve(subjects.segments(MACHINE), made.spool.answer)
    return made


async def test_sealed_from_the_store_and_open_from_the_host(place: Place) -> None:
    await place.objects.put(f"{place.id}/000000.flseg", b"sealed")
    place.spool.segments[1] = (b"tail", True)
    assert await place.names() == {"000000.flseg": b"sealed", "000001.open": b"tail"}


async def test_an_open_segment_grows_by_what_is_new(place: Place) -> None:
    place.spool.segments[0] = (b"one", True)
    await place.names()
    place.spool.segments[0] = (b"one, two", True)
    assert await place.names() == {"000000.open": b"one, two"}


async def test_a_sealed_segment_in_the_spool_replaces_the_open_copy(place: Place) -> None:
    place.spool.segments[0] = (b"one", True)
    await place.names()
    place.spool.segments[0] = (b"One and its seal", False)
    assert await place.names() == {"000000.flseg": b"One and its seal"}


async def test_a_tail_that_was_cut_is_read_afresh(place: Place) -> None:
    place.spool.segments[0] = (b"a long torn tail", True)
    await place.names()
    place.spool.segments[0] = (b"cut", True)
    assert await place.names() == {"000000.open": b"cut"}


async def test_more_than_one_piece(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "PIECE_BYTES", 3)
    await place.objects.put(f"{place.id}/000000.flseg", b"12345678")
    place.spool.segments[1] = (b"abcdefgh", False)
    place.spool.segments[2] = (b"ABCDEFGH", True)
    assert await place.names() == {
        "000000.flseg": b"12345678",
        "000001.flseg": b"abcdefgh",
        "000002.open": b"ABCDEFGH",
    }


async def test_a_finished_recording_is_brought_once(place: Place) -> None:
    await place.objects.put(f"{place.id}/000000.flseg", b"sealed")
    await place.objects.put(f"{place.id}/manifest.json", b"{}")
    await place.names(final=True)
    asked = place.spool.questions
    assert set(await place.names(final=True)) == {"000000.flseg", "manifest.json"}
    assert place.spool.questions == asked


async def test_one_segment_alone(place: Place) -> None:
    place.spool.segments[4] = (b"four", True)
    async with place.kept.segment(place.recorded(), 4) as (path, is_open):
        assert (path.read_bytes(), is_open) == (b"four", True)
    with pytest.raises(NotFound):
        async with place.kept.segment(place.recorded(), 5):
            pass


async def test_the_manifest_of_a_recording_that_has_just_ended_is_waited_for(place: Place) -> None:
    await place.objects.put(f"{place.id}/000000.flseg", b"sealed")
    asked = asyncio.create_task(place.names(final=True))
    await asyncio.sleep(0.02)
    await place.objects.put(f"{place.id}/manifest.json", b"{}")
    assert set(await asked) == {"000000.flseg", "manifest.json"}


async def test_a_silent_host_hides_nothing_of_a_finished_recording(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MANIFEST_WITHIN_S", 0)
    await place.bus.close()
    await place.objects.put(f"{place.id}/000000.flseg", b"sealed")
    assert set(await place.names(final=True)) == {"000000.flseg"}
    with pytest.raises(Unavailable):
        await place.names()


async def test_least_recently_used_copies_go(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "COPIES_AT_MOST_BYTES", 10)
    folders = []
    for _ in range(3):
        place.id = new_guid()
        await place.objects.put(f"{place.id}/000000.flseg", b"123456")
        async with place.kept.whole(place.recorded()) as source:
            folders.append(source.folder)
            assert source.folder.exists()
    assert [folder.exists() for folder in folders] == [False, False, True]


async def test_growth_is_told_at_once(place: Place) -> None:
    place.spool.segments[0] = (b"12", True)

    async def grow() -> None:
        await asyncio.sleep(0.1)
        place.spool.segments[0] = (b"123", True)

    growing = asyncio.ensure_future(grow())
    async with asyncio.timeout(20):
        await place.kept.grown(place.recorded(), 0, 2, 30.0)
    assert growing.done()
    await growing


async def test_growth_is_not_waited_for_where_there_is_none(place: Place) -> None:
    place.spool.segments[0] = (b"12", False)
    async with asyncio.timeout(20):
        for number, after in ((0, 2), (1, 0)):  # sealed; not there
            await place.kept.grown(place.recorded(), number, after, 30.0)
        place.spool.segments[0] = (b"12", True)
        await place.kept.grown(place.recorded(final=True), 0, 2, 30.0)
        await place.kept.grown(place.recorded(), 0, 1, 30.0)
        await place.kept.grown(place.recorded(), 0, 2, 0.1)  # the time is over


async def test_a_copy_is_forgotten(place: Place) -> None:
    await place.objects.put(f"{place.id}/000000.flseg", b"sealed")
    assert await place.names()
    await place.kept.forget(place.id)
    await place.kept.forget(place.id)
    await place.objects.delete(f"{place.id}/000000.flseg")
    assert await place.names() == {}
