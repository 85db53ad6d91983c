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
        self.answer = ReportTaken()
        self.forgotten: list[ReportTaken] = []
        self.sessions = {
            name: SessionFacts(session_id=name, generation=1, phase="running") for name in "ab"
        }
        self.recordings: dict[str, RecordingFacts] = {}
        self.figures = HostFigures(viewers=1)
        self.clock = FakeClock()
        self.reporter = Reporter(
            self.bus,
            self.clock,
            lambda: HOST,
            lambda: self.sessions.values(),
            lambda: self.recordings.values(),
            self.forgotten.append,
            lambda: LoadFacts(cpu_permille=250, memory_permille=500, sessions=len(self.sessions)),
            lambda: self.figures,
        )

    async def listen(self) -> None:
        await self.bus.serve(subjects.REPORTS, self._hear)

    async def _hear(self, payload: bytes) -> bytes:
        self.heard.put_nowait(decode(HostReport, payload))
        answer, self.answer = self.answer, ReportTaken()
        return encode(answer)

    async def next(self) -> HostReport:
        return await asyncio.wait_for(self.heard.get(), 5)

    def change(self, name: str, **facts: Any) -> None:
        self.sessions[name] = msgspec.structs.replace(self.sessions[name], **facts)
        self.reporter.changed()


@pytest.fixture
async def story(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    monkeypatch.setattr(reports, "HEARTBEAT_S", 0.2)
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
    assert (second.full, second.host) == (False, None)
    assert [facts.session_id for facts in second.sessions] == ["a"]
    assert (second.boot_id, second.sequence) == (first.boot_id, first.sequence + 1)


async def test_changes_made_at_once_go_together(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    await story.next()
    for name in "ab":
        story.change(name, phase="ended")
    assert len((await story.next()).sessions) == 2


async def test_a_heartbeat_without_news_is_empty(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    await story.next()
    beat = await story.next()
    assert (beat.full, beat.sessions, beat.recordings) == (False, [], [])


async def test_a_change_during_a_report_is_not_lost(story: Story) -> None:
    gate = asyncio.Event()
    reached = asyncio.Event()

    async def slow(payload: bytes) -> bytes:
        reached.set()
        await gate.wait()
        return await story._hear(payload)

    await story.bus.serve(subjects.REPORTS, slow)
    story.reporter.start()
    await asyncio.wait_for(reached.wait(), 5)
    story.change("b", phase="ended")
    gate.set()
    assert (await story.next()).full
    assert [facts.phase for facts in (await story.next()).sessions] == ["ended"]


async def test_silence_is_followed_by_a_full_report(story: Story) -> None:
    story.reporter.start()
    await asyncio.sleep(0.05)
    story.change("a", phase="ended")
    await story.listen()
    report = await story.next()
    assert report.full
    assert {facts.phase for facts in report.sessions} == {"ended", "running"}


async def test_the_server_can_ask_for_everything(story: Story) -> None:
    await story.listen()
    story.answer = ReportTaken(want_full=True)
    story.reporter.start()
    assert (await story.next()).full
    assert (await story.next()).full


async def test_what_may_be_forgotten_is_passed_on(story: Story) -> None:
    await story.listen()
    story.answer = ReportTaken(forget_sessions=["a"], forget_recordings=["r"])
    story.reporter.start()
    await story.next()
    await story.next()
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


async def test_figures_go_when_they_differ_and_not_too_often(story: Story) -> None:
    await story.listen()
    story.reporter.start()
    assert (await story.next()).figures == HostFigures(viewers=1)
    story.figures = HostFigures(viewers=2)
    assert (await story.next()).figures is None  # just told
    story.clock.advance(reports.FIGURES_APART_MS)
    while (told := (await story.next()).figures) is None:
        pass
    assert told == HostFigures(viewers=2)
    story.clock.advance(reports.FIGURES_APART_MS)
    for _ in range(2):  # nothing new
        assert (await story.next()).figures is None
