from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from footlight.caller import Grant, Permission
from footlight.errors import Forbidden, NotFound
from footlight.site import zones
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.zone import ZonedItemRequest, ZoneRequest

ITEM = ZonedItemRequest(name="linux hosts", item_type="MachineCatalog")


async def make(rooms: Any, name: str = "Cellar") -> str:
    made: str = await rooms.store.write(
        lambda tx: zones.create(tx, rooms.admin, ZoneRequest(name=name))
    )
    return made


async def test_machines_go_with_their_catalog(rooms: Any) -> None:
    cellar = await make(rooms)

    def write(tx: Tx, zone: str | None) -> None:
        row = None if zone is None else zones.get(tx.connection, zone)
        zones.put(tx, rooms.admin, row, [ITEM])

    await rooms.store.write(lambda tx: write(tx, "cellar"))
    query = select(schema.machines.c.zone_id)
    assert await rooms.store.read(lambda c: c.execute(query).scalars().all()) == [cellar]
    await rooms.store.write(lambda tx: write(tx, None))
    assert await rooms.store.read(lambda c: c.execute(query).scalars().all()) != [cellar]


async def test_a_zone_without_a_registered_machine_is_sick(rooms: Any) -> None:
    cellar = await make(rooms)
    primary = (await rooms.store.read(lambda c: zones.get(c, "Primary"))).id

    async def sick() -> set[str]:
        found: set[str] = await rooms.store.read(
            lambda c: zones.sick(c, rooms.admin, [primary, cellar])
        )
        return found

    assert await sick() == set()
    m = schema.machines
    await rooms.store.write(
        lambda tx: tx.connection.execute(m.update().values(registered=False)) and None
    )
    assert await sick() == {primary}


async def test_rights(rooms: Any) -> None:
    await make(rooms)
    cellar = await rooms.store.read(lambda c: zones.get(c, "Cellar"))
    grant = Grant(frozenset({Permission.ZONE_MANAGE, Permission.CATALOG_READ}), frozenset({"none"}))
    ada = rooms.caller(await rooms.account("ada"), grants=(grant,))
    for work in (
        lambda tx: zones.delete(tx, ada, cellar),
        lambda tx: zones.change(tx, ada, cellar, ZoneRequest(name="x")),
    ):
        with pytest.raises(Forbidden):
            await rooms.store.write(work)
    with pytest.raises(NotFound):
        await rooms.store.write(lambda tx: zones.put(tx, ada, cellar, [ITEM]))
    reader = rooms.caller(await rooms.account("zoe"), grants=(Grant(grant.permissions),))
    with pytest.raises(Forbidden):  # sees the catalog, may not edit it
        await rooms.store.write(lambda tx: zones.put(tx, reader, cellar, [ITEM]))
