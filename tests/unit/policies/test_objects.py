from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from footlight.errors import Invalid
from footlight.ids import new_guid
from footlight.policies import objects
from footlight.policies.objects import Kind
from footlight.store import schema


async def twin(ground: Any) -> str:
    """Another resource that is called Desktop."""
    resources = schema.resources

    def write(tx: Any) -> str:
        row = tx.connection.execute(select(resources).where(resources.c.name == "Desktop")).one()
        made = {**row._mapping, "id": new_guid()}
        made.pop("uid")
        tx.connection.execute(resources.insert().values(**made))
        return str(row.id)

    return str(await ground.store.write(write))


async def test_machines_go_by_their_name_with_or_without_domain(ground: Any) -> None:
    def read(c: Any) -> set[str]:
        given = ("DESK1", "footlight\\desk1")
        return {objects.resolve(c, Kind.MACHINES, [one])[0] for one in given}

    assert len(await ground.store.read(read)) == 1


async def test_a_name_that_several_have_is_given_and_shown_by_id(ground: Any) -> None:
    first = await twin(ground)
    with pytest.raises(Invalid, match="several"):
        await ground.store.read(lambda c: objects.resolve(c, Kind.RESOURCES, ["Desktop"]))
    ids = await ground.store.read(lambda c: objects.resolve(c, Kind.RESOURCES, [first.upper()]))
    assert ids == [first]
    shown = await ground.store.read(lambda c: objects.shown(c, Kind.RESOURCES, [first]))
    assert shown == {first: first}
