from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from footlight.broker import actions as broker_actions
from footlight.broker.action import (
    Disconnect,
    Hide,
    LogOff,
    SendMessage,
    StartRecording,
    StopRecording,
)
from footlight.broker.decision import LaunchRequest
from footlight.broker.settler import Settler
from footlight.clock import FakeClock
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.jobs import ledger
from footlight.jobs.jobs import Jobs
from footlight.objects.folder import FolderObjects
from footlight.sessions import queries
from footlight.store import schema
from footlight.wire.host import ViewerFacts

HELLO = SendMessage(style="Information", title="Hello", text="World")


async def launched(rooms: Any) -> str:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop", new=True))
    return str(made.session_id)


async def job(rooms: Any, job_id: str) -> Any:
    def look(connection: Any) -> Any:
        return ledger.find(connection, rooms.admin.account_id, job_id, rooms.clock.now_ms())

    return await rooms.store.read(look)


async def ended(rooms: Any, job_id: str) -> Any:
    for _ in range(300):
        row = await job(rooms, job_id)
        if row.ended_at_ms is not None:
            return row
        await asyncio.sleep(0.02)
    pytest.fail(f"the job does not end: {row}")


async def row(rooms: Any, session_id: str) -> Any:
    return await rooms.store.read(lambda c: queries.row(c, session_id))


async def ordered(rooms: Any) -> None:
    """Until the host has been given a message: an order on its way can't be called back."""
    for _ in range(300):
        if any(order.messages for order in rooms.host.orders):
            return
        await asyncio.sleep(0.02)
    pytest.fail("the host is given no message")


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


async def test_each_action_s_job_ends_when_the_host_has_done_it(rooms: Any) -> None:
    session_id = await launched(rooms)
    await rooms.host.change(session_id, viewers=[own_viewer(rooms)])
    for action in (StartRecording(), StopRecording(), HELLO, Disconnect(), LogOff()):
        opened = await rooms.actions.begin(rooms.admin, session_id, action)
        done = await ended(rooms, opened)
        assert (done.kind, done.state, done.error) == (action.kind, "done", None)
        assert done.object_id == session_id
    after = await row(rooms, session_id)
    assert (after.state, after.phase) == ("Disconnected", "ended")
    assert [message.text for message in rooms.host.shown] == ["World"]


async def test_hiding_is_done_at_once_and_keeps_launches_away(rooms: Any) -> None:
    session_id = await launched(rooms)
    opened = await rooms.actions.begin(rooms.admin, session_id, Hide())
    assert (await job(rooms, opened)).state == "done"
    again = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    assert again.session_id != session_id
    assert (await row(rooms, session_id)).generation == 1


async def test_a_job_outlives_its_server(rooms: Any, tmp_path: Path) -> None:
    session_id = await launched(rooms)
    rooms.host.silent = True
    opened = await rooms.actions.begin(rooms.admin, session_id, HELLO)
    await rooms.broker.stop()
    jobs = Jobs(rooms.store, tmp_path / "jobs", rooms.clock, FolderObjects(tmp_path / "objects"))
    await jobs.start()
    assert (await job(rooms, opened)).state == "running"
    rooms.host.silent = False
    later = type(rooms.broker)(rooms.store, rooms.bus, rooms.clock, rooms.site.name)
    await later.start()
    assert (await ended(rooms, opened)).state == "done"
    assert [message.text for message in rooms.host.shown] == ["World"]
    await later.stop()
    await jobs.stop()


