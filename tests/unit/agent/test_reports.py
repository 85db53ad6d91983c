from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from footlight.agent import reports
from footlight.agent.reports import Reporter
from footlight.bus import subjects
from footlight.bus.inprocess import InProcessBus
from footlight.clock import FakeClock
from footlight.errors import Unavailable
from footlight.wire.host import (
    HostFacts,
    HostFigures,
    HostReport,
    LoadFacts,
    RecordingFacts,
    ReportTaken,
    SessionFacts,
    decode,
    encode,
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


class Story:
    """A reporter and the server it talks to."""

    def __init__(self) -> None:
        self.bus = InProcessBus()
        self.heard: asyncio.Queue[HostReport] = asyncio.Queue()
        self.beats: asyncio.Queue[HostReport] = asyncio.Queue()
        self.answer = ReportTaken()
        self.deaf = False  # answers get lost
        self.sequence = 0  # as far as the server says that it is
        self.forgotten: list[ReportTaken] = []
        self.sessions = {
            name: SessionFacts(session_id=name, generation=1, phase="running") for name in "ab"
        }
        self.recordings: dict[str, RecordingFacts] = {}
        self.figures: HostFigures | None = None
        self.clock = FakeClock()
        self.reporter = Reporter(
            self.bus,
            self.clock,
            lambda: HOST,
            lambda: self.sessions.values(),
            lambda: self.recordings.values(),
            self.forgotten.append,
            lambda: LoadFacts(cpu_permille=250, memory_permille=500, sessions=len(self.sessions)),
            figures=lambda: self.figures,
        )

    async def listen(self) -> None:
        await self.bus.consume_hosts(subjects.REPORTS, self._hear)
        await self.bus.serve_hosts(subjects.BEATS, self._beat)

    async def _hear(self, machine_id: str, payload: bytes) -> None:
        assert machine_id == HOST.machine_id
        report = decode(HostReport, payload)
        self.heard.put_nowait(report)
        if not self.deaf:
            self.sequence = report.sequence
            await self.bus.send(subjects.taken("m"), self._answered(report))

    async def _beat(self, machine_id: str, payload: bytes) -> bytes:
        report = decode(HostReport, payload)
        self.beats.put_nowait(report)
        return self._answered(report)

    def _answered(self, report: HostReport) -> bytes:
        answer, self.answer = self.answer, ReportTaken()
        said = {"boot_id": report.boot_id, "sequence": self.sequence}
        return encode(msgspec.structs.replace(answer, **said))

    async def next(self) -> HostReport:
        return await asyncio.wait_for(self.heard.get(), 5)

    async def beat(self) -> HostReport:
        return await asyncio.wait_for(self.beats.get(), 5)

    def change(self, name: str, **facts: Any) -> None:
        self.sessions[name] = msgspec.structs.replace(self.sessions[name], **facts)
        self.reporter.changed()


@pytest.fixture
async def story(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    monkeypatch.setattr(reports, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(reports, "LAST_S", 0.2)
    made = Story()
    yield made
    await made.reporter.stop()
    await made.bus.close()


async def test_first_everything_then_what_has_changed(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    first = await story.next()
    assert (first.full, first.host, len(first.sessions)) == (True, HOST, 2)
    assert first.load == LoadFacts(cpu_permille=250, memory_permille=500, sessions=2)
    story.change("a", phase="ending")
    second = await story.next()
    assert (second.full, second.host, second.beat) == (False, None, False)
    assert [facts.session_id for facts in second.sessions] == ["a"]
    assert (second.boot_id, second.sequence) == (first.boot_id, first.sequence + 1)


async def test_changes_made_at_once_go_together(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    await story.next()
    for name in "ab":
        story.change(name, phase="ending")
    assert len((await story.next()).sessions) == 2


async def test_where_nothing_is_new_nothing_is_posted_but_it_says_that_it_lives(
    story: Story,
) -> None:
    await story.listen()
    story.reporter.start()
    first = await story.next()
    story.reporter.changed()
    beat = await story.beat()
    assert (beat.beat, beat.full, beat.sessions, beat.recordings) == (True, False, [], [])
    assert (beat.sequence, beat.load) == (first.sequence, first.load)
    assert story.heard.empty()


async def test_a_server_that_is_frozen_when_it_is_asked_holds_up_nothing(story: Story) -> None:
    asked = asyncio.Event()

    async def never(machine_id: str, payload: bytes) -> bytes:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    await story.bus.consume_hosts(subjects.REPORTS, story._hear)
    await story.bus.serve_hosts(subjects.BEATS, never)
    story.reporter.start()
    first = await story.next()
    await asyncio.wait_for(asked.wait(), 5)
    story.change("a", phase="ending")
    assert (await asyncio.wait_for(story.next(), 1)).sequence == first.sequence + 1


async def test_a_change_during_a_report_is_not_lost(story: Story) -> None:
    await story.listen()
    gate, post = asyncio.Event(), story.bus.post

    async def slow(subject: str, payload: bytes, timeout_s: float) -> None:
        await gate.wait()
        await post(subject, payload, timeout_s)

    story.bus.post = slow  # type: ignore[method-assign]
    story.reporter.start()
    await asyncio.sleep(0.02)
    story.change("b", phase="ending")
    gate.set()
    assert (await story.next()).full
    assert [facts.phase for facts in (await story.next()).sessions] == ["ending"]


async def test_what_is_posted_while_no_server_runs_is_there_when_one_comes(story: Story) -> None:
    story.reporter.start()
    await asyncio.sleep(0.05)
    story.change("a", phase="ending")
    await asyncio.sleep(0.05)
    await story.listen()
    first, second = await story.next(), await story.next()
    assert (first.full, second.full) == (True, False)
    assert [facts.phase for facts in second.sessions] == ["ending"]


async def test_few_are_posted_ahead_and_the_rest_goes_as_one(story: Story) -> None:
    """The server is away for a while: what happens meanwhile is told at once when it is back."""
    story.reporter.start()
    for generation in range(2, 30):
        story.change("a", generation=generation)
        await asyncio.sleep(0.02)
    await story.listen()
    posted = [await story.next() for _ in range(reports.MOST_UNANSWERED + 1)]
    assert [report.sequence for report in posted] == [1, 2, 3, 4, 5]
    assert posted[-2].sessions[0].generation < 10
    assert [facts.generation for facts in posted[-1].sessions] == [29]


async def test_what_the_bus_did_not_keep_is_posted_again_as_it_was(story: Story) -> None:
    await story.listen()
    refused: list[bytes] = []
    post = story.bus.post

    async def refuse(subject: str, payload: bytes, timeout_s: float) -> None:
        refused.append(payload)
        if len(refused) < 3:
            raise Unavailable("no connection to the bus")
        await post(subject, payload, timeout_s)

    story.bus.post = refuse  # type: ignore[method-assign]
    story.reporter.start()
    await asyncio.sleep(0.05)
    story.change("b", phase="ending")
    assert (await story.next()).full
    assert refused[0] == refused[1] == refused[2]
    second = await story.next()
    assert (second.full, [facts.phase for facts in second.sessions]) == (False, ["ending"])


async def test_the_server_can_ask_for_everything(story: Story) -> None:
    await story.listen()
    story.answer = ReportTaken(want_full=True)
    story.reporter.start()
    assert (await story.next()).full
    assert (await story.next()).full


async def test_what_was_lost_on_the_way_is_told_anew(story: Story) -> None:
    """The server says twice that it has not got further than before."""
    await story.listen()
    story.reporter.start()
    await story.next()
    story.deaf = True
    story.change("a", phase="ending")
    lost = await story.next()
    anew = await story.next()
    assert (anew.full, anew.sequence) == (True, lost.sequence + 1)
    assert {facts.phase for facts in anew.sessions} == {"running", "ending"}
    story.deaf = False


async def test_what_is_over_is_told_again_until_an_answer_names_it(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    await story.next()
    story.deaf = True
    story.recordings["r"] = RecordingFacts(recording_id="r", session_id="a", status="completed")
    story.change("a", phase="ended")
    await story.next()
    story.deaf, story.sequence = False, 2
    asked = await story.beat()
    while not asked.sessions:
        asked = await story.beat()
    assert [facts.session_id for facts in asked.sessions] == ["a"]
    assert [facts.recording_id for facts in asked.recordings] == ["r"]
    story.answer = ReportTaken(forget_sessions=["a"], forget_recordings=["r"])
    while (await story.beat()).sessions:
        pass
    assert story.forgotten[-2].forget_sessions == ["a"]
    assert story.forgotten[-2].forget_recordings == ["r"]


async def test_answers_to_another_start_of_the_agent_are_not_ours(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    await story.next()
    forged = ReportTaken(boot_id="before", sequence=9, want_full=True, forget_sessions=["a"])
    await story.bus.send(subjects.taken("m"), encode(forged))
    await story.beat()
    assert not any(taken.forget_sessions for taken in story.forgotten)
    assert story.heard.empty()


async def test_what_may_be_forgotten_is_passed_on(story: Story) -> None:
    await story.listen()
    story.answer = ReportTaken(forget_sessions=["a"], forget_recordings=["r"])
    story.reporter.start()
    await story.next()
    await story.beat()
    assert story.forgotten[0].forget_sessions == ["a"]
    assert story.forgotten[0].forget_recordings == ["r"]


async def test_recordings_are_reported_when_they_change(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    await story.next()
    story.recordings["r"] = RecordingFacts(recording_id="r", session_id="a", status="recording")
    story.reporter.changed()
    report = await story.next()
    assert [facts.recording_id for facts in report.recordings] == ["r"]
    assert report.sessions == []


async def test_the_last_report_is_taken_before_it_stops(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    await story.next()
    story.sessions["a"] = msgspec.structs.replace(story.sessions["a"], phase="ended")
    await story.reporter.stop()
    assert story.sequence == 2
    assert [facts.phase for facts in story.heard.get_nowait().sessions] == ["ended"]


@pytest.mark.expects_errors
async def test_a_host_that_is_not_believed_says_so_once(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    refused, asked = ReportTaken(refused="the host is revoked"), ReportTaken(want_full=True)
    for answer in (refused, asked, refused, asked):
        story.reporter._take(answer)
    assert capsys.readouterr().out.count("takes no reports of this host") == 1
    for answer in (ReportTaken(), refused):  # it was believed meanwhile
        story.reporter._take(answer)
    assert capsys.readouterr().out.count("takes no reports of this host") == 1


async def test_figures_go_with_beats_when_they_differ(story: Story) -> None:
    await story.listen()
    story.figures = HostFigures(viewers=1)
    story.reporter.start()
    assert (await story.next()).figures is None  # a report may be taken much later
    assert (await story.beat()).figures == HostFigures(viewers=1)
    story.figures = HostFigures(viewers=2)
    assert (await story.beat()).figures == HostFigures(viewers=2)
    await asyncio.sleep(2.5 * reports.HEARTBEAT_S)
    while not story.beats.empty():  # nothing new
        assert story.beats.get_nowait().figures is None


async def test_figures_that_were_not_written_go_again(story: Story) -> None:
    await story.listen()
    story.figures = HostFigures(viewers=1)
    story.deaf = True  # so that beats are answered with the sequence 0
    story.reporter.start()
    await story.next()
    for _ in range(2):
        assert (await story.beat()).figures == HostFigures(viewers=1)


async def test_a_server_that_does_not_know_the_host_gets_figures_anew(story: Story) -> None:
    await story.listen()
    story.figures = HostFigures(viewers=1)
    story.reporter.start()
    assert (await story.beat()).figures is not None
    story.answer = ReportTaken(want_full=True)
    story.change("a", phase="ending")
    while not (await story.next()).full:
        pass
    assert (await story.beat()).figures == HostFigures(viewers=1)


async def test_a_host_that_is_heard_by_its_beats_leaves_none_out(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    due, beat = 0, Reporter._beat

    async def count(reporter: Reporter, **options: bool) -> None:
        nonlocal due
        due += 1
        await beat(reporter, **options)

    monkeypatch.setattr(Reporter, "_beat", count)
    await story.listen()
    story.reporter.start()
    await story.next()
    for _ in range(6):
        await story.beat()
    assert due <= 8  # one at the most since a report was just answered, and one that is on its way
