from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from footlight.caller import Caller, Grant, Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.site import tags
from footlight.site.tags import Tag, Tagged
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.tag import TagRequest, TagsRequest, TagUpdate

READ = frozenset((Permission.TAG_READ, Permission.MACHINE_READ, Permission.APPLICATION_READ))
MANAGE = READ | {Permission.TAG_MANAGE}


async def make(rooms: Any, *names: str) -> list[Tag]:
    def write(tx: Tx) -> list[Tag]:
        return [tags.create(tx, rooms.admin, TagRequest(name=name)) for name in names]

    made: list[Tag] = await rooms.store.write(write)
    return made


async def machine_tags(rooms: Any) -> list[str]:
    def read(c: Any) -> list[str]:
        target = tags.target(c, rooms.admin, Tagged.MACHINE, "desk1")
        return tags.names_of(c, Tagged.MACHINE, [target.id]).get(target.id, [])

    found: list[str] = await rooms.store.read(read)
    return found


async def ask(rooms: Any, caller: Caller, wanted: TagsRequest) -> None:
    def write(tx: Tx) -> None:
        target = tags.target(tx.connection, caller, Tagged.MACHINE, "desk1")
        tags.apply(tx, caller, target, wanted)

    await rooms.store.write(write)


async def test_an_object_gets_exactly_the_tags_that_are_asked_for(rooms: Any) -> None:
    await make(rooms, "red", "green")
    await ask(rooms, rooms.admin, TagsRequest(items=["RED", "green"]))
    assert await machine_tags(rooms) == ["green", "red"]
    new = [TagRequest(name="new")]
    await ask(rooms, rooms.admin, TagsRequest(items=["red"], create_tags=new))
    assert await machine_tags(rooms) == ["new", "red"]
    await ask(rooms, rooms.admin, TagsRequest(items=["new"], delete_tags=["red"]))
    assert await machine_tags(rooms) == ["new"]
    assert await rooms.store.read(lambda c: tags.named(c, "red")) is None
    with pytest.raises(NotFound):
        await ask(rooms, rooms.admin, TagsRequest(items=["red"]))


async def test_adding_and_removing_one_leaves_the_others(rooms: Any) -> None:
    red, green = await make(rooms, "red", "green")

    def write(tx: Tx) -> None:
        target = tags.target(tx.connection, rooms.admin, Tagged.MACHINE, "FOOTLIGHT\\DESK1")
        for _ in range(2):
            tags.add(tx, rooms.admin, target, red)
        tags.add(tx, rooms.admin, target, green)
        tags.remove(tx, rooms.admin, target, red)

    await rooms.store.write(write)
    assert await machine_tags(rooms) == ["green"]
    told = await rooms.store.read(
        lambda c: c.execute(select(schema.audit.c.entry).order_by("seq")).scalars().all()
    )
    acts = [msgspec.json.decode(entry) for entry in told]
    changes = [act["changes"]["Tags"] for act in acts if act["targetType"] == "Machine"]
    assert changes == [[[], ["red"]], [["red"], ["green", "red"]], [["green", "red"], ["green"]]]


async def test_a_tag_is_put_on_exactly_these_objects(rooms: Any) -> None:
    (red,) = await make(rooms, "red")

    async def put(*names: str) -> dict[Tagged, int]:
        def write(tx: Tx) -> dict[Tagged, int]:
            c = tx.connection
            targets = [tags.target(c, rooms.admin, Tagged.APPLICATION, name) for name in names]
            tags.put_on(tx, rooms.admin, red, Tagged.APPLICATION, targets)
            return tags.counts(c, rooms.admin, [red.id]).get(red.id, {})

        counted: dict[Tagged, int] = await rooms.store.write(write)
        return counted

    assert await put("Terminal", "terminal", "Web Browser") == {Tagged.APPLICATION: 2}
    assert await put("Text Editor") == {Tagged.APPLICATION: 1}
    assert await put() == {}
    with pytest.raises(NotFound):  # a desktop is no application
        await put("Desktop")


async def test_scopes_bound_what_is_counted_and_tagged(rooms: Any) -> None:
    (red,) = await make(rooms, "red")
    await ask(rooms, rooms.admin, TagsRequest(items=["red"]))
    ada = await rooms.account("ada")
    blind = rooms.caller(ada, grants=(Grant(MANAGE, frozenset({"nothing"})),))
    reader = rooms.caller(ada, grants=(Grant(READ),))
    counted = [
        await rooms.store.read(lambda c, who=who: tags.counts(c, who, [red.id]))
        for who in (rooms.admin, reader, blind)
    ]
    assert counted == [{red.id: {Tagged.MACHINE: 1}}, {red.id: {Tagged.MACHINE: 1}}, {}]
    with pytest.raises(NotFound):
        await ask(rooms, blind, TagsRequest())
    with pytest.raises(Forbidden):
        await ask(rooms, reader, TagsRequest())
    # What changes every scope needs the right in every scope.
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: tags.delete(tx, blind, red))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: tags.change(tx, blind, red, TagUpdate(name="x")))


async def test_names_are_one_of_a_kind(rooms: Any) -> None:
    red, _ = await make(rooms, "red", "green")
    with pytest.raises(Conflict):
        await make(rooms, "GREEN")
    with pytest.raises(Conflict):
        await rooms.store.write(
            lambda tx: tags.change(tx, rooms.admin, red, TagUpdate(name="Green"))
        )
    await rooms.store.write(lambda tx: tags.change(tx, rooms.admin, red, TagUpdate(name="Red")))
    assert (await rooms.store.read(lambda c: tags.get(c, "RED"))).name == "Red"
