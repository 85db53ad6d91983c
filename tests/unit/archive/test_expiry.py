from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.unit.archive.conftest import Archive

from footlight.archive import expiry, holds, retention
from footlight.archive.expiry import Expiry, Trial
from footlight.archive.retention import RetentionClass
from footlight.errors import Unavailable
from footlight.store import schema


@pytest.fixture
async def kept_a_week(archive: Archive) -> Archive:
    week = RetentionClass("Week", "", 7, False)
    await archive.rooms.store.write(lambda tx: retention.create(tx, archive.rooms.admin, week))
    return archive


def duty(archive: Archive, objects: Any = None) -> Expiry:
    return Expiry(
        archive.rooms.store, objects or archive.objects, archive.clock, archive.undertaker
    )


async def due(archive: Archive, **given: Any) -> list[str]:
    trial = Trial(archive.clock.now_ms(), **given)
    rows = await archive.rooms.store.read(lambda c: list(c.execute(expiry.due(trial))))
    return [row.id for row in sorted(rows, key=lambda row: int(row.uid))]


async def test_what_is_past_its_time_goes_and_nothing_else(kept_a_week: Archive) -> None:
    archive = kept_a_week
    old = await archive.add(days_old=7.01, retention_class="Week")
    young = await archive.add(days_old=6.9, retention_class="Week")
    for_ever = await archive.add(days_old=3000)
    held = await archive.add(days_old=90, retention_class="Week")
    row = await archive.row(held)
    await archive.rooms.store.write(lambda tx: holds.place(tx, archive.rooms.admin, row, "c"))
    assert await due(archive) == [old, held]
    assert await due(archive, keep_days=1) == [old, young, for_ever, held]
    assert await due(archive, keep_days=1, class_name="Standard") == [for_ever]
    assert await duty(archive).look() == 1
    assert await archive.row(old) is None
    assert await archive.keys(old) == []
    for one in (young, for_ever, held):
        assert await archive.row(one) is not None
        assert len(await archive.keys(one)) == 2
    (entry,) = await archive.entries("RecordingDeleted")
    assert (entry.account_id, entry.object_id) == ("", old)
    assert "retention class Week" in entry.entry


async def test_a_recording_without_a_class_has_the_default_one(kept_a_week: Archive) -> None:
    archive = kept_a_week
    one = await archive.add(days_old=8)
    week = RetentionClass("Week", "", 7, True)
    await archive.rooms.store.write(
        lambda tx: retention.change(tx, archive.rooms.admin, "Week", week)
    )
    assert await due(archive) == []  # it was ordered as Standard
    none = schema.recordings.update().values(retention_class=None)
    await archive.rooms.store.write(lambda tx: tx.connection.execute(none) and None)
    assert await due(archive) == [one]


class Failing:
    """A store of objects that answers no more after some deletions."""

    def __init__(self, objects: Any, after: int) -> None:
        self._objects = objects
        self._left = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    async def delete(self, key: str) -> None:
        if self._left == 0:
            raise Unavailable("the store is away")
        self._left -= 1
        await self._objects.delete(key)


@pytest.mark.parametrize("deleted", range(4))
async def test_a_deletion_that_is_broken_off_is_finished(
    kept_a_week: Archive, deleted: int
) -> None:
    archive = kept_a_week
    old = await archive.add(days_old=8, retention_class="Week", files=3)
    with pytest.raises(Unavailable):
        await duty(archive, Failing(archive.objects, deleted)).look()
    assert await archive.row(old) is None  # its tombstone stands
    assert len(await archive.keys(old)) == 4 - deleted
    assert await duty(archive).look() == 0
    assert await archive.keys(old) == []
    assert len(await archive.entries("RecordingDeleted")) == 1


async def test_it_works_by_itself_until_it_is_stopped(kept_a_week: Archive) -> None:
    archive = kept_a_week
    old = await archive.add(days_old=8, retention_class="Week")
    part = duty(archive)
    await part.start()
    async with asyncio.timeout(30):
        while await archive.keys(old):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await part.stop()
    await part.stop()
