from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from footlight.broker.decision import LaunchRequest
from footlight.caller import Grant, Permission
from footlight.ids import new_guid
from footlight.sessions import queries
from footlight.store import schema

_s = schema.sessions


@pytest.fixture
async def people(rooms: Any) -> Any:
    """The administrator with two sessions, ada with one; no host answers any more."""
    ada = rooms.caller(await rooms.account("ada"))
    ids = {}
    for name, caller, resource in (
        ("first", rooms.admin, "Desktop"),
        ("ada's", ada, "Desktop"),
        ("second", rooms.admin, "Terminal"),
    ):
        made = await rooms.launcher.launch(caller, LaunchRequest(resource, new=True))
        ids[name] = made.session_id
    rooms.host.silent = True
    return SimpleNamespace(rooms=rooms, store=rooms.store, admin=rooms.admin, ada=ada, ids=ids)


async def change(people: Any, name: str, **columns: Any) -> None:
    statement = update(_s).where(_s.c.id == people.ids[name]).values(**columns)
    await people.store.write(lambda tx: tx.connection.execute(statement) and None)


async def test_a_user_sees_its_own(people: Any) -> None:
    others = people.ids["first"]
    assert await people.store.read(lambda c: queries.get(c, people.ada, others)) is None
    rows, _ = await people.store.read(lambda c: queries.own_page(c, people.ada, 10, 0))
    assert [row.id for row in rows] == [people.ids["ada's"]]


async def test_by_guid_in_any_case_or_by_uid(people: Any) -> None:
    one = people.ids["second"]
    get = lambda text: people.store.read(lambda c: queries.get(c, people.admin, text))  # noqa: E731
    found = await get(one.upper())
    assert (found.id, found.m_name, found.z_name) == (one, "FOOTLIGHT\\DESK1", "Primary")
    assert (await get(str(found.uid))).id == one
    for strange in ("", "x", "-1", "1.0", "9" * 40, new_guid(), one[:-1], "' OR 1=1 --"):
        assert await get(strange) is None


async def test_an_ended_one_is_listed_in_our_own_view_only(people: Any) -> None:
    await change(people, "first", ended_at_ms=5)
    one = people.ids["first"]
    assert await people.store.read(lambda c: queries.get(c, people.admin, one)) is None
    assert await people.store.read(lambda c: queries.get(c, people.admin, one, ended=True))
    rows, more = await people.store.read(lambda c: queries.own_page(c, people.admin, 2, 0))
    assert [row.id for row in rows] == [people.ids["second"], people.ids["ada's"]]
    assert more
    below = rows[-1].uid
    rows, more = await people.store.read(lambda c: queries.own_page(c, people.admin, 2, below))
    assert ([row.id for row in rows], more) == ([one], False)


@pytest.mark.parametrize(
    "columns", [{"wanted": "end"}, {"phase": "ending"}, {"ended_at_ms": 5, "phase": "ended"}]
)
async def test_what_is_ending_is_not_taken_up(people: Any, columns: dict[str, Any]) -> None:
    row = await people.store.read(lambda c: queries.row(c, people.ids["first"]))

    def take_up(c: Any) -> Any:
        return queries.to_take_up(c, row.account_id, row.resource_id)

    assert (await people.store.read(take_up)).id == people.ids["first"]
    await change(people, "first", **columns)
    assert await people.store.read(take_up) is None


async def test_a_session_of_a_silent_host_is_not_taken_up(people: Any) -> None:
    row = await people.store.read(lambda c: queries.row(c, people.ids["first"]))
    await people.store.write(
        lambda tx: tx.connection.execute(update(schema.machines).values(registered=False)) and None
    )
    assert (
        await people.store.read(lambda c: queries.to_take_up(c, row.account_id, row.resource_id))
        is None
    )


@pytest.mark.parametrize(
    ("live", "registered", "notify", "may_record", "shown"),
    [
        (True, True, True, False, True),
        (True, True, False, True, True),
        (True, True, False, False, False),  # recorded in silence
        (True, True, None, False, False),
        (False, True, True, True, False),
        (True, False, True, True, False),  # nothing is known of a silent host
    ],
)
def test_who_is_told_of_a_recording(
    live: bool, registered: bool, notify: bool | None, may_record: bool, shown: bool
) -> None:
    row: Any = SimpleNamespace(recording_live=live, m_registered=registered, r_notify=notify)
    assert queries.recording_shown(row, may_record) is shown


async def test_what_is_allowed_on_each_of_several_sessions(people: Any) -> None:
    rows = await people.store.read(lambda c: list(c.execute(queries.joined())))
    for caller, count in ((people.admin, 3), (people.ada, 0)):
        found = await people.store.read(
            lambda c, caller=caller: queries.allowed(c, caller, rows, Permission.RECORD)
        )
        assert len(found) == count
    scoped = replace(people.ada, grants=(Grant(frozenset({Permission.RECORD}), frozenset({"s"})),))
    assert not await people.store.read(
        lambda c: queries.allowed(c, scoped, rows, Permission.RECORD)
    )
