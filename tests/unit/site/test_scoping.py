from __future__ import annotations

from typing import Any

import pytest
from tests.unit.site.conftest import add_scope, limited

from footlight.caller import Permission
from footlight.errors import Forbidden, NotFound
from footlight.site import scoping

P = Permission.CATALOG_CREATE


async def test_new_objects_go_where_their_maker_may(rooms: Any) -> None:
    mine, other = await add_scope(rooms, "Mine"), await add_scope(rooms, "Other")
    caller = await limited(rooms, "ada", mine, P)

    async def scopes(who: Any, names: list[str] | None) -> list[str]:
        found: list[str] = await rooms.store.read(lambda c: scoping.for_new(c, who, P, names))
        return found

    assert await scopes(caller, None) == [mine]
    assert await scopes(caller, ["MINE", mine]) == [mine]
    for name in ("Other", other, "All", "nowhere"):
        with pytest.raises(NotFound):
            await scopes(caller, [name])
    assert await scopes(rooms.admin, None) == []
    assert sorted(await scopes(rooms.admin, ["All", "Other", mine])) == sorted([mine, other])


async def test_scopes_of_others_are_neither_seen_nor_changed(rooms: Any) -> None:
    mine = await add_scope(rooms, "Mine", MachineCatalog=["c"])
    other = await add_scope(rooms, "Other", MachineCatalog=["c"])
    third = await add_scope(rooms, "Third")
    caller = await limited(rooms, "ada", mine, P)

    async def names(who: Any) -> list[str]:
        found = await rooms.store.read(lambda c: scoping.of_objects(c, who, P, ["c"]))
        return scoping.names_of(found, "c")

    assert await names(caller) == ["Mine"]
    assert await names(rooms.admin) == ["Mine", "Other"]

    async def put(who: Any, wanted: list[str]) -> None:
        await rooms.store.write(lambda tx: scoping.put(tx, who, P, "MachineCatalog", "c", wanted))

    with pytest.raises(Forbidden):
        await put(caller, [])
    await put(caller, ["Mine"])
    assert await names(rooms.admin) == ["Mine", "Other"]
    await put(rooms.admin, [third])
    assert await names(rooms.admin) == ["Third"]
    await rooms.store.write(lambda tx: scoping.forget_object(tx, "MachineCatalog", "c"))
    assert await names(rooms.admin) == []
    assert other
