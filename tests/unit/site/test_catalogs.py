from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from sqlalchemy import true
from tests.unit.site.conftest import add_machine, add_scope, limited

from footlight.errors import Forbidden, NotFound
from footlight.sessions.moments import Moment
from footlight.site import catalogs, entitlement, inventory_search
from footlight.site.catalogs import Counts
from footlight.store import schema
from footlight.wire.rest.catalog import FolderSearchRequest
from footlight.wire.rest.search import SearchFilter, SearchSort


async def test_counts_are_of_machines_in_groups_and_with_users(rooms: Any) -> None:
    catalog = await rooms.store.read(lambda c: catalogs.get(c, rooms.admin, "linux HOSTS"))
    free = await add_machine(rooms, "free", delivery_group_id=None)
    await rooms.store.write(lambda tx: entitlement.assign(tx, free, ("ada",)))
    counts = await rooms.store.read(lambda c: catalogs.counts(c, [catalog.id, "x"]))
    assert counts == {catalog.id: Counts(total=2, used=1, assigned=1, free_assigned=1)}
    systems = await rooms.store.read(lambda c: catalogs.systems(c, catalog.id))
    assert systems.os_type == "Debian 12"
    assert (await rooms.store.read(lambda c: catalogs.systems(c, "x"))).agent_version is None
    (group,) = await rooms.store.read(lambda c: catalogs.groups_of(c, rooms.admin, catalog.id))
    assert (group.name, group.count, group.total) == ("Everyone", 1, 1)


async def test_what_is_not_seen_is_not_there(rooms: Any) -> None:
    scope = await add_scope(rooms, "Empty")
    reader = await limited(rooms, "ada", scope, catalogs.Permission.CATALOG_READ)
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: catalogs.get(c, reader, "Linux hosts"))
    nobody = await limited(rooms, "zoe", scope)
    with pytest.raises(Forbidden):
        await rooms.store.read(lambda c: catalogs.get(c, nobody, "Linux hosts"))


async def test_every_property_filters_and_sorts(rooms: Any) -> None:
    values = {"Name": "linux hosts", "UsedCount": "1", "AvailableCount": "0", "IsRemotePC": "false"}
    for name in catalogs._Translation.properties:
        sort = SearchSort(property=name)
        wanted = FolderSearchRequest(sort_criteria=sort)
        assert len((await found(rooms, wanted))[0]) == 1, name
    for name, value in values.items():
        one = SearchFilter(property=name, operator="Equals", value=value)
        assert (await found(rooms, FolderSearchRequest(search_filters=[one])))[1] == 1, name
    assert (await found(rooms, FolderSearchRequest(basic_search_string="linux")))[1] == 1
    assert (await found(rooms, FolderSearchRequest(basic_search_string="windows")))[1] == 0


async def found(rooms: Any, request: FolderSearchRequest) -> tuple[list[int], int, Any]:
    asked = catalogs.translate(request, rooms.admin, Moment(0, UTC))
    page: tuple[list[int], int, Any] = await rooms.store.read(
        lambda c: inventory_search.page(
            c, catalogs.TABLES, schema.catalogs.c.uid, true(), asked, 10
        )
    )
    return page
