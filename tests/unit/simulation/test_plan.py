from __future__ import annotations

import re

import pytest

from footlight.errors import Invalid
from footlight.ids import is_guid
from footlight.simulation.plan import ID_PREFIX, Plan, check, read_size
from footlight.site import simulated
from footlight.wire.stand_in import SimulationOrder

ACCOUNT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


def test_the_same_seed_gives_the_same_fleet() -> None:
    one, same, other = Plan(20, 300, 7), Plan(20, 300, 7), Plan(20, 300, 8)
    assert one.fleet == same.fleet
    assert one.client_of(5) == same.client_of(5)
    assert one.fleet.users != other.fleet.users
    assert {m.id for m in one.fleet.machines}.isdisjoint(m.id for m in other.fleet.machines)


def test_all_that_it_makes_is_told_by_its_ids() -> None:
    fleet = Plan(20, 300, 1).fleet
    ids = [
        each.id
        for objects in (fleet.catalogs, fleet.groups, fleet.resources, fleet.users, fleet.machines)
        for each in objects
    ]
    assert ID_PREFIX == simulated.ID_PREFIX
    assert all(is_guid(id) and id.startswith(ID_PREFIX) for id in ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("machines", "sessions"), [(1, 0), (1, 900), (3, 10), (200, 9000)])
def test_a_fleet_of_any_size_is_whole(machines: int, sessions: int) -> None:
    plan = Plan(machines, sessions, 1)
    fleet = plan.fleet
    assert len(fleet.machines) == machines
    assert len(fleet.users) > sessions
    for names in (
        [m.host_name for m in fleet.machines],
        [m.ip_address for m in fleet.machines],
        [u.name for u in fleet.users],
    ):
        assert len(set(names)) == len(names)
    assert all(ACCOUNT_NAME.fullmatch(user.name) for user in fleet.users)
    groups, catalogs = {g.id for g in fleet.groups}, {c.id for c in fleet.catalogs}
    assert {m.group_id for m in fleet.machines} == groups
    assert {m.catalog_id for m in fleet.machines} == catalogs
    for group in groups:
        desktops, applications = plan.resources_of(group)
        assert desktops
        assert applications


def test_a_user_sits_at_the_same_place_and_elsewhere_at_times() -> None:
    plan = Plan(2, 50, 1)
    assert plan.client_of(3, 1) != plan.client_of(3)
    assert len({plan.client_of(user).name for user in range(50)}) == 50


def test_the_command_line_names_its_size() -> None:
    assert read_size("200,5000", "50", 3) == SimulationOrder(
        machines=200, sessions=5000, churn=50, seed=3
    )
    for text, churn in (("200", "1"), ("a,b", "1"), ("1,2", "x"), ("0,5", "0"), ("1,1", "-1")):
        with pytest.raises(Invalid):
            read_size(text, churn, 1)


def test_a_machine_takes_so_many_sessions() -> None:
    check(SimulationOrder(machines=1, sessions=900))
    with pytest.raises(Invalid) as refused:
        check(SimulationOrder(machines=1, sessions=901))
    assert refused.value.facts["name"] == "sessions"
