from __future__ import annotations

import asyncio
from typing import Any

import pytest

from footlight.broker.line import Line
from footlight.broker.waiting import WaitingRoom

LONG_S = 60.0
NO = "no"


class Story:
    """A store's commits, some places, and launches that want one each."""

    def __init__(self, line: Line | None = None) -> None:
        self.places = 0
        self.served: list[str] = []
        self.attempts = 0
        self._listeners: list[Any] = []
        self.room: WaitingRoom[str] = WaitingRoom(self, lambda said: said == NO, line)  # type: ignore[arg-type]

    def on_commit(self, listener: Any) -> None:
        self._listeners.append(listener)

    def free(self, count: int = 1, kind: str = "room") -> None:
        self.places += count
        for listener in self._listeners:
            listener(frozenset((kind,)))

    async def attempt(self, user: str) -> str:
        self.attempts += 1
        await asyncio.sleep(0)
        if self.places == 0:
            return NO
        self.places -= 1
        self.served.append(user)
        return f"{user}'s"

    def launch(
        self, user: str, seconds: float = LONG_S, gone: Any = None
    ) -> asyncio.Task[str | None]:
        async def go() -> str | None:
            first = await self.room.first(lambda: self.attempt(user))
            if first != NO:
                return first
            return await self.room.wait(user, lambda: self.attempt(user), NO, seconds, gone)

        return asyncio.ensure_future(go())

    async def settled(self, waiting: int) -> None:
        """Until so many wait, and what is to be tried has been."""
        for _ in range(2000):
            trying = self.room._changed.is_set() or self.room._trying.locked()
            if len(self.room) == waiting and not trying:
                return
            await asyncio.sleep(0.005)
        pytest.fail(f"{len(self.room)} wait, not {waiting}")


@pytest.fixture
async def story() -> Any:
    made = Story()
    yield made
    await made.room.stop()


async def test_who_waits_gets_what_becomes_free_in_the_order_of_arrival(story: Story) -> None:
    tasks = [story.launch(user) for user in "abc"]
    await story.settled(3)
    story.free()
    assert await tasks[0] == "a's"
    story.free(2)
    assert await asyncio.gather(*tasks) == ["a's", "b's", "c's"]
    assert story.served == ["a", "b", "c"]
    assert len(story.room) == 0


async def test_nothing_is_tried_again_while_nothing_changes(story: Story) -> None:
    task = story.launch("a")
    await story.settled(1)
    tried = story.attempts
    for kind in ("session", "order", "recording"):
        story.free(0, kind)
    await asyncio.sleep(0.2)
    assert story.attempts == tried
    story.free(1, "machine")
    assert await task == "a's"


async def test_what_becomes_free_between_two_attempts_is_not_missed(story: Story) -> None:
    """1 the first attempt is refused, 2 a place becomes free while nobody waits yet, 3 it waits."""
    story.free()
    async with asyncio.timeout(LONG_S):
        assert await story.room.wait("a", lambda: story.attempt("a"), NO, LONG_S) == "a's"


async def test_a_newcomer_does_not_pass_those_who_wait(story: Story) -> None:
    waiting = story.launch("a")
    await story.settled(1)
    story.free()
    newcomer = story.launch("b", 0.05)
    assert await waiting == "a's"
    assert await newcomer == NO


async def test_time_is_over(story: Story) -> None:
    assert await story.launch("a", 0.05) == NO
    assert len(story.room) == 0
    story.free()
    await asyncio.sleep(0.1)
    assert story.served == []


async def test_a_client_that_goes_away_leaves_the_line(story: Story) -> None:
    left = asyncio.Event()

    async def gone() -> None:
        await left.wait()

    going, staying = story.launch("a", LONG_S, gone), story.launch("b")
    await story.settled(2)
    left.set()
    assert await going == NO
    story.free()
    assert await staying == "b's"
    assert story.served == ["b"]


async def test_who_cancels_leaves_the_line(story: Story) -> None:
    going, staying = story.launch("a"), story.launch("b")
    await story.settled(2)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    story.free()
    assert await staying == "b's"


async def test_an_attempt_that_fails_fails_its_own_launch_only(story: Story) -> None:
    async def fail() -> str:
        raise ValueError("no database")

    failing = asyncio.ensure_future(story.room.wait("a", fail, NO, LONG_S))
    with pytest.raises(ValueError, match="no database"):
        await failing
    other = story.launch("b")
    await story.settled(1)
    story.free()
    assert await other == "b's"


async def test_a_full_line_takes_nobody_more() -> None:
    story = Story(Line(most=1))
    task = story.launch("a")
    await story.settled(1)
    assert await story.launch("b") is None
    await story.room.stop()
    assert await task == NO
    assert await story.launch("c") == NO, "a stopped one lets nobody wait"
