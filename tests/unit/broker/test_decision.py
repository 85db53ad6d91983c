from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_machine

from footlight.broker.decision import Launched, LaunchRequest, Terms, TurnedAway, decide
from footlight.broker.load import FULL
from footlight.broker.refusal import Reason
from footlight.errors import Conflict, Unavailable
from footlight.sessions import actions
from footlight.site import entitlement, placement_rules
from footlight.store import schema
from footlight.wire.own import PlacementRules

_s = schema.sessions
_m = schema.machines


async def write(rooms: Any, statement: Any) -> None:
    await rooms.store.write(lambda tx: tx.connection.execute(statement) and None)


async def decided(rooms: Any, resource: str = "Desktop", **options: Any) -> Launched:
    terms = options.pop("terms", Terms())
    request = LaunchRequest(resource, **options)
    person = entitlement.person("admin")
    launched: Launched = await rooms.store.write(
        lambda tx: decide(tx, rooms.admin, request, person, "FOOTLIGHT", terms, 5)
    )
    return launched


async def refused(rooms: Any, **options: Any) -> TurnedAway:
    with pytest.raises(TurnedAway) as away:
        await decided(rooms, new=True, **options)
    return away.value


@pytest.mark.parametrize("state", ["Active", "Disconnected", "Connected"])
@pytest.mark.parametrize("phase", ["ordered", "starting", "running"])
async def test_a_running_session_is_taken_up_connected_or_not(
    rooms: Any, state: str, phase: str
) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await write(rooms, _s.update().values(state=state, phase=phase))
    again = await decided(rooms)
    assert (again.session_id, again.created) == (made.session_id, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"is_hidden": True},
        {"wanted": "end"},
        {"phase": "ending"},
        {"phase": "ended", "ended_at_ms": 5},
        {"resource_id": "another"},
    ],
)
async def test_one_that_is_hidden_logs_off_or_is_another_is_not(
    rooms: Any, changes: dict[str, Any]
) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await write(rooms, _s.update().values(**changes))
    again = await decided(rooms)
    assert again.created
    assert again.session_id != made.session_id


async def test_nor_that_of_another_user_nor_one_when_a_new_one_is_asked_for(rooms: Any) -> None:
    bob = rooms.caller(await rooms.account("bob"))
    await rooms.launcher.launch(bob, LaunchRequest("Desktop"))
    assert (await decided(rooms)).created
    assert (await decided(rooms, new=True)).created


