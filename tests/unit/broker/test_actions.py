from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from footlight.broker import actions as broker_actions
from footlight.broker.actions import Actions
from footlight.broker.decision import LaunchRequest
from footlight.caller import FULL_GRANT
from footlight.errors import Conflict, Forbidden, NotFound, Unavailable
from footlight.ids import new_guid
from footlight.sessions import queries
from footlight.store import schema
from footlight.wire.host import ViewerFacts


async def launched(rooms: Any, resource: str = "Desktop") -> str:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest(resource, new=True))
    return str(made.session_id)


async def row(rooms: Any, session_id: str) -> Any:
    return await rooms.store.read(lambda c: queries.row(c, session_id))


async def recordings(rooms: Any) -> list[Any]:
    table = schema.recordings
    return await rooms.store.read(lambda c: list(c.execute(select(table).order_by(table.c.uid))))


def own_viewer(rooms: Any) -> ViewerFacts:
    return ViewerFacts(
        viewer_id="v1",
        user_name="FOOTLIGHT\\admin",
        own=True,
        mode="interactive",
        address="198.51.100.9",
        via_address=None,
        client_name="",
        platform="Linux",
        version="140.0",
        attached_at_ms=rooms.clock.now_ms(),
    )


async def test_log_off_ends_the_session(rooms: Any) -> None:
    session_id = await launched(rooms)
    await rooms.actions.log_off(rooms.admin, session_id)
    ended = await row(rooms, session_id)
    assert ended.phase == "ended"
    assert ended.end_reason == "logged off by FOOTLIGHT\\admin"
    with pytest.raises(NotFound):
        await rooms.actions.log_off(rooms.admin, session_id)


async def test_log_off_of_a_silent_host_has_no_later_effect(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_actions, "ANSWER_WITHIN_S", 0.3)
    session_id = await launched(rooms)
    rooms.host.silent = True
    with pytest.raises(Unavailable):
        await rooms.actions.log_off(rooms.admin, session_id)
    rooms.host.silent = False
    await rooms.host.report()
    await asyncio.sleep(0.2)
    after = await row(rooms, session_id)
    assert (after.wanted, after.phase, after.ended_at_ms) == ("run", "running", None)


async def test_disconnect_closes_viewers_and_moves_the_state(rooms: Any) -> None:
    session_id = await launched(rooms)
    await rooms.host.change(
        session_id, viewers=[own_viewer(rooms)], viewers_changed_at_ms=rooms.clock.now_ms()
    )
    attached = await row(rooms, session_id)
    assert attached.state == "Active"
    assert attached.client_address == "198.51.100.9"
    after = await rooms.actions.disconnect(rooms.admin, session_id)
    assert after.state == "Disconnected"
    assert after.client_address == "198.51.100.9"  # kept
    assert after.state_changed_at_ms >= attached.state_changed_at_ms


async def test_disconnect_of_a_disconnected_session_changes_nothing(rooms: Any) -> None:
    session_id = await launched(rooms)
    before = await row(rooms, session_id)
    after = await rooms.actions.disconnect(rooms.admin, session_id)
    assert after.generation == before.generation


async def test_a_withdrawn_disconnect_is_not_carried_out_later(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_actions, "ANSWER_WITHIN_S", 0.3)
    session_id = await launched(rooms)
    await rooms.host.change(session_id, viewers=[own_viewer(rooms)])
    rooms.host.silent = True
    with pytest.raises(Unavailable):
        await rooms.actions.disconnect(rooms.admin, session_id)
    rooms.host.silent = False
    await asyncio.sleep(0.2)
    await rooms.host.report()
    assert (await row(rooms, session_id)).state == "Active"


async def test_twenty_starts_at_once_make_one_recording(rooms: Any) -> None:
    session_id = await launched(rooms)
    starts = [
        rooms.actions.start_recording(rooms.admin, session_id, notify=True) for _ in range(20)
    ]
    rows = await asyncio.gather(*starts)
    assert all(r.recording_live for r in rows)
    assert len(await recordings(rooms)) == 1


