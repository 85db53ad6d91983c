from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_machine, add_scope, limited

from footlight.broker.decision import LaunchRequest, Terms
from footlight.broker.placement import placement
from footlight.caller import Permission
from footlight.errors import Forbidden, NotFound
from footlight.site import entitlement, placement_rules, resources
from footlight.site.entitlement import Rule
from footlight.store import schema
from footlight.wire.own import Placement, PlacementRules

_m = schema.machines


async def write(rooms: Any, statement: Any) -> None:
    await rooms.store.write(lambda tx: tx.connection.execute(statement) and None)


async def ask(rooms: Any, user: str = "ada", caller: Any = None, **terms: Any) -> Placement:
    person = entitlement.person(user)
    found: Placement = await rooms.store.read(
        lambda c: placement(
            c, caller or rooms.admin, "Desktop", user, person, Terms(**terms), "FOOTLIGHT"
        )
    )
    return found


@pytest.fixture
async def group(rooms: Any) -> Any:
    g = schema.delivery_groups
    return await rooms.store.read(lambda c: c.execute(select(g).where(g.c.is_sample)).one())


async def test_it_tells_where_a_launch_would_go_and_why_not_elsewhere(
    rooms: Any, group: Any
) -> None:
    within = {"delivery_group_id": group.id}
    await add_machine(rooms, "silent", **within)
    await add_machine(rooms, "kept", registered=True, in_maintenance=True, **within)
    await add_machine(rooms, "spare", registered=True, load_cpu=8000, **within)
    found = await ask(rooms)
    assert (found.machine, found.reason, found.session_id) == ("FOOTLIGHT\\DESK1", None, None)
    assert [(m.name.rpartition("\\")[2], m.takes, m.rank, m.reason) for m in found.machines] == [
        ("DESK1", True, 1, None),
        ("SILENT", False, None, "notRegistered"),
        ("KEPT", False, None, "inMaintenance"),
        ("SPARE", True, 2, None),
    ]
    assert found.machines[1].sentence == "The machine is not registered."
    assert found.machines[3].load_index == 2000
    launched = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", user="ada"))
    assert launched.machine == found.machine
    taken = await ask(rooms)
    assert (taken.session_id, taken.machine) == (launched.session_id, None)
    assert taken.machines[0].sessions == 1
    assert (taken.groups[0].sessions, taken.groups[0].user_sessions) == (1, 1)


async def test_what_the_whole_launch_meets(rooms: Any, group: Any) -> None:
    desktop = await rooms.store.read(lambda c: resources.find(c, "Desktop"))

    async def reason(**terms: Any) -> str | None:
        return (await ask(rooms, **terms)).reason

    await rooms.launcher.launch(rooms.admin, LaunchRequest("Terminal", user="ada"))
    assert await reason() is None
    assert await reason(most_of_user=1) == "userLimit"
    rule = Rule(included_only=True, included=("zoe",))
    await rooms.store.write(lambda tx: entitlement.put(tx, desktop.id, rule))
    assert await reason() == "notEntitled"
    await rooms.store.write(lambda tx: entitlement.forget_object(tx, desktop.id))
    g, r, a = schema.delivery_groups, schema.resources, schema.accounts
    await write(rooms, g.update().values(in_maintenance=True))
    found = await ask(rooms)
    assert found.reason == found.groups[0].reason == found.machines[0].reason
    assert found.reason == "groupInMaintenance"
    await write(rooms, g.update().values(in_maintenance=False, enabled=False))
    assert await reason() == "groupDisabled"
    await write(rooms, g.update().values(enabled=True))
    await write(rooms, a.update().where(a.c.name == "ada").values(enabled=False))
    assert await reason() == "accountDisabled"
    await write(rooms, a.update().values(enabled=True))
    wanted = PlacementRules(max_sessions_per_user=1)
    await rooms.store.write(lambda tx: placement_rules.put(tx, rooms.admin, group, wanted))
    found = await ask(rooms)
    assert found.reason == found.groups[0].reason == "groupFullForUser"
    assert found.groups[0].rules == wanted
    wanted = PlacementRules(max_sessions=1)
    await rooms.store.write(lambda tx: placement_rules.put(tx, rooms.admin, group, wanted))
    found = await ask(rooms, "zoe")
    assert found.reason == found.groups[0].reason == "groupFull"
    await write(rooms, r.update().values(enabled=False))
    assert await reason() == "resourceDisabled"
    await write(rooms, r.update().values(enabled=True))
    await write(rooms, schema.resource_groups.delete())
    assert await reason() == "noMachine"


async def test_one_sees_what_one_may(rooms: Any, group: Any) -> None:
    nobody = rooms.caller(await rooms.account("nobody"))
    with pytest.raises(Forbidden):
        await ask(rooms, caller=nobody)
    elsewhere = await add_scope(rooms, "empty")
    rights = (
        *(Permission.MACHINE_READ, Permission.APPLICATION_READ, Permission.GROUP_READ),
        Permission.SESSION_READ,
    )
    eve = await limited(rooms, "eve", elsewhere, *rights)
    with pytest.raises(NotFound):
        await ask(rooms, caller=eve)
    here = await add_scope(rooms, "here", DeliveryGroup=[group.id])
    apps = await limited(rooms, "apps", here, *rights)
    assert [m.id for m in (await ask(rooms, caller=apps)).machines] == [MACHINE_ID]
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", user="ada"))
    found = await ask(rooms, caller=apps)
    assert found.session_id is not None
    blind = await limited(rooms, "blind", here, *rights[:-1])
    found = await ask(rooms, caller=blind)
    assert (found.session_id, found.groups, found.machines) == (None, [], [])
