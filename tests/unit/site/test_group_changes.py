from __future__ import annotations

from typing import Any

import pytest
from tests.unit.site.conftest import add_scope, audited, limited

from footlight.caller import Permission
from footlight.errors import Conflict, Forbidden, Invalid
from footlight.site import entitlement, group_changes, groups
from footlight.wire.rest.application_request import PriorityRef
from footlight.wire.rest.delivery_group import (
    AccessPolicyRequest,
    CreateGroupRequest,
    DesktopRequest,
    EditGroupRequest,
)


async def create(rooms: Any, caller: Any, **members: Any) -> Any:
    request = CreateGroupRequest(**members)
    return await rooms.store.write(
        lambda tx: group_changes.create(tx, caller, request, "FOOTLIGHT")
    )


async def change(rooms: Any, caller: Any, name: str, **members: Any) -> Any:
    request = EditGroupRequest(**members)

    def write(tx: Any) -> Any:
        row = groups.get(tx.connection, rooms.admin, name)
        group_changes.change(tx, caller, row, request, "FOOTLIGHT")
        return groups.by_id(tx.connection, row.id)

    return await rooms.store.write(write)


async def test_settings_are_kept_beside_each_other(rooms: Any) -> None:
    row = await create(rooms, rooms.admin, name="Office", time_zone="UTC", product_code="XDT")
    assert group_changes.kept(row).time_zone == "UTC"
    row = await change(rooms, rooms.admin, "Office", product_code="MPS", power_off_delay_minutes=3)
    kept = group_changes.kept(row)
    assert (kept.time_zone, kept.product_code, kept.power_off_delay_minutes) == ("UTC", "MPS", 3)
    with pytest.raises(Invalid):
        await change(rooms, rooms.admin, "Office", time_zone="x" * 70_000)


async def test_the_rule_of_a_group_comes_from_its_policy(rooms: Any) -> None:
    policy = AccessPolicyRequest(included_users=["ada"], excluded_users=["zoe"])
    row = await create(rooms, rooms.admin, name="Office", simple_access_policy=policy)

    async def rule() -> Any:
        return (await rooms.store.read(lambda c: entitlement.rules(c, [row.id])))[row.id]

    assert await rule() == entitlement.Rule(True, True, False, ("ada",), ("zoe",))
    policy = AccessPolicyRequest(excluded_user_filter_enabled=False, allow_anonymous=True)
    await change(rooms, rooms.admin, "Office", simple_access_policy=policy)
    assert await rule() == entitlement.Rule(True, False, True, ("ada",), ("zoe",))
    assert await audited(rooms) == [
        "Create delivery group 'Office'",
        "Edit delivery group 'Office'",
    ]


async def test_maintenance_has_a_permission_of_its_own(rooms: Any) -> None:
    row = await create(rooms, rooms.admin, name="Office")
    scope = await add_scope(rooms, "Mine", DeliveryGroup=[row.id])
    keeper = await limited(rooms, "ada", scope, Permission.GROUP_MAINTENANCE)
    assert (await change(rooms, keeper, "Office", in_maintenance_mode=True)).in_maintenance
    with pytest.raises(Forbidden):
        await change(rooms, keeper, "Office", enabled=False)
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: group_changes.delete(tx, keeper, row, force=True))
    with pytest.raises(Forbidden):
        await create(rooms, keeper, name="x")


async def test_what_hangs_on_a_group_goes_with_it(rooms: Any) -> None:
    row = await create(
        rooms,
        rooms.admin,
        name="Office",
        desktops=[DesktopRequest(published_name="Desk", included_users=["ada"])],
        applications=[PriorityRef(item="Terminal")],
        simple_access_policy=AccessPolicyRequest(included_users=["ada"]),
    )
    counts = (await rooms.store.read(lambda c: groups.counts(c, rooms.admin, [row.id])))[row.id]
    assert (counts.applications, counts.desktops) == (1, 1)
    await rooms.store.write(lambda tx: group_changes.delete(tx, rooms.admin, row, force=False))
    assert await rooms.store.read(lambda c: groups.counts(c, rooms.admin, [row.id])) == {}
    assert await rooms.store.read(lambda c: entitlement.rules(c, [row.id])) == {}
    with pytest.raises(Conflict):
        await create(rooms, rooms.admin, name="EVERYONE")
