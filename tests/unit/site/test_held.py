from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.conftest import MACHINE_ID
from tests.unit.site.conftest import add_scope, limited

from footlight.caller import Permission
from footlight.errors import Forbidden
from footlight.site import held
from footlight.store import schema

P = Permission


async def test_a_permission_counts_in_its_scopes_only(rooms: Any) -> None:
    def samples(connection: Any) -> tuple[str, str]:
        catalog = connection.execute(select(schema.catalogs.c.id)).scalar_one()
        return catalog, connection.execute(select(schema.delivery_groups.c.id)).scalar_one()

    catalog, group = await rooms.store.read(samples)
    scope = await add_scope(rooms, "Mine", MachineCatalog=[catalog])
    caller = await limited(rooms, "ada", scope, P.CATALOG_EDIT, P.GROUP_EDIT, P.MACHINE_EDIT)
    await rooms.store.read(lambda c: held.catalog(c, caller, P.CATALOG_EDIT, catalog))
    await rooms.store.read(lambda c: held.machine(c, caller, P.MACHINE_EDIT, MACHINE_ID))
    for look in (
        lambda c: held.group(c, caller, P.GROUP_EDIT, group),
        lambda c: held.catalog(c, caller, P.CATALOG_DELETE, catalog),
        lambda c: held.machine(c, caller, P.MACHINE_REMOVE, MACHINE_ID),
    ):
        with pytest.raises(Forbidden):
            await rooms.store.read(look)
