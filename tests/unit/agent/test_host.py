"""A host on the in-process bus whose sessions have no keepers: what it takes, refuses, adopts, forgets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footlight.agent import accounts, reports, surroundings
from footlight.agent.host import Host, HostConfig
from footlight.agent.surroundings import write_private
from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.clock import FakeClock
from footlight.errors import Unavailable
from footlight.wire.host import (
    Account,
    HostFacts,
    HostReport,
    Launch,
    Orders,
    OrdersTaken,
    ReadSegment,
    RecordingFacts,
    ReportTaken,
    SegmentPiece,
    SessionFacts,
    SessionOrder,
    decode,
    encode,
)

ONE = "0123abcd-0000-4000-8000-000000000001"
TWIN = "0123abcd-0000-4000-8000-000000000002"
LAUNCH = Launch(
    resource_id="r",
    resource_name="Terminal",
    session_type="Application",
    account=Account(kind="managed", account_id="a", name="ada"),
    user_name="TEST\\ada",
    machine_name="TEST\\HOST",
    command=["xterm"],
)
HOST = HostFacts(
    machine_id="m",
    host_name="HOST",
    dns_name="host.test",
    ip_address=None,
    os_type="Debian 12",
    os_version="12",
    agent_version="0",
    as_root=True,
    agent_public_key="00",
)


class QuietRecorders:
    """Has the recordings that it is given, and does as it is told."""

    def __init__(self) -> None:
        self.known: list[RecordingFacts] = []
        self.ended: list[tuple[str, str]] = []
        self.forgotten: list[str] = []

    async def begin(self, order: object) -> None:
        raise AssertionError("nothing is to be recorded")

    async def end(self, recording_id: str, reason: str) -> None:
        self.ended.append((recording_id, reason))

    async def suspend(self, recording_id: str, cause: str) -> None:
        raise AssertionError("nothing runs")

    async def event(self, recording_id: str, kind: str, members: dict[str, object]) -> None:
        raise AssertionError("nothing runs")

    def facts(self) -> list[RecordingFacts]:
        return self.known

    def forget(self, recording_id: str) -> None:
        self.forgotten.append(recording_id)

    async def read(self, wanted: ReadSegment) -> SegmentPiece:
        return SegmentPiece(found=True, data=wanted.recording_id.encode(), size=99)


class Story:
    """A host and the server that it talks to. Every launch is refused: no account can be made."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bus = InProcessBus()
        self.recorders = QuietRecorders()
        self.sessions: dict[str, SessionFacts] = {}
        self.answer = ReportTaken()
        self.host = Host(
            HostConfig("517e0000-site", "m", root, root.parent / "outputs"),
            self.bus,
            self.recorders,
            FakeClock(),
            lambda: HOST,
        )

    async def start(self) -> None:
        await self.bus.consume_hosts(subjects.REPORTS, self._hear)
        await self.bus.serve_hosts(subjects.BEATS, self._hear_beat)
        await self.host.start()

    async def _hear(self, machine_id: str, payload: bytes) -> None:
        report = decode(HostReport, payload)
        for facts in report.sessions:
            self.sessions[facts.session_id] = facts
        await self.bus.send(subjects.taken(machine_id), self._answer_to(report))

    async def _hear_beat(self, machine_id: str, payload: bytes) -> bytes:
        return self._answer_to(decode(HostReport, payload))

    def _answer_to(self, report: HostReport) -> bytes:
        said = {"boot_id": report.boot_id, "sequence": report.sequence}
        return encode(msgspec.structs.replace(self.answer, **said))

    async def order(self, *orders: SessionOrder) -> OrdersTaken:
        payload = encode(Orders(orders=list(orders)))
        return decode(OrdersTaken, await self.bus.request(subjects.orders("m"), payload, 5))

    async def until(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - whatever is looked at tells nobody
                await asyncio.sleep(0.005)

    def ended(self, session_id: str) -> bool:
        return session_id in self.sessions and self.sessions[session_id].phase == "ended"

    def leave(self, name: str, order: SessionOrder, **state: Any) -> Path:
        """A session's folder as an earlier agent has left it."""
        folder = self.root / name
        folder.mkdir()
        write_private(folder / "order.json", encode(order))
        write_private(folder / "state.json", json.dumps(state).encode())
        return folder


def order(session_id: str, **changes: Any) -> SessionOrder:
    made = SessionOrder(session_id=session_id, generation=1, want="run", launch=LAUNCH)
    return msgspec.structs.replace(made, **changes)


@pytest.fixture
async def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    def refuse(account: Account, site_id: str) -> accounts.LinuxUser:
        raise Unavailable("no accounts here")

    monkeypatch.setattr(accounts, "resolve", refuse)
    monkeypatch.setattr(surroundings.processes, "cgroup_root", lambda: None)
    monkeypatch.setattr(reports, "HEARTBEAT_S", 0.2)
    made = Story(tmp_path / "run")
    made.root.mkdir()
    yield made
    await made.host.stop(keep_sessions=False)
    await made.bus.close()


async def test_orders_are_taken_and_answered_by_reports(story: Story) -> None:
    await story.start()
    first = await story.order(order(ONE))
    assert (await story.order(order(ONE))).boot_id == first.boot_id
    await story.until(lambda: story.ended(ONE))
    reason = story.sessions[ONE].end_reason
    assert reason == "session could not start: no accounts here"


async def test_twins_do_not_share_a_folder(story: Story) -> None:
    await story.start()
    await story.order(order(ONE), order(TWIN))
    await story.until(lambda: story.ended(ONE) and story.ended(TWIN))
    folders = {path.name: path for path in story.root.iterdir()}
    assert set(folders) == {"0123abcd", TWIN}
    for name, session_id in (("0123abcd", ONE), (TWIN, TWIN)):
        noted = decode(SessionOrder, (folders[name] / "order.json").read_bytes())
        assert noted.session_id == session_id


async def test_twins_are_adopted_and_forgotten_each_alone(story: Story) -> None:
    story.leave("0123abcd", order(ONE), phase="ended", end_reason="first")
    story.leave(TWIN, order(TWIN), phase="ended", end_reason="second")
    await story.start()
    await story.until(lambda: story.ended(ONE) and story.ended(TWIN))
    assert [story.sessions[name].end_reason for name in (ONE, TWIN)] == ["first", "second"]
    story.answer = ReportTaken(forget_sessions=[ONE])  # to the next beat
    await story.until(lambda: not (story.root / "0123abcd").exists())
    assert (story.root / TWIN).exists()
    assert story.host.session(TWIN) is not None


@pytest.mark.expects_errors
@pytest.mark.parametrize("session_id", ["../../etc", "", "0123abcd", "a/b"])
async def test_an_id_that_is_none_is_refused(
    story: Story, session_id: str, error_logs: list[dict[str, Any]]
) -> None:
    await story.start()
    await story.order(order(session_id))
    assert story.host.session(session_id) is None
    assert error_logs[0]["event"] == "order refused: not a session's id"
    assert list(story.root.iterdir()) == []


@pytest.mark.expects_errors
async def test_there_is_an_end_to_how_many(
    story: Story, monkeypatch: pytest.MonkeyPatch, error_logs: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr("footlight.agent.host.MOST_SESSIONS", 1)
    await story.start()
    await story.order(order(ONE), order(TWIN))
    assert story.host.session(TWIN) is None
    assert error_logs[0]["event"] == "order refused: too many sessions"


async def test_a_known_session_that_the_host_lost_is_ended_not_launched(story: Story) -> None:
    await story.start()
    await story.order(order(ONE, known=True, generation=7))
    await story.until(lambda: story.ended(ONE) and story.sessions[ONE].generation == 7)
    assert story.sessions[ONE].end_reason == "the host no longer has it"


async def test_a_lost_session_is_adopted_as_ended(story: Story) -> None:
    story.leave("0123abcd", order(ONE, generation=3), phase="running", linux_uid=2001)
    await story.start()
    await story.until(lambda: story.ended(ONE))
    facts = story.sessions[ONE]
    assert (facts.end_reason, facts.linux_uid) == ("host lost the keeper", 2001)


async def test_a_folder_that_is_nobodys_is_left_and_not_used(story: Story) -> None:
    story.leave("strange", order(ONE), phase="running")
    (story.root / "0123abcd").mkdir()
    await story.start()
    assert story.host.session(ONE) is None
    await story.order(order(ONE))
    await story.until(lambda: story.ended(ONE))
    assert list((story.root / "0123abcd").iterdir()) == []
    assert (story.root / ONE / "order.json").exists()


async def test_a_recording_that_no_session_wants_is_ended(story: Story) -> None:
    story.recorders.known = [
        RecordingFacts(recording_id="stray", session_id=ONE, status="starting"),
        RecordingFacts(recording_id="done", session_id=ONE, status="completed"),
    ]
    await story.start()
    await story.until(lambda: story.recorders.ended)
    assert story.recorders.ended == [("stray", "session ended while the host was away")]


async def test_what_the_server_has_is_forgotten(story: Story) -> None:
    story.answer = ReportTaken(forget_recordings=["r1"], forget_sessions=["nobody's"])
    await story.start()
    await story.until(lambda: story.recorders.forgotten)
    assert story.recorders.forgotten[0] == "r1"


async def test_segments_are_read_through_the_bus(story: Story) -> None:
    await story.start()
    wanted = ReadSegment(recording_id="r1", number=0, offset=0, length=10)
    answer = await story.bus.request(subjects.segments("m"), encode(wanted), 5)
    assert decode(SegmentPiece, answer).data == b"r1"


async def test_a_clean_stop_takes_the_empty_folder_along(story: Story) -> None:
    await story.start()
    await story.host.stop(keep_sessions=False)
    assert not story.root.exists()
    with pytest.raises(Unavailable):
        await story.order(order(ONE))


async def test_a_stop_that_keeps_sessions_still_forgets_those_that_have_ended(story: Story) -> None:
    await story.start()
    await story.order(order(ONE))
    await story.until(lambda: story.ended(ONE))
    story.answer = ReportTaken(forget_sessions=[ONE])
    await story.host.stop(keep_sessions=True)
    assert not story.root.exists()
