from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import select

from footlight.audit.log import (
    FIRST_HASH,
    Act,
    Entry,
    differing,
    head,
    link,
    record,
    record_of_site,
    searched,
)
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
    caller = replace(rooms.admin, transaction="t-1")
    await rooms.store.write(lambda tx: record(tx, caller, ACT))
    row = await rooms.store.read(lambda c: c.execute(schema.audit.select()).one())
    entry = msgspec.json.decode(row.entry, type=Entry)
    assert (entry.user_name, entry.address) == (caller.user_name, caller.address)
    assert entry.transaction_id == "t-1"
    assert (entry.text, entry.object_name, entry.target_type) == ("Create tag 'lab'", "lab", "Tag")
    assert (entry.at_ms, row.kind, row.succeeded) == (row.at_ms, "ConfigurationChange", True)
    assert {name: getattr(row, name) for name in searched(entry)} == searched(entry)


async def test_what_the_site_does_by_itself_has_no_account(rooms: Any) -> None:
    await rooms.store.write(lambda tx: record_of_site(tx, ACT))
    row = await rooms.store.read(lambda c: c.execute(schema.audit.select()).one())
    assert (row.account_id, row.user_name, row.address) == ("", "", "")


async def test_what_is_too_long_is_cut(rooms: Any) -> None:
    long = Act(
        text="t" * 5000,
        target_type="Tag",
        object_id="o" * 100,
        parameters={"Body": "b" * 5000},
        changes={"Small": (1, [2]), "Large": (None, ["x" * 100] * 100)},
    )
    await rooms.store.write(lambda tx: record(tx, rooms.admin, long))
    row = await rooms.store.read(lambda c: c.execute(schema.audit.select()).one())
    entry = msgspec.json.decode(row.entry, type=Entry)
    assert len(entry.text) == len(row.text) == 1000
    assert len(entry.parameters["Body"]) == 4000
    assert entry.changes["Small"] == (1, [2])
    assert len(entry.changes["Large"][1]) == 4000
    assert len(row.object_id) == 64


def test_only_what_differs_is_a_change() -> None:
    @dataclass(frozen=True)
    class Rules:
        most: int | None = None
        only: bool = False

    assert differing(Rules(), Rules(most=3)) == {"most": (None, 3)}
    assert differing(Rules(only=True), Rules(only=True)) == {}
