from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from footlight.caller import Grant, Permission
from footlight.errors import Conflict, Forbidden, Invalid
from footlight.site import folders
from footlight.site.folders import Held
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.folder import FolderRequest, FolderUpdate
from footlight.wire.rest.reference import NameValue


async def reach(rooms: Any, path: str) -> folders.Folder:
    found: folders.Folder = await rooms.store.write(lambda tx: folders.reach(tx, rooms.admin, path))
    return found


async def change(rooms: Any, path: str, **update: Any) -> None:
    def write(tx: Tx) -> None:
        folder = folders.get(tx.connection, path)
        folders.change(tx, rooms.admin, folder, FolderUpdate(**update))

    await rooms.store.write(write)


async def all_paths(rooms: Any) -> list[str]:
    query = select(schema.folders.c.path).order_by("path")
    found: list[str] = await rooms.store.read(lambda c: list(c.execute(query).scalars()))
    return found


async def test_a_path_is_made_as_far_as_it_is_not_there(rooms: Any) -> None:
    made = await reach(rooms, "A|B|C")
    assert (await reach(rooms, "a\\b\\c\\")).id == made.id
    await reach(rooms, "A|D")
    assert await all_paths(rooms) == ["A", "A|B", "A|B|C", "A|D"]
    assert await reach(rooms, "") is folders.ROOT
    with pytest.raises(Invalid):
        await reach(rooms, "|".join("x" * 17))


async def test_what_lies_below_goes_along(rooms: Any) -> None:
    for path in ("A|B|C", "AB|X", "Z"):
        await reach(rooms, path)
    await change(rooms, "A", name="Q", parent="Z")
    assert await all_paths(rooms) == ["AB", "AB|X", "Z", "Z|Q", "Z|Q|B", "Z|Q|B|C"]
    with pytest.raises(Conflict):
        await change(rooms, "Z", parent="Z|Q|B")
    await change(rooms, "Z|Q", parent="")
    assert "Q|B|C" in await all_paths(rooms)
    await change(rooms, "Q", name="q")  # in another case
    assert "q|B|C" in await all_paths(rooms)


async def test_metadata_are_added_and_taken_away(rooms: Any) -> None:
    request = FolderRequest(name="A", object_identifiers=["ContainsApplications"])
    await rooms.store.write(lambda tx: folders.create(tx, rooms.admin, request))
    await change(rooms, "A", metadata=[NameValue(name="Owner", value="ada")])
    gone = NameValue(name="ContainsApplications", value="")
    await change(rooms, "A", metadata=[gone, NameValue(name="Owner")])
    found = await rooms.store.read(lambda c: folders.get(c, "A"))
    assert found.metadata == {"Owner": "ada"}


async def test_only_an_empty_folder_is_deleted(rooms: Any) -> None:
    folder = await reach(rooms, "A|B")
    r = schema.resources

    def put(tx: Tx, folder_id: str | None) -> None:
        tx.connection.execute(r.update().where(r.c.name == "Terminal").values(folder_id=folder_id))

    async def delete(path: str) -> None:
        await rooms.store.write(
            lambda tx: folders.delete(tx, rooms.admin, folders.get(tx.connection, path))
        )

    await rooms.store.write(lambda tx: put(tx, folder.id))
    held = await rooms.store.read(lambda c: folders.holdings(c, rooms.admin, [folder.id]))
    assert held == {folder.id: Held(applications=1)}
    below = await rooms.store.read(
        lambda c: c.execute(
            select(r.c.name).where(folders.in_folder(r, folders.get(c, "A"), below=True))
        ).scalars().all()
    )  # fmt: skip
    assert below == ["Terminal"]
    for path in ("A", "A|B", ""):
        with pytest.raises(Conflict):
            await delete(path)
    await rooms.store.write(lambda tx: put(tx, None))
    await delete("A|B")
    await delete("A")
    assert await all_paths(rooms) == []


async def test_changing_needs_the_right_everywhere(rooms: Any) -> None:
    folder = await reach(rooms, "A")
    grant = Grant(frozenset({Permission.FOLDER_MANAGE}), frozenset({"some"}))
    ada = rooms.caller(await rooms.account("ada"), grants=(grant,))
    await rooms.store.write(lambda tx: folders.reach(tx, ada, "B"))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: folders.delete(tx, ada, folder))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: folders.change(tx, ada, folder, FolderUpdate(name="X")))
