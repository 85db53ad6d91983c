from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from footlight.agent import guard
from footlight.agent.audience import Audience
from footlight.agent.session_guard import SessionGuard
from footlight.agent.session_recording import SessionRecording
from footlight.agent.tap import Viewer
from footlight.clock import FakeClock
from footlight.wire.host import RecordingFacts, RecordingOrder, ViewerFacts

MUST = RecordingOrder(
    recording_id="r", notify=False, reason="x", ordered_by="y", if_lost="cover"
)  # fmt: skip
RUNS = RecordingFacts(recording_id="r", session_id="s", status="recording")


class Session:
    """What the guard sees and moves."""

    def __init__(self, folder: Path) -> None:
        self.events: list[tuple[str, Any]] = []
        self.told = 0
        self.ended: list[str] = []
        self.wanted: RecordingOrder | None = MUST
        recorders = SimpleNamespace(event=self._event)
        around: Any = SimpleNamespace(recorders=recorders)
        self.recording = SessionRecording(folder, around, lambda: None)
        self.recording.running = RUNS
        clock = FakeClock()
        self.audience = Audience(
            *(folder, clock, lambda: ":7"),
            note=lambda kind, members: None,
            told=self._told,
            attached=lambda viewer: None,
        )
        self.guard = SessionGuard(
            *(self.recording, self.audience, clock, lambda: self.wanted), end=self.ended.append
        )

    def _told(self) -> None:
        self.told += 1

    async def _event(self, recording_id: str, kind: str, members: Any) -> None:
        self.events.append((kind, members["cause"]))

    def now(self, **facts: Any) -> None:
        self.recording.take(msgspec.structs.replace(RUNS, **facts))
        self.guard.look()


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(guard, "COVER_AFTER_S", 0.02)
    monkeypatch.setattr(guard, "END_AFTER_S", 0.04)
    return Session(tmp_path)


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.005)


@pytest.mark.expects_errors
async def test_a_loss_covers_by_itself_and_what_comes_back_uncovers(session: Session) -> None:
    facts = ViewerFacts(
        viewer_id="v", user_name="u", own=True, mode="interactive", address="192.0.2.7", via_address=None,
        client_name="", platform="Linux", version="1", attached_at_ms=1,
    )  # fmt: skip
    session.guard.look()
    session.audience.viewers.append(Viewer(facts))
    session.now(status="starting", gap="spool-full")
    assert not session.guard.covered
    await until(lambda: session.guard.covered)
    assert session.audience.cover.cause == "spool-full"
    (viewer,) = session.audience.viewers
    assert viewer.returns
    assert viewer.stop.is_set()
    assert (session.told, session.events) == (1, [])
    session.now()
    assert (session.guard.covered, session.audience.cover.cause) == (False, "")
    await until(lambda: len(session.events) == 2)
    assert set(session.events) == {
        ("session-covered", "spool-full"),
        ("session-uncovered", "spool-full"),
    }
    session.guard.close()


@pytest.mark.expects_errors
async def test_a_session_that_may_not_go_on_is_ended_once_with_the_cause(session: Session) -> None:
    session.wanted = msgspec.structs.replace(MUST, if_lost="end")
    session.guard.look()
    session.now(status="starting", gap="recorder-lost")
    await until(lambda: session.ended)
    session.guard.look()
    assert session.ended == ["not recorded: recorder-lost"]
    assert session.guard.covered
    session.wanted = None
    session.guard.look()
    assert not session.guard.covered
    session.guard.close()


async def test_before_the_first_picture_nobody_is_let_in_and_nothing_is_noted(
    session: Session,
) -> None:
    session.recording.running = None
    session.guard.look()
    assert session.audience.cover.cause == "starting"
    session.recording.running = RUNS
    session.guard.look()
    await asyncio.sleep(0)
    assert (session.audience.cover.cause, session.events) == ("", [])
