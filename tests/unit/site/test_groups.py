from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from sqlalchemy import true
from tests.unit.site.conftest import add_machine, add_scope, limited

from footlight.broker.decision import LaunchRequest
from footlight.caller import Permission
from footlight.errors import NotFound
from footlight.sessions.moments import Moment
from footlight.site import groups, inventory_search
from footlight.site.groups import Counts
from footlight.store import schema
from footlight.wire.rest.catalog import FolderSearchRequest
from footlight.wire.rest.search import SearchFilter, SearchSort


async def test_counts_of_a_group(rooms: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await add_machine(rooms, "spare", in_maintenance=True)
    row = await rooms.store.read(lambda c: groups.get(c, rooms.admin, "everyone"))
    counts = await rooms.store.read(lambda c: groups.counts(c, rooms.admin, [row.id]))
    assert counts[row.id] == Counts(
        machines=2, registered=1, in_maintenance=1, in_use=1, unassigned=2, sessions=1,
        active=0, disconnected=1, applications=3, desktops=1,
    )  # fmt: skip
    blind = rooms.caller(await rooms.account("ada"))
    seen = (await rooms.store.read(lambda c: groups.counts(c, blind, [row.id])))[row.id]
    assert (seen.sessions, seen.in_use, seen.registered) == (0, 0, 1)
    systems = await rooms.store.read(lambda c: groups.systems(c, row.id, schema.machines.c.os_type))
    assert systems == [("Debian 12", 2)]
    assert (await rooms.store.read(lambda c: groups.by_id(c, row.id))).name == "Everyone"


async def test_what_is_not_seen_is_not_there(rooms: Any) -> None:
    scope = await add_scope(rooms, "Empty")
    reader = await limited(rooms, "ada", scope, Permission.GROUP_READ)
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: groups.get(c, reader, "Everyone"))


async def test_every_property_filters_and_sorts(rooms: Any) -> None:
    async def found(request: FolderSearchRequest) -> int:
        asked = groups.translate(request, rooms.admin, Moment(0, UTC))
        _, total, _ = await rooms.store.read(
            lambda c: inventory_search.page(
                c, groups.TABLES, schema.delivery_groups.c.uid, true(), asked, 10
            )
        )
        return int(total)

    for name in groups._Translation.properties:
        assert await found(FolderSearchRequest(sort_criteria=SearchSort(property=name))) == 1, name
    for name, value in (
        ("Name", "everyone"),
        ("Enabled", "true"),
        ("IsRemotePC", "false"),
        ("TotalApplications", "3"),
        ("DeliveryType", "DesktopsAndApps"),
    ):
        one = SearchFilter(property=name, operator="Equals", value=value)
        assert await found(FolderSearchRequest(search_filters=[one])) == 1, name