async def test_nor_one_whose_host_is_silent(rooms: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await write(rooms, _m.update().values(registered=False))
    with pytest.raises(TurnedAway):
        await decided(rooms)


async def test_the_newest_is_taken_up(rooms: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    second = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
    assert (await decided(rooms)).session_id == second.session_id


async def test_a_machine_in_maintenance_takes_its_users_back_unless_it_is_for_one(
    rooms: Any,
) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await write(rooms, _m.update().values(in_maintenance=True))
    assert (await decided(rooms)).session_id == made.session_id
    await write(rooms, schema.catalogs.update().values(session_support="SingleSession"))
    with pytest.raises(Conflict) as kept:
        await decided(rooms)
    assert kept.value.code == "InMaintenanceMode"


async def test_a_launch_that_is_not_reported_yet_counts(rooms: Any) -> None:
    """Two empty machines; of those placed at once each takes its share."""
    group = select(_m.c.delivery_group_id)
    group_id = await rooms.store.read(lambda c: c.execute(group).scalar())
    await add_machine(rooms, "second", delivery_group_id=group_id, registered=True)
    taken = [(await decided(rooms, new=True)).machine for _ in range(4)]
    assert sorted(taken) == ["FOOTLIGHT\\DESK1"] * 2 + ["FOOTLIGHT\\SECOND"] * 2


async def test_the_busier_machine_comes_later(rooms: Any) -> None:
    group_id = await rooms.store.read(lambda c: c.execute(select(_m.c.delivery_group_id)).scalar())
    await add_machine(rooms, "second", delivery_group_id=group_id, registered=True)
    await write(rooms, _m.update().where(_m.c.id == MACHINE_ID).values(load_cpu=5000))
    assert (await decided(rooms, new=True)).machine == "FOOTLIGHT\\SECOND"


async def test_a_full_machine_takes_nobody(rooms: Any) -> None:
    await write(rooms, _m.update().values(load_memory=FULL))
    away = await refused(rooms)
    assert away.turned.refused.reason is Reason.NO_MACHINE
    assert away.turned.refused.may_pass
    ((counts,),) = ([dict(of) for of in away.turned.refused.machines.values()],)
    assert counts == {Reason.FULL: 1}
    named = await refused(rooms, machine="desk1")
    assert named.turned.refused.reason is Reason.FULL


async def test_limits_of_user_and_group(rooms: Any) -> None:
    await decided(rooms)
    away = await refused(rooms, terms=Terms(most_of_user=1))
    assert away.turned.refused.reason is Reason.USER_LIMIT
    assert (await decided(rooms, terms=Terms(most_of_user=1))).created is False, "taken up"
    query = select(schema.delivery_groups).where(schema.delivery_groups.c.is_sample)
    group = await rooms.store.read(lambda c: c.execute(query).one())
    for members, reason in (
        ({"max_sessions": 1}, Reason.GROUP_FULL),
        ({"max_sessions_per_user": 1}, Reason.GROUP_FULL_FOR_USER),
    ):
        wanted = PlacementRules(**members)
        await rooms.store.write(lambda tx, w=wanted: placement_rules.put(tx, rooms.admin, group, w))
        assert (await refused(rooms)).turned.refused.reason is reason


async def test_a_launch_that_is_turned_away_has_made_nothing(rooms: Any) -> None:
    await write(rooms, _m.update().values(in_maintenance=True))
    await refused(rooms, user="newcomer")
    names = await rooms.store.read(
        lambda c: set(c.execute(select(schema.accounts.c.name)).scalars())
    )
    assert "newcomer" not in names


async def test_an_application_runs_at_home(rooms: Any) -> None:
    z = schema.zones
    group_id = await rooms.store.read(lambda c: c.execute(select(_m.c.delivery_group_id)).scalar())
    await write(rooms, z.insert().values(id="north", name="North", is_primary=False))
    await add_machine(
        rooms, "far", delivery_group_id=group_id, registered=True, zone_id="north", load_cpu=5000
    )
    r = schema.resources

    async def home(mode: str) -> str:
        settings = f'{{"home_zone_id": "north", "home_zone_mode": "{mode}"}}'
        await write(rooms, r.update().where(r.c.name == "Terminal").values(settings=settings))
        return (await decided(rooms, "Terminal", new=True)).machine

    assert await home("Prefer") == "FOOTLIGHT\\FAR"
    assert await home("Only") == "FOOTLIGHT\\FAR"
    assert await home("Ignore") == "FOOTLIGHT\\DESK1"
    await write(rooms, _m.update().where(_m.c.zone_id == "north").values(registered=False))
    assert await home("Prefer") == "FOOTLIGHT\\DESK1"
    with pytest.raises(TurnedAway):
        await home("Only")


async def test_the_account_that_is_disabled_is_told(rooms: Any) -> None:
    bob = await rooms.account("bob")
    await write(
        rooms, schema.accounts.update().where(schema.accounts.c.id == bob.id).values(enabled=False)
    )
    with pytest.raises(Conflict, match="disabled"):
        await decided(rooms, user="bob")


async def test_one_that_may_wait_does_and_is_served(rooms: Any) -> None:
    await write(rooms, schema.catalogs.update().values(session_support="SingleSession"))
    first = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    with pytest.raises(Unavailable, match="free"):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True, wait_s=0))
    rooms.launcher.terms = replace(rooms.launcher.terms, most_wait_s=60)
    await rooms.store.write(lambda tx: actions.want_end(tx, first.session_id, "over"))
    second = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True, wait_s=60))
    assert second.created
