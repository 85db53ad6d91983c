from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from sqlalchemy import select
from tests.unit.site.conftest import add_machine

from footlight.broker.decision import LaunchRequest
from footlight.errors import Invalid
from footlight.sessions.moments import Moment
from footlight.sessions.properties import BY_NAME
from footlight.site import machine_rows, machine_search
from footlight.store import schema
from footlight.wire.rest.machine_request import GroupMachinesRequest
from footlight.wire.rest.search import SearchFilter, SearchRequest, SearchSort

NOW = Moment(2**40, UTC)


@pytest.fixture
async def hosts(rooms: Any) -> Any:
    """DESK1 with a session of the administrator's and one of ada's; SPARE and OUT without any."""
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    ada = await rooms.account("ada")
    await rooms.launcher.launch(rooms.caller(ada), LaunchRequest("Terminal"))
    await add_machine(
        rooms, "spare", last_deregistered_ms=5, last_deregistration_reason="ContactLost"
    )
    return rooms


async def found(
    rooms: Any, *filters: tuple[str, str, str], caller: Any = None, **more: Any
) -> list[str]:
    request = SearchRequest(
        search_filters=[SearchFilter(property=p, operator=o, value=v) for p, o, v in filters],
        **more,
    )
    asked = machine_search.translate(request, caller or rooms.admin, NOW)
    order = [key.expression.desc() if key.descending else key.expression for key in asked.order]
    query = (
        select(schema.machines.c.name)
        .select_from(machine_rows.TABLES)
        .where(asked.condition)
        .order_by(*order, schema.machines.c.uid)
    )
    names = await rooms.store.read(lambda c: list(c.execute(query).scalars()))
    return [name.rpartition("\\")[2] for name in names]


@pytest.mark.parametrize(
    ("name", "operator", "value", "wanted"),
    [
        ("CurrentUser", "Equals", "FOOTLIGHT\\ada", ["DESK1"]),
        ("CurrentUser", "NotEquals", "FOOTLIGHT\\ada", ["DESK1"]),  # some session is another's
        ("CurrentUser", "Like", "nobody", []),
        ("AppsInUse", "Contains", "terminal", ["DESK1"]),
        ("ConnectionProtocol", "Equals", "Hdx", ["DESK1"]),
        ("SessionCount", "GreaterThan", "1", ["DESK1"]),
        ("SessionCount", "LessThan", "1", ["SPARE"]),
        ("SummaryState", "Equals", "InUse", ["DESK1"]),
        ("SummaryState", "In", "Unregistered,Available", ["SPARE"]),
        ("LastDeregistrationReason", "Equals", "ContactLost", ["SPARE"]),
        ("LastDeregistrationTime", "Any", "", ["SPARE"]),
        ("IsAssigned", "Equals", "false", ["DESK1", "SPARE"]),
        ("AllocationType", "Equals", "Random", ["DESK1", "SPARE"]),
        ("MachineCatalog", "Equals", "linux hosts", ["DESK1", "SPARE"]),
        ("Tags", "None", "", ["DESK1", "SPARE"]),
    ],
)
async def test_filters(hosts: Any, name: str, operator: str, value: str, wanted: list[str]) -> None:
    assert await found(hosts, (name, operator, value)) == wanted


async def test_sessions_that_are_not_seen_match_nothing(hosts: Any) -> None:
    nobody = hosts.caller(await hosts.account("zoe"))
    assert await found(hosts, ("CurrentUser", "Any", ""), caller=nobody) == []
    assert await found(hosts, ("SessionCount", "Equals", "0"), caller=nobody) == ["DESK1", "SPARE"]
    assert await found(hosts, ("SummaryState", "Equals", "Available"), caller=nobody) == ["DESK1"]
    assert await found(hosts, basic_search_string="ada", caller=nobody) == []
    assert await found(hosts, basic_search_string="ada") == ["DESK1"]


async def test_every_property_sorts_and_counts(hosts: Any) -> None:
    for one in BY_NAME.values():
        for direction in ("Ascending", "Descending"):
            by = SearchSort(property=one.name, sort_direction=direction)
            assert len(await found(hosts, sort_criteria=by)) == 2, one.name
        asked = GroupMachinesRequest(machine_property_name=one.name)
        counts = await hosts.store.read(
            lambda c, a=asked: machine_search.grouped(c, a, hosts.admin, NOW)
        )
        assert all(1 <= count <= 2 for count in counts.values()), one.name
    by = SearchSort(property="CurrentUser", sort_direction="Descending")
    assert await found(hosts, sort_criteria=by) == ["DESK1", "SPARE"]


async def test_what_there_is_not_is_refused(hosts: Any) -> None:
    with pytest.raises(Invalid):
        await found(hosts, ("Colour", "Equals", "red"))
    asked = GroupMachinesRequest(machine_property_name="Colour")
    with pytest.raises(Invalid):
        await hosts.store.read(lambda c: machine_search.grouped(c, asked, hosts.admin, NOW))
