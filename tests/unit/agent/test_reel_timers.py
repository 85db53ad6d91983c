import asyncio

import pytest

from footlight.agent import reel_timers
from footlight.agent.reel_timers import ReelTimers
from footlight.clock import SystemClock


class Noted:
    """What was called, in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.timers = ReelTimers(
            SystemClock(), lambda: self.calls.append("flush"), lambda: self.calls.append("quiet")
        )

    async def until(self, *calls: str) -> None:
        async with asyncio.timeout(60):
            while self.calls != list(calls):  # noqa: ASYNC110 - timers tell nobody
                await asyncio.sleep(0.005)


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Noted:
    monkeypatch.setattr(reel_timers, "FLUSH_AFTER_S", 0.02)
    monkeypatch.setattr(reel_timers, "SEGMENT_QUIET_NS", 60_000_000)
    return Noted()


async def test_changes_are_flushed_once_and_then_it_is_quiet(noted: Noted) -> None:
    noted.timers.changed(due=False)
    noted.timers.changed(due=False)
    await noted.until("flush", "quiet")


async def test_what_is_due_is_flushed_at_once(noted: Noted) -> None:
    noted.timers.changed(due=True)
    assert noted.calls == ["flush"]


async def test_who_has_flushed_is_not_asked_to(noted: Noted) -> None:
    noted.timers.changed(due=False)
    noted.timers.flushed()
    await noted.until("quiet")


async def test_stopped_they_say_nothing_until_the_next_change(noted: Noted) -> None:
    noted.timers.changed(due=False)
    noted.timers.stop()
    await asyncio.sleep(0.1)
    assert noted.calls == []
    noted.timers.changed(due=False)
    await noted.until("flush", "quiet")
