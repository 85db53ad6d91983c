from __future__ import annotations

from typing import Any

import pytest

from footlight.archive import holds
from footlight.errors import Invalid, NotFound


async def test_several_holds_are_released_one_by_one(archive: Any) -> None:
    store, admin = archive.rooms.store, archive.rooms.admin
    row = await archive.row(await archive.add())
    one = await store.write(lambda tx: holds.place(tx, admin, row, "case 1"))
    await store.write(lambda tx: holds.place(tx, admin, row, "case 2"))
    found = await store.read(lambda c: holds.of_recording(c, row.id))
    assert [(hold.reason, hold.placed_by) for hold in found] == [
        ("case 1", admin.user_name),
        ("case 2", admin.user_name),
    ]
    await store.write(lambda tx: holds.release(tx, admin, row, one.id.upper()))
    assert await store.read(lambda c: holds.held(c, [row.id, "x"])) == {row.id}
    with pytest.raises(NotFound):
        await store.write(lambda tx: holds.release(tx, admin, row, one.id))
    texts = [entry.text for entry in await archive.entries("AdminActivity")]
    assert [text.split(" the ")[0] for text in texts[-3:]] == [
        "Place a legal hold on",
        "Place a legal hold on",
        "Release a legal hold on",
    ]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001, "a\0b"])
async def test_a_hold_has_a_reason(archive: Any, reason: str) -> None:
    row = await archive.row(await archive.add())
    with pytest.raises(Invalid):
        await archive.rooms.store.write(
            lambda tx: holds.place(tx, archive.rooms.admin, row, reason)
        )
