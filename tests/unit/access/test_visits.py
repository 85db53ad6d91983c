from __future__ import annotations

from typing import Any

import pytest

from footlight.access import accounts, visits
from footlight.access.visits import Bounds
from footlight.broker.decision import LaunchRequest
from footlight.errors import Conflict, LimitReached, NotFound
from footlight.sessions import actions
from footlight.site import entitlement
from footlight.site.entitlement import Rule
from footlight.store import schema

BOUNDS = Bounds(3, 2, 60_000)


async def _begin(rooms: Any, address: str = "192.0.2.1", bounds: Bounds = BOUNDS) -> Any:
    account, _ = await rooms.store.write(lambda tx: visits.begin(tx, address, bounds))
    return account


async def _open(rooms: Any) -> None:
    group = await rooms.store.read(lambda c: c.execute(schema.delivery_groups.select()).one())
    await rooms.store.write(
        lambda tx: entitlement.put(tx, group.id, Rule(allow_anonymous=True, included_only=True))
    )


async def _expire(rooms: Any) -> None:
    """The time of all visits is over."""
    await rooms.store.write(
        lambda tx: tx.connection.execute(schema.visits.update().values(expires_at_ms=1)) and None
    )


async def test_bounded_on_the_site_and_at_an_address(rooms: Any) -> None:
    first = await _begin(rooms)
    second = await _begin(rooms)
    assert [first.name, second.name] == ["Anon001", "Anon002"]
    with pytest.raises(LimitReached):
        await _begin(rooms)
    await _begin(rooms, "2001:db8::1")
    with pytest.raises(LimitReached):
        await _begin(rooms, "192.0.2.3")
    await _expire(rooms)
    assert (await _begin(rooms)).name == "Anon001"
    gone = await rooms.store.read(lambda c: accounts.by_id(c, first.id))
    assert not gone.enabled


async def test_a_name_that_is_somebodys_is_passed_over(rooms: Any) -> None:
    await rooms.account("ANON001")
    assert (await _begin(rooms)).name == "Anon002"
    listed = await rooms.store.read(accounts.every)
    assert [one.name for one in listed if one.source == "visitor"] == []


async def test_who_leaves_makes_room(rooms: Any) -> None:
    one = Bounds(1, 1, 60_000)
    account = await _begin(rooms, bounds=one)
    await rooms.store.write(lambda tx: visits.leave(tx, account.id))
    assert (await _begin(rooms, bounds=one)).id != account.id


async def test_one_session_for_each_visit(rooms: Any) -> None:
    visitor = await _begin(rooms)
    caller = rooms.caller(visitor)
    with pytest.raises((NotFound, Conflict)):
        await rooms.launcher.launch(caller, LaunchRequest("Terminal"))
    await _open(rooms)
    made = await rooms.launcher.launch(caller, LaunchRequest("Terminal"))
    order = rooms.host.orders[-1].launch
    assert (order.account.kind, order.user_name) == ("anonymous", "FOOTLIGHT\\Anon001")
    again = await rooms.launcher.launch(caller, LaunchRequest("Terminal"))
    assert (again.session_id, again.created) == (made.session_id, False)
    for request in (LaunchRequest("Desktop"), LaunchRequest("Terminal", new=True)):
        with pytest.raises(Conflict, match="one session"):
            await rooms.launcher.launch(caller, request)
    await _expire(rooms)
    now_ms = rooms.clock.now_ms()
    assert not await rooms.store.read(lambda c: visits.any_over(c, now_ms)), "its session lives"


async def test_with_the_session_the_account_is_dead_and_later_gone(rooms: Any) -> None:
    await _open(rooms)
    visitor = await _begin(rooms)
    made = await rooms.launcher.launch(rooms.caller(visitor), LaunchRequest("Terminal"))

    def end(tx: Any) -> None:
        s = schema.sessions
        over = {"phase": "ended", "ended_at_ms": tx.now_ms}
        tx.connection.execute(s.update().where(s.c.id == made.session_id).values(**over))
        visits.end_over(tx)
        visits.forget_old(tx)

    await rooms.store.write(end)
    account = await rooms.store.read(lambda c: accounts.by_id(c, visitor.id))
    assert not account.enabled
    await rooms.store.write(
        lambda tx: tx.connection.execute(schema.sessions.update().values(ended_at_ms=1)) and None
    )
    await rooms.store.write(actions.forget_old)
    await rooms.store.write(visits.forget_old)
    assert await rooms.store.read(lambda c: accounts.by_id(c, visitor.id)) is None
