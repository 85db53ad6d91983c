from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import update
from tests.unit.archive.conftest import DAY_MS, NOW_MS, Archive

from footlight.archive import holds, listing
from footlight.archive.listing import Place, Wanted
from footlight.errors import Invalid
from footlight.store import schema


async def ids(
    archive: Archive, sort: str | None = None, size: int = 100, **wanted: Any
) -> list[str]:
    """All that is wanted, page by page."""
    found: list[str] = []
    after: Place | None = None
    while True:
        rows, after = await archive.rooms.store.read(
            lambda c, at=after: listing.page(
                c, archive.rooms.admin, Wanted(**wanted), sort, size, at
            )
        )
        found += [row.id for row in rows]
        if after is None:
            return found
        after = Place.read(msgspec.msgpack.encode(after))


async def test_filters(archive: Archive) -> None:
    ada = await archive.add(days_old=3, reason="Policy A")
    bob = await archive.add(days_old=1, user_name="FOOTLIGHT\\Bjørn", resource_name="Editor")
    eve = await archive.add(machine_name="FOOTLIGHT\\LAB9", reason="on-demand")
    row = await archive.row(bob)
    await archive.rooms.store.write(lambda tx: holds.place(tx, archive.rooms.admin, row, "x"))
    runs = update(schema.recordings).where(schema.recordings.c.id == eve)
    await archive.rooms.store.write(
        lambda tx: tx.connection.execute(runs.values(status="recording", ended_at_ms=None)) and None
    )
    for wanted, there in (
        ({}, [eve, bob, ada]),
        ({"user": "BJØRN"}, [bob]),
        ({"user": "a?a"}, [ada, eve][::-1]),
        ({"machine": "lab*"}, [eve]),
        ({"resource": "edit"}, [bob]),
        ({"state": "recording"}, [eve]),
        ({"state": "completed"}, [bob, ada]),
        ({"reason": "policy a"}, [ada]),
        ({"retention_class": "standard"}, [eve, bob, ada]),
        ({"retention_class": "other"}, []),
        ({"held": True}, [bob]),
        ({"held": False}, [eve, ada]),
        ({"text": "lab9"}, [eve]),
        ({"text": "policy"}, [ada]),
        ({"since_ms": NOW_MS - DAY_MS * 3 // 2}, [eve, bob]),
        ({"until_ms": NOW_MS - DAY_MS * 2}, [ada]),
        ({"since_ms": NOW_MS - 2 * DAY_MS, "until_ms": NOW_MS - DAY_MS // 2}, [bob]),
    ):
        assert await ids(archive, **wanted) == there, wanted


@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_every_sort_pages_through_all_of_them(archive: Archive, size: int) -> None:
    made = [
        await archive.add(days_old=days, user_name=f"FOOTLIGHT\\{name}")
        for days, name in ((2, "b"), (1, "A"), (2, "B"), (0, "c"))
    ]
    named = [made[1], made[0], made[2], made[3]]
    assert await ids(archive, "userName", size) == named
    assert await ids(archive, "-userName", size) == named[::-1]
    assert await ids(archive, "startedAt", size) == [made[0], made[2], made[1], made[3]]
    for member in ("endedAt", "durationMs", "sizeBytes", "machineName", "resourceName"):
        for sort in (member, f"-{member}"):
            assert sorted(await ids(archive, sort, size)) == sorted(made)
    assert await ids(archive, None, size) == made[::-1]


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [
        ("color", {}),
        ("--sizeBytes", {}),
        (None, {"state": "gone"}),
        (None, {"user": "x" * 257}),
        (None, {"text": "a\0"}),
    ],
)
async def test_what_cannot_be_is_refused(
    archive: Archive, sort: str | None, wanted: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        await ids(archive, sort, **wanted)
    with pytest.raises(Invalid):
        Place.read(b"none")
