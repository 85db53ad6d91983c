from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.unit.conftest import MACHINE_ID

from footlight.broker import launch as launching
from footlight.broker.decision import LaunchRequest, Terms
from footlight.caller import Grant, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from footlight.sessions import pieces, queries
from footlight.site import entitlement, resources
from footlight.site.entitlement import Rule
from footlight.store import schema
from footlight.telemetry.meters import Meters
from footlight.wire.host import SessionFacts


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


async def test_the_time_in_which_the_host_starts_others_is_not_counted(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "UP_WITHIN_S", 0.4)
    rooms.host.silent = True
    launch = asyncio.ensure_future(rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop")))
    while not rooms.host.orders:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)
    order = rooms.host.orders[0]
    waits = SessionFacts(
        session_id=order.session_id,
        generation=0,
        phase="starting",
        moments={"taken": rooms.clock.now_ms()},
    )
    rooms.host.sessions[order.session_id] = waits
    await rooms.host.report()
    await asyncio.sleep(1.2)
    assert not launch.done()
    rooms.host.silent = False
    rooms.host._obey(order)
    await rooms.host.report()
    assert (await launch).created


async def restrict(rooms: Any, name: str, rule: Rule) -> None:
    found = await rooms.store.read(lambda c: resources.find(c, name))
    await rooms.store.write(lambda tx: entitlement.put(tx, found.id, rule))


async def set_group(rooms: Any, **values: Any) -> None:
    update = schema.delivery_groups.update().values(**values)
    await rooms.store.write(lambda tx: tx.connection.execute(update) and None)


async def test_what_one_may_not_use_is_as_if_it_were_not_there(rooms: Any) -> None:
    ada, zoe = [rooms.caller(await rooms.account(name)) for name in ("ada", "zoe")]
    await restrict(rooms, "Terminal", Rule(included_only=True, included=("ada",)))
    assert (await rooms.launcher.launch(ada, LaunchRequest("Terminal"))).created
    refusals = []
    for name in ("Terminal", "Nothing"):
        with pytest.raises(NotFound) as refused:
            await rooms.launcher.launch(zoe, LaunchRequest(name))
        refusals.append((refused.value.code, refused.value.message.replace(name, "")))
    assert refusals[0] == refusals[1]
    for request in (LaunchRequest("Terminal"), LaunchRequest("Terminal", user="zoe")):
        with pytest.raises(Conflict) as told:  # the administrator sees that it is there
            await rooms.launcher.launch(rooms.admin, request)
        assert told.value.code == "UserNotAuthorized"
    taken = await rooms.launcher.launch(rooms.admin, LaunchRequest("Terminal", user="ada"))
    assert not taken.created


async def test_a_group_in_maintenance_takes_nobody_back(rooms: Any) -> None:
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await set_group(rooms, in_maintenance=True)
    for request in (LaunchRequest("Desktop"), LaunchRequest("Desktop", new=True)):
        with pytest.raises(Conflict) as refused:
            await rooms.launcher.launch(rooms.admin, request)
        assert refused.value.code == "GroupInMaintenanceMode"
    await set_group(rooms, in_maintenance=False, enabled=False)
    with pytest.raises(Conflict) as refused:
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    assert "disabled" in refused.value.message
    await set_group(rooms, enabled=True)
    assert not (await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))).created


async def test_the_first_user_of_a_private_machine_keeps_it(rooms: Any) -> None:
    update = schema.catalogs.update().values(allocation_type="Static")
    await rooms.store.write(lambda tx: tx.connection.execute(update) and None)
    ada = rooms.caller(await rooms.account("ada"))
    assert (await rooms.launcher.launch(ada, LaunchRequest("Desktop"))).created
    assigned = await rooms.store.read(lambda c: entitlement.assigned(c, [MACHINE_ID]))
    assert assigned == {MACHINE_ID: ("ada",)}
    with pytest.raises(Unavailable):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    assert (await rooms.launcher.launch(ada, LaunchRequest("Desktop", new=True))).created


async def test_a_desktop_of_machines_with_a_tag(rooms: Any) -> None:
    settings = '{"restrict_to_tag": "t1"}'
    r = schema.resources
    update = r.update().where(r.c.name == "Desktop").values(settings=settings)

    def write(tx: Any) -> None:
        tx.connection.execute(update)
        tx.connection.execute(schema.tags.insert().values(id="t1", name="quick"))

    await rooms.store.write(write)
    with pytest.raises(Unavailable):
        await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    link = {"tag_id": "t1", "object_kind": "Machine", "object_id": MACHINE_ID}
    insert = schema.tag_objects.insert().values(**link)
    await rooms.store.write(lambda tx: tx.connection.execute(insert) and None)
    assert (await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))).created


