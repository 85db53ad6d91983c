from __future__ import annotations

from typing import Any

import pytest
from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_scope, audited, limited

from footlight.broker.decision import LaunchRequest
from footlight.caller import Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.site import machine_changes, machine_rows
from footlight.store import schema
from footlight.wire.rest.machine_request import UpdateMachineRequest


async def change(rooms: Any, caller: Any, **wanted: Any) -> Any:
    def write(tx: Any) -> Any:
        row = machine_rows.by_id(tx.connection, MACHINE_ID)
        machine_changes.change(tx, caller, row, UpdateMachineRequest(**wanted), "FOOTLIGHT")
        return machine_rows.by_id(tx.connection, MACHINE_ID)

    return await rooms.store.write(write)


async def test_a_change_is_written_and_noted_once(rooms: Any) -> None:
    row = await change(rooms, rooms.admin, in_maintenance_mode=True)
    assert row.in_maintenance
    await change(rooms, rooms.admin, in_maintenance_mode=True)
    assert await audited(rooms) == [f"Edit machine '{row.name}'"]


async def test_maintenance_and_the_rest_have_permissions_of_their_own(rooms: Any) -> None:
    row = await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))
    scope = await add_scope(rooms, "Mine", MachineCatalog=[row.catalog_id])
    keeper = await limited(rooms, "ada", scope, Permission.MACHINE_MAINTENANCE)
    editor = await limited(rooms, "zoe", scope, Permission.MACHINE_EDIT)
    assert (await change(rooms, keeper, in_maintenance_mode=True)).in_maintenance
    assert (await change(rooms, editor, published_name="Desk")).published_name == "Desk"
    with pytest.raises(Forbidden):
        await change(rooms, keeper, published_name="x")
    with pytest.raises(Forbidden):
        await change(rooms, editor, in_maintenance_mode=False)


async def test_an_unknown_icon_is_not_kept(rooms: Any) -> None:
    for icon in ("77", "x"):
        with pytest.raises(NotFound):
            await change(rooms, rooms.admin, icon=icon)
    with pytest.raises(Invalid):
        await change(rooms, rooms.admin, assigned_ip_address="192.0.2.1", assigned_users=["ada"])


async def test_a_deleted_machine_comes_again_with_its_agent(rooms: Any) -> None:
    launched = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))

    async def delete(caller: Any) -> None:
        await rooms.store.write(
            lambda tx: machine_changes.delete(
                tx, caller, machine_rows.by_id(tx.connection, MACHINE_ID)
            )
        )

    with pytest.raises(Conflict) as busy:
        await delete(rooms.admin)
    assert busy.value.code == "MachineInUse"
    await rooms.actions.log_off(rooms.admin, launched.session_id)
    with pytest.raises(Forbidden):
        await delete(rooms.caller(await rooms.account("ada")))
    uid = (await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))).uid
    await delete(rooms.admin)
    assert await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID)) is None
    taken = await rooms.host.report()
    assert taken.want_full
    await rooms.host.report(full=True)
    again = await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))
    assert again.c_name == "Linux hosts"
    assert again.uid >= uid


async def test_a_machine_of_somebodys_group_is_not_deleted(rooms: Any) -> None:
    def write(tx: Any) -> None:
        group = schema.delivery_groups
        tx.connection.execute(group.update().values(is_sample=False))
        machine_changes.delete(tx, rooms.admin, machine_rows.by_id(tx.connection, MACHINE_ID))

    with pytest.raises(Conflict) as held:
        await rooms.store.write(write)
    assert held.value.code == "MachineInDesktopGroup"
