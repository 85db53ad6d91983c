from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.site.conftest import add_scope, limited

from footlight.caller import Permission
from footlight.errors import Forbidden, Invalid, NotFound
from footlight.site import group_applications, groups
from footlight.store import schema
from footlight.wire.rest.application_request import PriorityRef


async def test_a_group_gives_and_takes_back(rooms: Any) -> None:
    row = await rooms.store.read(lambda c: groups.get(c, rooms.admin, "Everyone"))

    async def names() -> list[str]:
        r = schema.resources
        query = select(r.c.name).where(group_applications.given(row.id), r.c.kind == "Application")
        found: list[str] = await rooms.store.read(lambda c: sorted(c.execute(query).scalars()))
        return found

    assert await names() == ["Terminal", "Text Editor", "Web Browser"]
    await rooms.store.write(lambda tx: group_applications.remove(tx, rooms.admin, row, "terminal"))
    with pytest.raises(NotFound):
        await rooms.store.write(
            lambda tx: group_applications.remove(tx, rooms.admin, row, "terminal")
        )
    wanted = [PriorityRef(item="Terminal", priority=3), PriorityRef(item="Web Browser", priority=1)]
    await rooms.store.write(lambda tx: group_applications.add(tx, rooms.admin, row, wanted))
    assert await names() == ["Terminal", "Text Editor", "Web Browser"]
    wrong = [PriorityRef(item="Terminal", priority=-1)]
    with pytest.raises(Invalid):
        await rooms.store.write(lambda tx: group_applications.add(tx, rooms.admin, row, wrong))


async def test_giving_needs_its_permission(rooms: Any) -> None:
    row = await rooms.store.read(lambda c: groups.get(c, rooms.admin, "Everyone"))
    scope = await add_scope(rooms, "Mine", DeliveryGroup=[row.id])
    reader = await limited(rooms, "ada", scope, Permission.GROUP_READ, Permission.APPLICATION_READ)
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: group_applications.add(tx, reader, row, []))
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: group_applications.remove(tx, reader, row, "Terminal"))
