from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from footlight.broker import problems
from footlight.broker.action import StartRecording
from footlight.broker.problems import Problems, Reported
from footlight.caller import Grant, Permission
from footlight.errors import Invalid
from footlight.policies import reasons
from footlight.sessions import queries
from footlight.store import schema
from footlight.store.schema_keeping import problem_reports as _p


@pytest.fixture
async def session(rooms: Any) -> str:
    launched = await rooms.launcher.launch(rooms.admin, request())
    return str(launched.session_id)


def request() -> Any:
    from footlight.broker.decision import LaunchRequest

    return LaunchRequest("Desktop")


async def report(rooms: Any, session_id: str, caller: Any = None, seconds: int = 60) -> Any:
    told = Reported(session_id, "it hangs", {"state": "Active"}, seconds)
    who = caller or rooms.admin
    report_id = await rooms.store.write(lambda tx: problems.report(tx, who, told))
    return await rooms.store.read(lambda c: problems.find(c, who, report_id))


async def wanted(rooms: Any, session_id: str) -> str | None:
    row = await rooms.store.read(lambda c: queries.row(c, session_id))
    return None if row is None else row.wanted_recording_id


async def test_a_report_records_on_for_a_while(rooms: Any, session: str) -> None:
    made = await report(rooms, session)
    assert made.recording_id == await wanted(rooms, session)
    assert made.recording_id is not None
    again = await report(rooms, session)
    assert (again.recording_id, again.stop_at_ms) == (made.recording_id, None)
    part = Problems(rooms.store, rooms.clock)
    await part.look()
    assert await wanted(rooms, session) == made.recording_id
    await rooms.store.write(
        lambda tx: (
            tx.connection.execute(update(_p).where(_p.c.id == made.id).values(stop_at_ms=1))
            and None
        )
    )
    await part.look()
    assert await wanted(rooms, session) is None
    after = await rooms.store.read(lambda c: problems.find(c, rooms.admin, made.id))
    assert after.stop_at_ms is None


async def test_a_recording_of_others_goes_on(rooms: Any, session: str) -> None:
    def call(tx: Any) -> Any:
        row = queries.row(tx.connection, session)
        return reasons.call(tx, row, "FOOTLIGHT\\other", notify=True)

    recording_id, _ = await rooms.store.write(call)
    made = await report(rooms, session)
    assert (made.recording_id, made.stop_at_ms) == (recording_id, None)
    await rooms.store.write(problems.end_due)
    assert await wanted(rooms, session) == recording_id


async def test_what_an_administrator_calls_for_does_not_end_with_the_report(
    rooms: Any, session: str
) -> None:
    made = await report(rooms, session)
    started = await rooms.store.write(
        lambda tx: StartRecording().order(tx, rooms.admin, queries.row(tx.connection, session))
    )
    assert (started.recording_id, started.opened) == (made.recording_id, False)
    await rooms.store.write(
        lambda tx: (
            tx.connection.execute(
                update(_p).where(_p.c.stop_at_ms.is_not(None)).values(stop_at_ms=1)
            )
            and None
        )
    )
    await rooms.store.write(problems.end_due)
    assert await wanted(rooms, session) == made.recording_id
    await rooms.store.write(lambda tx: reasons.release(tx, session) and None)
    assert await wanted(rooms, session) is None


async def test_who_calls_for_what_a_report_began_is_named(rooms: Any, session: str) -> None:
    ada = await rooms.account("ada")
    await report(rooms, session, rooms.caller(ada))
    before = await rooms.store.read(lambda c: reasons.of(c, session))
    await rooms.store.write(lambda tx: problems.leave_on(tx, session, "FOOTLIGHT\\other"))
    after = await rooms.store.read(lambda c: reasons.of(c, session))
    assert before.on_demand_by == rooms.caller(ada).user_name
    assert after.on_demand_by == "FOOTLIGHT\\other"


async def test_without_seconds_nothing_is_recorded(rooms: Any, session: str) -> None:
    made = await report(rooms, session, seconds=0)
    assert (made.recording_id, await wanted(rooms, session)) == (None, None)


@pytest.mark.parametrize("text", ["", " ", "x" * 4001, "a\0b"])
async def test_a_report_says_something(rooms: Any, session: str, text: str) -> None:
    told = Reported(session, text, {}, 60)
    with pytest.raises(Invalid):
        await rooms.store.write(lambda tx: problems.report(tx, rooms.admin, told))
    assert await rooms.store.read(lambda c: list(c.execute(select(_p.c.id)))) == []


async def test_who_sees_reports(rooms: Any, session: str) -> None:
    made = await report(rooms, session)
    ada = await rooms.account("ada")
    reader = Grant(frozenset((Permission.SESSION_READ,)))
    for caller, there in (
        (rooms.admin, 1),
        (rooms.caller(ada), 0),
        (rooms.caller(ada, grants=(reader,)), 1),
    ):
        rows, more = await rooms.store.read(lambda c, who=caller: problems.page(c, who, 10, 0))
        assert (len(rows), more) == (there, False)
    assert (await rooms.store.read(lambda c: problems.page(c, rooms.admin, 10, made.uid)))[0] == []


async def test_what_machines_say_of_themselves(rooms: Any, session: str) -> None:
    machine = select(schema.sessions.c.machine_id)
    machine_id = await rooms.store.read(lambda c: c.execute(machine).scalar())
    facts = await rooms.store.read(lambda c: problems.machine_facts(c, machine_id))
    assert facts["registered"] is True
    assert set(facts) == {"registered", "cpuPermille", "memoryPermille"}
    assert await rooms.store.read(lambda c: problems.machine_facts(c, "none")) == {}
