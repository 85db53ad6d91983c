from __future__ import annotations

from typing import Any

import pytest
from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_machine, add_scope, limited

from footlight.broker.decision import LaunchRequest
from footlight.caller import Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.site import (
    catalog_changes,
    catalogs,
    group_changes,
    groups,
    machine_rows,
    membership,
)
from footlight.wire.rest.catalog import AddMachineRequest, CreateCatalogRequest
from footlight.wire.rest.delivery_group import (
    AddMachinesRequest,
    AssignMachineRequest,
    CreateGroupRequest,
)

P = Permission


async def catalog(rooms: Any, name: str, caller: Any = None, support: str = "MultiSession") -> Any:
    request = CreateCatalogRequest(name=name, provisioning_type="Manual", session_support=support)
    return await rooms.store.write(
        lambda tx: catalog_changes.create(tx, caller or rooms.admin, request, "FOOTLIGHT")
    )


async def group(rooms: Any, name: str) -> Any:
    request = CreateGroupRequest(name=name)
    return await rooms.store.write(
        lambda tx: group_changes.create(tx, rooms.admin, request, "FOOTLIGHT")
    )


async def join(rooms: Any, row: Any, host: str, caller: Any = None) -> None:
    request = AddMachineRequest(machine_name=host)
    await rooms.store.write(
        lambda tx: membership.join_catalog(tx, caller or rooms.admin, row, request, "FOOTLIGHT")
    )


async def join_group(rooms: Any, row: Any, caller: Any = None, **wanted: Any) -> None:
    request = AddMachinesRequest(**wanted)
    await rooms.store.write(
        lambda tx: membership.join_group(tx, caller or rooms.admin, row, request, "FOOTLIGHT")
    )


async def place(rooms: Any, machine_id: str = MACHINE_ID) -> tuple[str | None, str | None]:
    row = await rooms.store.read(lambda c: machine_rows.by_id(c, machine_id))
    return row.c_name, row.g_name


async def test_the_way_through_catalog_and_group_and_out_again(rooms: Any) -> None:
    servers, office = await catalog(rooms, "Servers"), await group(rooms, "Office")
    assert await place(rooms) == ("Linux hosts", "Everyone")
    await join(rooms, servers, "desk1")
    assert await place(rooms) == ("Servers", None)
    await join_group(rooms, office, machine_catalog="servers", count=1)
    assert await place(rooms) == ("Servers", "Office")
    with pytest.raises(Conflict) as inside:
        await rooms.store.write(
            lambda tx: membership.leave_catalog(tx, rooms.admin, servers, "desk1")
        )
    assert inside.value.code == "MachineInDesktopGroup"
    await rooms.store.write(lambda tx: membership.leave_group(tx, rooms.admin, office, "desk1"))
    await rooms.store.write(lambda tx: membership.leave_catalog(tx, rooms.admin, servers, "desk1"))
    assert await place(rooms) == (None, None)
    with pytest.raises(NotFound):
        await rooms.store.write(
            lambda tx: membership.leave_catalog(tx, rooms.admin, servers, "desk1")
        )


async def test_a_machine_of_the_sample_catalog_goes_to_a_group(rooms: Any) -> None:
    office, other = await group(rooms, "Office"), await group(rooms, "Other")
    named = [AssignMachineRequest(machine="desk1", users=["ada"])]
    await join_group(rooms, office, machine_catalog="Linux hosts", assign_machines_to_users=named)
    assert await place(rooms) == ("Linux hosts", "Office")
    with pytest.raises(Conflict) as taken:
        await join_group(
            rooms, other, machine_catalog="Linux hosts", assign_machines_to_users=named
        )
    assert taken.value.code == "MachineAlreadyAllocated"
    with pytest.raises(Conflict) as few:
        await join_group(rooms, other, machine_catalog="Linux hosts", count=1)
    assert few.value.code == "NoAvailableMachine"
    servers = await catalog(rooms, "Servers")
    with pytest.raises(Conflict) as grouped:
        await join(rooms, servers, "desk1")
    assert grouped.value.code == "MachineInDesktopGroup"


async def test_a_taken_machine_is_told_of_to_those_only_who_see_it(rooms: Any) -> None:
    secret = await catalog(rooms, "Secret")
    await join(rooms, secret, "desk1")
    scope = await add_scope(rooms, "Mine")
    caller = await limited(
        rooms,
        "ada",
        scope,
        P.CATALOG_READ,
        P.CATALOG_CREATE,
        P.CATALOG_ADD_MACHINES,
        P.MACHINE_READ,
    )
    mine = await catalog(rooms, "Mine", caller)
    for host in ("desk1", "nowhere"):
        with pytest.raises(NotFound) as hidden:
            await join(rooms, mine, host, caller)
        assert hidden.value.code == "UnknownMachineName"
    with pytest.raises(Conflict) as taken:
        await join(rooms, mine, "desk1")
    assert taken.value.code == "MachineAlreadyAllocated"
    spare = await add_machine(rooms, "spare")
    await join(rooms, mine, "spare", caller)
    assert await place(rooms, spare) == ("Mine", None)
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: membership.leave_catalog(tx, caller, mine, "spare"))


async def test_single_sessions_and_many_are_not_mixed(rooms: Any) -> None:
    await catalog(rooms, "Single", support="SingleSession")
    office = await group(rooms, "Office")
    with pytest.raises(Conflict) as mixed:
        await join_group(rooms, office, machine_catalog="Single", count=0)
    assert mixed.value.code == "IncompatibleMachine"


async def test_a_machine_with_sessions_stays_until_they_log_off(rooms: Any) -> None:
    launched = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    everyone = await rooms.store.read(lambda c: groups.get(c, rooms.admin, "Everyone"))
    with pytest.raises(Conflict) as busy:
        await rooms.store.write(
            lambda tx: membership.leave_group(tx, rooms.admin, everyone, "desk1")
        )
    assert busy.value.code == "MachineInUse"
    await rooms.actions.log_off(rooms.admin, launched.session_id)
    await rooms.store.write(lambda tx: membership.leave_group(tx, rooms.admin, everyone, "desk1"))
    assert await place(rooms) == ("Linux hosts", None)
    row = await rooms.store.read(lambda c: catalogs.get(c, rooms.admin, "Linux hosts"))
    assert (await rooms.store.read(lambda c: catalogs.counts(c, [row.id])))[row.id].used == 0