async def test_of_two_of_a_name_the_one_with_machines_is_meant(rooms: Any) -> None:
    def write(tx: Any) -> None:
        values = {"id": "g2", "name": "Office"}
        tx.connection.execute(schema.delivery_groups.insert().values(**values))
        desktop = {
            "id": "d2", "name": "Desktop 2", "published_name": "Desktop", "kind": "Desktop",
            "command": "[]", "enabled": True,
        }  # fmt: skip
        tx.connection.execute(schema.resources.insert().values(**desktop))
        link = {"resource_id": "d2", "delivery_group_id": "g2"}
        tx.connection.execute(schema.resource_groups.insert().values(**link))
        tx.connection.execute(schema.machines.update().values(delivery_group_id="g2"))

    await rooms.store.write(write)
    launched = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    assert (await row(rooms, launched.session_id)).resource_id == "d2"


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


async def somebody_waits(rooms: Any) -> None:
    for _ in range(1000):
        if rooms.launcher.waiting:
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits")


async def single(rooms: Any) -> None:
    update = schema.catalogs.update().values(session_support="SingleSession")
    await rooms.store.write(lambda tx: tx.connection.execute(update) and None)


async def test_a_launch_waits_for_a_machine_and_gets_it(rooms: Any) -> None:
    await single(rooms)
    first = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    request = LaunchRequest("Desktop", new=True, wait_s=60)
    waiting = asyncio.ensure_future(rooms.launcher.launch(rooms.admin, request))
    await somebody_waits(rooms)
    await rooms.actions.log_off(rooms.admin, first.session_id)
    second = await waiting
    assert second.created
    assert second.session_id != first.session_id
    assert rooms.launcher.waiting == 0
    assert (await row(rooms, second.session_id)).brokering_ms > 0


async def test_nobody_waits_for_what_does_not_pass_nor_longer_than_one_may(rooms: Any) -> None:
    await single(rooms)
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    rooms.launcher.terms = Terms(most_wait_s=0)
    request = LaunchRequest("Desktop", new=True, wait_s=10**6)
    with pytest.raises(Unavailable):
        await rooms.launcher.launch(rooms.admin, request)
    rooms.launcher.terms = Terms(most_wait_s=10**6)
    update = schema.machines.update().values(in_maintenance=True)
    await rooms.store.write(lambda tx: tx.connection.execute(update) and None)
    with pytest.raises(Unavailable):
        await rooms.launcher.launch(rooms.admin, request)


async def test_a_stopped_launcher_lets_nobody_wait(rooms: Any) -> None:
    await single(rooms)
    await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    request = LaunchRequest("Desktop", new=True, wait_s=60)
    waiting = asyncio.ensure_future(rooms.launcher.launch(rooms.admin, request))
    await somebody_waits(rooms)
    await rooms.launcher.stop()
    with pytest.raises(Unavailable, match="free"):
        await waiting


async def test_an_administrator_is_told_of_each_group_and_a_user_is_not(rooms: Any) -> None:
    update = schema.machines.update().values(in_maintenance=True)
    await rooms.store.write(lambda tx: tx.connection.execute(update) and None)
    ada = rooms.caller(await rooms.account("ada"))
    facts = []
    for caller in (rooms.admin, ada):
        with pytest.raises(Unavailable) as refused:
            await rooms.launcher.launch(caller, LaunchRequest("Desktop"))
        facts.append(refused.value.facts)
    told, plain = facts
    assert plain == {"reason": "noMachine"}
    assert [value for name, value in told.items() if name.startswith("deliveryGroup ")] == [
        "1 inMaintenance"
    ]


async def test_launches_are_counted_by_what_became_of_them(rooms: Any) -> None:
    meters = Meters()
    launcher = launching.Launcher(
        *(rooms.store, rooms.clock, rooms.site.name), Terms(most_of_user=1), meters
    )
    await launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    with pytest.raises(Conflict):
        await launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
    counted = {name: meters.launches.value(name) for name in ("started", "resumed", "userLimit")}
    assert counted == {"started": 1, "resumed": 1, "userLimit": 1}


async def test_launches_take_turns_and_one_whose_turn_does_not_come_is_refused(
    rooms: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(launching, "TURN_WITHIN_S", 0.05)
    held, free = asyncio.Event(), asyncio.Event()
    write, writing = rooms.store.write, 0

    async def slow(work: Any) -> Any:
        nonlocal writing
        if "Launcher" not in getattr(work, "__qualname__", ""):
            return await write(work)
        writing += 1
        if writing == launching.DECIDED_AT_ONCE:
            held.set()
        await free.wait()
        return await write(work)

    monkeypatch.setattr(rooms.store, "write", slow)
    request = LaunchRequest("Desktop", new=True)

    def launch() -> Any:
        return asyncio.ensure_future(rooms.launcher.launch(rooms.admin, request))

    first = [launch() for _ in range(launching.DECIDED_AT_ONCE)]
    await asyncio.wait_for(held.wait(), 5)
    with pytest.raises(Unavailable, match="Too many"):
        await launch()
    assert writing == launching.DECIDED_AT_ONCE
    monkeypatch.undo()
    free.set()
    assert all([(await one).created for one in first])
    assert (await launch()).created
