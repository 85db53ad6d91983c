from __future__ import annotations

import asyncio
from typing import Any

import pytest

from footlight.broker import launch as launching
from footlight.broker.launch import LaunchRequest
from footlight.caller import Grant, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from footlight.sessions import pieces, queries
from footlight.store import schema


async def row(rooms: Any, session_id: str) -> Any:
    return await rooms.store.read(lambda c: queries.row(c, session_id))


async def test_launch_makes_a_session_with_facts_of_its_brokering(rooms: Any) -> None:
    made = await rooms.launcher.launch(
        rooms.admin, LaunchRequest("terminal", via_ip="192.0.2.1", via_host="site.test")
    )
    assert made.created
    assert made.machine == "FOOTLIGHT\\DESK1"
    session = await row(rooms, made.session_id)
    assert session.resource_name == "Terminal"
    assert session.session_type == "Application"
    assert (session.client_address, session.launched_via_ip) == ("203.0.113.5", "192.0.2.1")
    assert (session.state, session.app_state) == ("Disconnected", "Active")
    assert rooms.host.orders[0].launch.command[0] == "xterm"
    assert rooms.host.orders[0].launch.account.kind == "managed"


async def test_without_new_the_running_session_is_taken_up(rooms: Any) -> None:
    first = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    again = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    other = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
    assert (again.session_id, again.created) == (first.session_id, False)
    assert other.session_id != first.session_id


async def test_a_session_that_logs_off_is_not_taken_up(rooms: Any) -> None:
    first = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.actions.log_off(rooms.admin, first.session_id)
    again = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    assert again.session_id != first.session_id


async def test_a_repeated_key_gives_the_first_answer(rooms: Any) -> None:
    request = LaunchRequest("Desktop", new=True, key="k-1")
    answers = await asyncio.gather(*(rooms.launcher.launch(rooms.admin, request) for _ in range(5)))
    assert len({a.session_id for a in answers}) == 1
    assert all(a.created for a in answers)


async def test_another_user_needs_launch_as(rooms: Any) -> None:
    ada = rooms.caller(await rooms.account("ada"))
    with pytest.raises(Forbidden):
        await rooms.launcher.launch(ada, LaunchRequest("Desktop", user="bob"))
    own = await rooms.launcher.launch(ada, LaunchRequest("Desktop", user="Ada"))
    theirs = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", user="ada"))
    assert own.session_id == theirs.session_id
    assert (await row(rooms, own.session_id)).user_name == "FOOTLIGHT\\ada"


async def test_launching_for_a_new_name_makes_its_account(rooms: Any) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", user="carol"))
    assert (await row(rooms, made.session_id)).user_name == "FOOTLIGHT\\carol"
    with pytest.raises(Invalid):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", user="no such/name"))


async def test_refusals_name_their_reason(rooms: Any) -> None:
    with pytest.raises(NotFound, match="no resource"):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Solitaire"))
    with pytest.raises(NotFound, match="no such machine"):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", machine="elsewhere"))
    update = schema.machines.update().values(in_maintenance=True)
    await rooms.store.write(lambda tx: tx.connection.execute(update) and None)
    with pytest.raises(Conflict, match="maintenance"):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", machine="desk1"))
    with pytest.raises(Unavailable, match="free"):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))


async def test_a_session_that_cannot_start_says_why(rooms: Any) -> None:
    rooms.host.programs_fail = True
    with pytest.raises(Unavailable, match="could not start"):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))


async def test_a_launch_that_no_host_answers_has_no_later_effect(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "UP_WITHIN_S", 0.3)
    rooms.host.silent = True
    with pytest.raises(Unavailable):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    rooms.host.silent = False
    await rooms.host.report()
    await asyncio.sleep(0.2)
    assert rooms.host.sessions == {}
    page = await rooms.store.read(lambda c: pieces.live_page(c, rooms.admin, 10))
    assert page.total == 0


async def test_a_host_that_starts_a_given_up_session_is_told_to_end_it(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1 the order arrives, 2 the caller gives up, 3 the host has started it after all."""
    monkeypatch.setattr(launching, "UP_WITHIN_S", 0.3)
    rooms.host.silent = True
    with pytest.raises(Unavailable):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    late = rooms.host.orders[0]
    rooms.host.silent = False
    rooms.host._obey(late)
    await rooms.host.report()
    for _ in range(50):
        if not rooms.host.sessions:
            break
        await asyncio.sleep(0.05)
    assert rooms.host.orders[-1].want == "end"
    assert rooms.host.sessions == {}


async def test_launching_for_another_is_written_and_stays_within_ones_scopes(rooms: Any) -> None:
    bob = await rooms.account("bob")
    eve = await rooms.account("eve")
    outside = rooms.caller(
        eve, grants=(Grant(frozenset({Permission.LAUNCH_AS}), frozenset({"elsewhere"})),)
    )
    running = await rooms.launcher.launch(rooms.caller(bob), LaunchRequest("Desktop"))
    with pytest.raises(Unavailable):
        await rooms.launcher.launch(outside, LaunchRequest("Desktop", user="bob"))
    with pytest.raises(NotFound):
        await rooms.launcher.launch(
            outside, LaunchRequest("Desktop", user="bob", machine="DESK1", new=True)
        )
    again = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", user="bob"))
    assert (again.session_id, again.created) == (running.session_id, False)
    rows = await rooms.store.read(lambda c: list(c.execute(schema.audit.select())))
    assert [row.text for row in rows] == ["Launch 'Desktop' as 'bob' on FOOTLIGHT\\DESK1"]
