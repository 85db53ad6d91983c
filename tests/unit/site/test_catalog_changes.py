from __future__ import annotations

from typing import Any

import pytest
from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_scope, audited, limited

from footlight.caller import Permission
from footlight.errors import Conflict, Forbidden
from footlight.site import catalog_changes, catalogs, machine_rows
from footlight.store import schema
from footlight.wire.rest.catalog import (
    AddMachineRequest,
    CreateCatalogRequest,
    UpdateCatalogRequest,
)


def wanted(name: str, **members: Any) -> CreateCatalogRequest:
    return CreateCatalogRequest(
        name=name, provisioning_type="manual", session_support="MULTISESSION", **members
    )


async def create(rooms: Any, caller: Any, request: CreateCatalogRequest) -> Any:
    return await rooms.store.write(
        lambda tx: catalog_changes.create(tx, caller, request, "FOOTLIGHT")
    )


async def test_a_catalog_with_a_machine_is_made_in_one_go_or_not_at_all(rooms: Any) -> None:
    made = await create(
        rooms, rooms.admin, wanted("Servers", machines=[AddMachineRequest(machine_name="desk1")])
    )
    machine = await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))
    assert (machine.c_name, machine.g_id) == ("Servers", None)
    assert await audited(rooms) == [
        "Create machine catalog 'Servers'",
        "Add machine 'FOOTLIGHT\\DESK1' to catalog 'Servers'",
    ]
    with pytest.raises(Conflict):
        await create(
            rooms, rooms.admin, wanted("More", machines=[AddMachineRequest(machine_name="desk1")])
        )
    with pytest.raises(Conflict):
        await create(rooms, rooms.admin, wanted("SERVERS"))
    names = [
        row.name for row in await rooms.store.read(lambda c: list(c.execute(catalogs.joined())))
    ]
    assert sorted(names) == ["Linux hosts", "Servers"]
    assert made.session_support == "MultiSession"


async def test_machines_go_with_their_catalog_to_another_zone(rooms: Any) -> None:
    def write(tx: Any) -> None:
        tx.connection.execute(
            schema.zones.insert().values(id="z2", name="Berlin", is_primary=False)
        )
        catalog = catalogs.get(tx.connection, rooms.admin, "Linux hosts")
        catalog_changes.change(tx, rooms.admin, catalog, UpdateCatalogRequest(zone="berlin"))

    await rooms.store.write(write)
    machine = await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))
    assert machine.z_name == "Berlin"


async def test_each_change_needs_its_permission(rooms: Any) -> None:
    row = await rooms.store.read(lambda c: catalogs.get(c, rooms.admin, "Linux hosts"))
    scope = await add_scope(rooms, "Mine", MachineCatalog=[row.id])
    reader = await limited(rooms, "ada", scope, Permission.CATALOG_READ)
    with pytest.raises(Forbidden):
        await create(rooms, reader, wanted("x"))
    for change in (
        lambda tx: catalog_changes.change(tx, reader, row, UpdateCatalogRequest(name="x")),
        lambda tx: catalog_changes.delete(tx, reader, row),
    ):
        with pytest.raises(Forbidden):
            await rooms.store.write(change)


async def test_deleting_the_sample_catalog_leaves_its_machines_alone(rooms: Any) -> None:
    await rooms.store.write(
        lambda tx: catalog_changes.delete(
            tx, rooms.admin, catalogs.get(tx.connection, rooms.admin, "Linux hosts")
        )
    )
    machine = await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))
    assert (machine.c_id, machine.g_id) == (None, None)
    await rooms.host.report(full=True)  # and it does not come back by itself
    machine = await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))
    assert machine.c_id is None
