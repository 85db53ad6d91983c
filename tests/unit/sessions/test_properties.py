from __future__ import annotations

from typing import Any, get_args

import pytest
from sqlalchemy import select, true, update

from footlight.broker.decision import LaunchRequest
from footlight.caller import Caller
from footlight.sessions import queries
from footlight.sessions.properties import APPLICATION_IN_USE, BY_NAME, Kind
from footlight.store import schema
from footlight.wire.rest.search import SearchProperty

_s = schema.sessions


@pytest.fixture
async def ada(rooms: Any) -> Caller:
    caller: Caller = rooms.caller(await rooms.account("ada"))
    return caller


@pytest.fixture
async def two(rooms: Any, ada: Caller) -> Any:
    """The rooms, with a desktop of the administrator and a terminal of ada's on one machine."""
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.launcher.launch(ada, LaunchRequest("Terminal"))
    rooms.host.silent = True
    return rooms


async def values(rooms: Any, name: str, caller: Caller) -> list[Any]:
    """The property of each session, by uid."""
    expression = BY_NAME[name.lower()].expression(caller)
    tables = queries.tables_for(true(), expression)
    query = select(expression).select_from(tables).order_by(_s.c.uid)
    found: list[Any] = await rooms.store.read(lambda c: list(c.execute(query).scalars()))
    return found


def test_every_name_of_the_contract_is_a_property_and_no_other() -> None:
    assert [one.name for one in BY_NAME.values()] == list(get_args(SearchProperty))


def test_enums_know_their_members_and_nothing_else_has_any() -> None:
    for one in BY_NAME.values():
        assert bool(one.members) == (one.kind is Kind.ENUM) or one.name == "SupportedPowerActions"


async def test_every_property_can_be_asked_for(two: Any) -> None:
    for one in BY_NAME.values():
        shown = await values(two, one.name, two.admin)
        assert len(shown) == 2, one.name
        if one.fixed:
            assert len(set(shown)) == 1, one.name
        if one.kind is Kind.ENUM:
            assert set(shown) <= {None, *one.members}, one.name


async def test_what_sessions_and_their_machines_show(two: Any) -> None:
    assert await values(two, "UserName", two.admin) == ["FOOTLIGHT\\admin", "FOOTLIGHT\\ada"]
    assert await values(two, "PublishedName", two.admin) == ["Desktop", "Terminal"]
    assert await values(two, "MachineName", two.admin) == ["FOOTLIGHT\\DESK1"] * 2
    assert await values(two, "DeliveryGroup", two.admin) == ["Everyone"] * 2
    assert await values(two, "RegistrationState", two.admin) == ["Registered"] * 2
    assert await values(two, "MaintenanceModeReason", two.admin) == ["None"] * 2


async def test_the_count_of_sessions_tells_nothing_of_others(two: Any, ada: Caller) -> None:
    assert await values(two, "SessionCount", two.admin) == [2, 2]
    counted = dict(zip(await values(two, "UserName", ada), await values(two, "SessionCount", ada),
                       strict=True))  # fmt: skip
    assert counted["FOOTLIGHT\\ada"] == 1
    ended = update(_s).where(_s.c.account_id == ada.account_id).values(ended_at_ms=5)
    await two.store.write(lambda tx: tx.connection.execute(ended) and None)
    assert (await values(two, "SessionCount", two.admin))[0] == 1


async def test_an_application_is_in_use_while_its_session_says_so(two: Any) -> None:
    assert await values(two, "AppsInUse", two.admin) == [None, "Terminal"]
    waiting = update(_s).values(app_state="NoApps")
    await two.store.write(lambda tx: tx.connection.execute(waiting) and None)
    query = select(APPLICATION_IN_USE)
    assert await two.store.read(lambda c: list(c.execute(query).scalars())) == [None, None]
