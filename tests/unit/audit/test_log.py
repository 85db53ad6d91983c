from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from footlight.audit.log import FIRST_HASH, Act, Entry, head, link, record
from footlight.store import schema

ACT = Act(text="Create tag 'lab'", target_type="Tag", object_id="t", object_name="lab")


async def test_each_entry_holds_the_hash_of_those_before(rooms: Any) -> None:
    assert await rooms.store.read(head) == FIRST_HASH
    ids = [
        await rooms.store.write(lambda tx: record(tx, rooms.admin, ACT)),
        await rooms.store.write(lambda tx: record(tx, rooms.admin, ACT)),
    ]
    query = select(schema.audit).order_by(schema.audit.c.seq)
    rows = await rooms.store.read(lambda c: c.execute(query).all())
    assert [row.id for row in rows] == ids
    previous = FIRST_HASH
    for row in rows:
        assert row.previous_hash == previous
        previous = link(previous, row.entry.encode())
        assert row.hash == previous
    assert await rooms.store.read(head) == previous


async def test_an_entry_tells_who_did_what_from_where(rooms: Any) -> None:
    await rooms.store.write(lambda tx: record(tx, rooms.admin, ACT))
    row = await rooms.store.read(lambda c: c.execute(schema.audit.select()).one())
    entry = msgspec.json.decode(row.entry, type=Entry)
    assert (entry.user_name, entry.address) == (rooms.admin.user_name, rooms.admin.address)
    assert (entry.act, entry.at_ms, row.kind) == (ACT, row.at_ms, "ConfigurationChange")
