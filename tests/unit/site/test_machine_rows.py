from __future__ import annotations

from typing import Any

import pytest
from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_machine, add_scope, limited

from footlight.caller import Permission
from footlight.errors import Forbidden, NotFound
from footlight.site import machine_rows


async def test_the_joined_row_has_its_containers(rooms: Any) -> None:
    for name in (MACHINE_ID, "desk1", "FOOTLIGHT|DESK1", "desk1.example.test", "1"):
        row = await rooms.store.read(lambda c, n=name: machine_rows.get(c, rooms.admin, n))
        assert (row.id, row.c_name, row.g_name, row.z_name) == (
            MACHINE_ID, "Linux hosts", "Everyone", "Primary",
        )  # fmt: skip
    assert (row.c_session_support, row.c_allocation_type) == ("MultiSession", "Random")


async def test_a_name_comes_before_a_uid(rooms: Any) -> None:
    named = await add_machine(rooms, "1")
    row = await rooms.store.read(lambda c: machine_rows.get(c, rooms.admin, "FOOTLIGHT\\1"))
    assert row.id == named
    both = await rooms.store.read(lambda c: machine_rows.by_uid(c, [row.uid, 1]))
    assert [one.id for one in both] == [named, MACHINE_ID]


async def test_what_is_not_seen_is_not_found(rooms: Any) -> None:
    empty = await add_scope(rooms, "Empty")
    reader = await limited(rooms, "ada", empty, Permission.MACHINE_READ)
    nobody = await limited(rooms, "zoe", empty)
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: machine_rows.get(c, reader, "desk1"))
    with pytest.raises(Forbidden):
        await rooms.store.read(lambda c: machine_rows.get(c, nobody, "desk1"))
    seen = machine_rows.seen(reader, machine_rows.configured(True))
    assert (await rooms.store.read(lambda c: list(c.execute(seen)))) == []


async def test_a_machine_in_no_catalog_is_not_configured(rooms: Any) -> None:
    out = await add_machine(rooms, "out", catalog_id=None, delivery_group_id=None)
    query = machine_rows.seen(rooms.admin, machine_rows.configured(False))
    (row,) = await rooms.store.read(lambda c: list(c.execute(query)))
    assert (row.id, row.c_id, row.g_id, row.c_session_support) == (out, None, None, "MultiSession")
    found = await rooms.store.read(lambda c: machine_rows.by_id(c, out))
    assert found.id == out
    only = machine_rows.seen(rooms.admin, machine_rows.assigned_somewhere())
    assert (await rooms.store.read(lambda c: list(c.execute(only)))) == []
