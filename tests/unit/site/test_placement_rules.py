from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.site.conftest import add_scope, limited

from footlight.caller import Permission
from footlight.errors import Conflict, Forbidden, Invalid
from footlight.site import placement_rules, zones
from footlight.site.placement_rules import Rules
from footlight.store import schema
from footlight.wire.own import PlacementRules
from footlight.wire.rest.zone import ZoneRequest

_g = schema.delivery_groups


@pytest.fixture
async def group(rooms: Any) -> Any:
    query = select(_g).where(_g.c.is_sample)
    return await rooms.store.read(lambda c: c.execute(query).one())


async def put(rooms: Any, group: Any, caller: Any = None, **members: Any) -> Rules:
    wanted = PlacementRules(**members)
    rules: Rules = await rooms.store.write(
        lambda tx: placement_rules.put(tx, caller or rooms.admin, group, wanted)
    )
    return rules


async def of(rooms: Any, group: Any) -> Rules:
    rules: Rules = await rooms.store.read(lambda c: placement_rules.of_group(c, group.id))
    return rules


async def test_rules_are_set_whole_and_told(rooms: Any, group: Any) -> None:
    assert await of(rooms, group) == Rules()
    zone_id = await rooms.store.write(
        lambda tx: zones.create(tx, rooms.admin, ZoneRequest(name="North"))
    )
    await put(rooms, group, max_sessions=5, zone="north", zone_only=True)
    assert await of(rooms, group) == Rules(5, None, zone_id, True)
    shown = await rooms.store.read(
        lambda c: placement_rules.shown(c, Rules(5, None, zone_id, True))
    )
    assert shown == PlacementRules(max_sessions=5, zone="North", zone_only=True)
    await put(rooms, group, max_sessions_per_user=2)
    assert await of(rooms, group) == Rules(None, 2)
    await put(rooms, group, max_sessions_per_user=2)
    await put(rooms, group)
    assert await of(rooms, group) == Rules()
    audit = schema.audit
    text = f"Edit placement rules of delivery group '{group.name}'"
    told = select(audit.c.text).where(audit.c.text == text)
    assert len(await rooms.store.read(lambda c: list(c.execute(told)))) == 4


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"max_sessions": 0}, "maxSessions"),
        ({"max_sessions_per_user": -1}, "maxSessionsPerUser"),
        ({"max_sessions": 10**9}, "maxSessions"),
        ({"zone": "nowhere"}, "zone"),
        ({"zone_only": True}, "zoneOnly"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    rooms: Any, group: Any, members: dict[str, Any], named: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await put(rooms, group, **members)
    assert refused.value.facts["name"] == named
    assert await of(rooms, group) == Rules()


async def test_who_may_not_edit_the_group_changes_nothing(rooms: Any, group: Any) -> None:
    scope = await add_scope(rooms, "s", DeliveryGroup=[group.id])
    ada = await limited(rooms, "ada", scope, Permission.GROUP_READ)
    with pytest.raises(Forbidden):
        await put(rooms, group, ada, max_sessions=1)
    assert await of(rooms, group) == Rules()


async def test_a_zone_that_is_wanted_stays(rooms: Any, group: Any) -> None:
    def create(tx: Any) -> str:
        return zones.create(tx, rooms.admin, ZoneRequest(name="North"))

    await rooms.store.write(create)

    def delete(tx: Any) -> None:
        zones.delete(tx, rooms.admin, zones.get(tx.connection, "North"))

    await put(rooms, group, zone="North")
    with pytest.raises(Conflict, match="delivery group wants"):
        await rooms.store.write(delete)
    await put(rooms, group)
    await rooms.store.write(delete)