async def test_start_stop_start_makes_two(rooms: Any) -> None:
    session_id = await launched(rooms)
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    await rooms.actions.stop_recording(rooms.admin, session_id)
    await rooms.actions.start_recording(rooms.admin, session_id, notify=False)
    first, second = await recordings(rooms)
    assert (first.status, first.notify) == ("completed", True)
    assert (second.status, second.notify) == ("recording", False)


async def test_stop_without_a_recording_changes_nothing(rooms: Any) -> None:
    session_id = await launched(rooms)
    after = await rooms.actions.stop_recording(rooms.admin, session_id)
    assert after.generation == 1


async def test_recording_ends_with_its_session(rooms: Any) -> None:
    session_id = await launched(rooms)
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    await rooms.actions.log_off(rooms.admin, session_id)
    (recording,) = await recordings(rooms)
    assert recording.status == "completed"
    assert not (await row(rooms, session_id)).recording_live


async def test_a_recording_that_cannot_start_is_withdrawn(rooms: Any) -> None:
    session_id = await launched(rooms)
    rooms.host.fail_recordings = "no space left"
    with pytest.raises(Unavailable, match="no space left"):
        await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    assert (await row(rooms, session_id)).wanted_recording_id is None


async def test_silence_withdraws_a_recording(rooms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_actions, "ANSWER_WITHIN_S", 0.3)
    session_id = await launched(rooms)
    rooms.host.silent = True
    with pytest.raises(Unavailable):
        await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    rooms.host.silent = False
    await asyncio.sleep(0.3)
    assert rooms.host.orders[-1].recording is None
    (recording,) = await recordings(rooms)
    assert recording.status == "failed"


async def test_unknown_session_and_missing_right(rooms: Any) -> None:
    with pytest.raises(NotFound):
        await rooms.actions.start_recording(rooms.admin, new_guid(), notify=True)
    ada = rooms.caller(await rooms.account("ada"))
    own = await rooms.launcher.launch(ada, LaunchRequest("Terminal"))
    with pytest.raises(Forbidden):
        await rooms.actions.start_recording(ada, own.session_id, notify=True)
    for act in (rooms.actions.log_off, rooms.actions.stop_recording):
        with pytest.raises(NotFound):  # another's session does not exist for a user
            await act(ada, await launched(rooms))


async def test_strict_switch_refuses_disconnected_sessions(rooms: Any) -> None:
    session_id = await launched(rooms)
    strict = Actions(rooms.store, rooms.watch, strict_recording_state=True)
    with pytest.raises(Conflict):
        await strict.start_recording(rooms.admin, session_id, notify=True)


async def test_each_action_is_in_the_audit_chain_as_its_callers(rooms: Any) -> None:
    session_id = await launched(rooms)
    await rooms.actions.start_recording(rooms.admin, session_id, notify=False)
    await rooms.actions.stop_recording(rooms.admin, session_id)
    await rooms.actions.log_off(rooms.admin, session_id)
    query = schema.audit.select().where(schema.audit.c.kind == "AdminActivity")
    rows = await rooms.store.read(lambda c: list(c.execute(query.order_by(schema.audit.c.seq))))
    assert [row.text.partition(" the session")[0] for row in rows] == [
        "Start recording", "Stop recording", "Log off",
    ]  # fmt: skip
    assert {row.object_id for row in rows} == {session_id}
    assert {row.user_name for row in rows} == {"FOOTLIGHT\\admin"}
    assert '"NotifyUser":"False"' in rows[0].entry


async def test_with_separate_duties_nobody_stops_a_recording_of_himself(rooms: Any) -> None:
    session_id = await launched(rooms)
    await rooms.actions.start_recording(rooms.admin, session_id, notify=True)
    oneself = replace(rooms.admin, separate_duties=True)
    with pytest.raises(Forbidden):
        await rooms.actions.stop_recording(oneself, session_id)
    other = await rooms.account("ada")
    ada = replace(rooms.caller(other, grants=(FULL_GRANT,)), separate_duties=True)
    await rooms.actions.stop_recording(ada, session_id)
