from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from tests.unit.site.conftest import add_scope, limited

from footlight.broker.decision import LaunchRequest
from footlight.caller import Permission
from footlight.errors import Forbidden
from footlight.site import access_rules, groups
from footlight.site.access_rules import STRICTEST, Rules
from footlight.store import schema
from footlight.wire.own import AccessRulesChange


async def _group(rooms: Any) -> Any:
    query = select(schema.delivery_groups.c.id).where(schema.delivery_groups.c.is_sample)
    return await rooms.store.read(lambda c: groups.by_id(c, c.execute(query).scalar_one()))


async def test_rules_hold_for_the_sessions_of_the_group(rooms: Any) -> None:
    group = await _group(rooms)
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))

    async def rules() -> Rules:
        found: Rules = await rooms.store.read(lambda c: access_rules.of_session(c, made.session_id))
        return found

    async def change(**members: Any) -> None:
        wanted = AccessRulesChange(**members)
        await rooms.store.write(lambda tx: access_rules.change(tx, rooms.admin, group, wanted))

    assert await rules() == Rules("both", False)
    await change(clipboard="in")
    await change(ask_before_shadowing=True)
    assert await rules() == Rules("in", True)
    await change(clipboard="both", ask_before_shadowing=False)
    outside = update(schema.machines).values(delivery_group_id=None)
    await rooms.store.write(lambda tx: tx.connection.execute(outside) and None)
    assert await rules() == STRICTEST


async def test_who_may_not_edit_the_group_changes_nothing(rooms: Any) -> None:
    group = await _group(rooms)
    scope = await add_scope(rooms, "s", DeliveryGroup=[group.id])
    ada = await limited(rooms, "ada", scope, Permission.GROUP_READ)
    wanted = AccessRulesChange(clipboard="off")
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: access_rules.change(tx, ada, group, wanted))
    assert await rooms.store.read(lambda c: access_rules.of_group(c, group.id)) == Rules()