async def test_silence_fails_the_job_and_withdraws(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await launched(rooms)
    monkeypatch.setattr(broker_actions, "ANSWER_WITHIN_S", 0.3)
    await rooms.broker.stop()
    broker = type(rooms.broker)(rooms.store, rooms.bus, rooms.clock, rooms.site.name)
    await broker.start()
    rooms.host.silent = True
    failed = await ended(rooms, await rooms.actions.begin(rooms.admin, session_id, HELLO))
    assert (failed.state, failed.error_code) == ("failed", "MachineNotRegistered")
    started = await rooms.actions.begin(rooms.admin, session_id, StartRecording())
    assert (await ended(rooms, started)).state == "failed"
    rooms.host.silent = False
    await asyncio.sleep(0.3)
    assert rooms.host.shown == []
    after = await row(rooms, session_id)
    assert (after.wanted_recording_id, after.recording_live) == (None, False)
    told = await audited(rooms)
    message, recording = (
        f"{verb} the session of FOOTLIGHT\\admin"
        for verb in ("Send a message to", "Start recording")
    )
    assert [text.partition(" failed: ")[0] for text, _ in told] == [
        message, message, recording, recording,
    ]  # fmt: skip
    assert [succeeded for _, succeeded in told] == [True, False, True, False]
    await broker.stop()


async def test_a_new_server_gives_hosts_their_time_again(rooms: Any) -> None:
    session_id = await launched(rooms)
    rooms.host.silent = True
    await rooms.broker.stop()
    opened = await rooms.actions.begin(rooms.admin, session_id, HELLO)
    clock = FakeClock(rooms.clock.now_ms() + 60_000)
    settler = Settler(rooms.store, clock)
    await settler.start()
    await settler.settle()
    assert (await job(rooms, opened)).state == "running"
    clock.advance(20_001)
    await settler.settle()
    assert (await job(rooms, opened)).state == "failed"
    await settler.stop()


async def test_a_failed_recording_fails_its_job_with_the_reason(rooms: Any) -> None:
    session_id = await launched(rooms)
    rooms.host.fail_recordings = "no space left"
    opened = await rooms.actions.begin(rooms.admin, session_id, StartRecording())
    failed = await ended(rooms, opened)
    assert failed.state == "failed"
    assert "no space left" in failed.error
    assert (await row(rooms, session_id)).wanted_recording_id is None


async def test_what_is_not_done_can_be_cancelled(rooms: Any) -> None:
    session_id = await launched(rooms)
    rooms.host.silent = True
    opened = await rooms.actions.begin(rooms.admin, session_id, HELLO)
    await ordered(rooms)
    await rooms.actions.cancel(rooms.admin, await job(rooms, opened))
    cancelled = await job(rooms, opened)
    assert (cancelled.state, cancelled.error) == ("cancelled", "cancelled by FOOTLIGHT\\admin")
    rooms.host.silent = False
    await asyncio.sleep(0.1)
    await rooms.actions.disconnect(rooms.admin, session_id)
    assert rooms.host.shown == []
    await rooms.actions.cancel(rooms.admin, cancelled)  # an ended one stays as it is


async def test_a_log_off_and_another_s_recording_cannot_be_cancelled(rooms: Any) -> None:
    session_id = await launched(rooms)
    rooms.host.silent = True
    first = await rooms.actions.begin(rooms.admin, session_id, StartRecording())
    joined = await rooms.actions.begin(rooms.admin, session_id, StartRecording())
    leaving = await rooms.actions.begin(rooms.admin, session_id, LogOff())
    for opened in (joined, leaving):
        with pytest.raises(Conflict):
            await rooms.actions.cancel(rooms.admin, await job(rooms, opened))
    await rooms.actions.cancel(rooms.admin, await job(rooms, first))
    assert (await row(rooms, session_id)).wanted_recording_id is None
    assert "cancelled by" in (await ended(rooms, joined)).error


async def test_a_refusal_opens_no_job(rooms: Any) -> None:
    session_id = await launched(rooms)
    ada = rooms.caller(await rooms.account("ada"))
    with pytest.raises(NotFound):
        await rooms.actions.begin(ada, session_id, HELLO)
    own = await rooms.launcher.launch(ada, LaunchRequest("Terminal"))
    with pytest.raises(Forbidden):
        await rooms.actions.begin(ada, own.session_id, Hide())
    listed = await rooms.store.read(lambda c: ledger.of_account(c, ada.account_id, 0, 9))
    assert listed == []


async def audited(rooms: Any) -> list[tuple[str, bool]]:
    query = schema.audit.select().order_by(schema.audit.c.seq)
    rows = await rooms.store.read(lambda c: list(c.execute(query)))
    return [(row.text, row.succeeded) for row in rows]
