from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.unit.archive.conftest import DAY_MS, Archive

from footlight.archive import activity, indexing
from footlight.archive.indexing import Indexing, event_text
from footlight.archive.keys import RecordingKeys
from footlight.recording.index import stored_index
from footlight.store import schema
from footlight.store.schema_keeping import recording_events as _e

GOLDEN = Path(__file__).parents[2] / "data" / "golden-0"
KEYS = RecordingKeys(bytes(32))
SEGMENTS = sorted(GOLDEN.glob("*.flseg"))


def told() -> list[tuple[int, int, str]]:
    """Segment, moment and type of each event of the golden recording."""
    found = []
    for number, path in enumerate(SEGMENTS):
        with path.open("rb") as file:
            events = stored_index(file).events
        found += [(number, event["atNs"] // 1_000_000, event["type"]) for event in events]
    return found


async def golden(archive: Archive, segments: int = len(SEGMENTS), **given: Any) -> str:
    recording_id = await archive.add(files=0, **given)
    sealed = update(schema.recordings).values(sealed_count=len(SEGMENTS))
    await archive.rooms.store.write(lambda tx: tx.connection.execute(sealed) and None)
    for path in SEGMENTS[:segments]:
        await archive.objects.put_file(f"{recording_id}/{path.name}", path)
    return recording_id


def duty(archive: Archive) -> Indexing:
    return Indexing(archive.rooms.store, archive.objects, archive.clock, KEYS)


async def rows(archive: Archive) -> list[Any]:
    query = select(_e).order_by(_e.c.uid)
    return list(await archive.rooms.store.read(lambda c: list(c.execute(query))))


async def test_events_and_activity_of_sealed_segments(archive: Archive) -> None:
    recording_id = await golden(archive)
    assert await duty(archive).look() == len(SEGMENTS)
    assert [(row.segment, row.at_ms, row.type) for row in await rows(archive)] == told()
    strip = activity.read((await archive.row(recording_id)).activity)
    assert sum(strip.pixels) > 0
    assert await duty(archive).look() == 0
    assert len(await rows(archive)) == len(told())


async def test_what_is_not_stored_yet_is_read_when_it_is(archive: Archive) -> None:
    recording_id = await golden(archive, segments=1)
    assert await duty(archive).look() == 1
    assert await duty(archive).look() == 0
    assert (await archive.row(recording_id)).indexed_count == 1
    for path in SEGMENTS[1:]:
        await archive.objects.put_file(f"{recording_id}/{path.name}", path)
    assert await duty(archive).look() == len(SEGMENTS) - 1
    assert [(row.segment, row.at_ms, row.type) for row in await rows(archive)] == told()


async def test_a_segment_that_never_comes_is_not_waited_for(archive: Archive) -> None:
    recording_id = await golden(archive, segments=0)
    assert await duty(archive).look() == 0
    archive.clock.advance(2 * DAY_MS)
    assert await duty(archive).look() == len(SEGMENTS)
    assert (await archive.row(recording_id)).indexed_count == len(SEGMENTS)
    assert await rows(archive) == []


async def test_a_broken_segment_is_left_out(archive: Archive) -> None:
    recording_id = await golden(archive, segments=0)
    for number, path in enumerate(SEGMENTS):
        data = b"broken" if number == 0 else path.read_bytes()
        await archive.objects.put(f"{recording_id}/{path.name}", data)
    assert await duty(archive).look() == len(SEGMENTS)
    assert {row.segment for row in await rows(archive)} == {one[0] for one in told() if one[0]}


async def test_a_deleted_recording_gets_no_rows(archive: Archive) -> None:
    recording_id = await golden(archive)
    admin = archive.rooms.admin
    await archive.rooms.store.write(
        lambda tx: archive.undertaker.bury(tx, recording_id, admin, "x")
    )
    with SEGMENTS[0].open("rb") as file:
        index = stored_index(file)
    done = await archive.rooms.store.write(lambda tx: indexing._note(tx, recording_id, 0, index))
    assert not done
    assert await rows(archive) == []


async def test_it_works_by_itself(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "LOOK_EACH_S", 0.01)
    part = duty(archive)
    await part.start()
    await golden(archive)
    async with asyncio.timeout(30):
        while len(await rows(archive)) < len(told()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await part.stop()
    await part.stop()


def test_what_an_event_says() -> None:
    event = {"type": "window", "atNs": 5, "title": "Bücher", "argv": ["a", 1, "b"], "sha256": "no"}
    assert event_text(event) == "Bücher a b"
    assert event_text({"type": "idle", "atNs": 5, "count": 3, "deep": {"a": "b"}}) == ""
    assert event_text({"x": "y\0" * 999}) == ("y" * 512)
