from __future__ import annotations

import asyncio
import os

import pytest

from footlight.agent import processes, watchdog
from footlight.agent.watchdog import Watchdog


class Owner:
    def __init__(self) -> None:
        self.asked = 0
        self.told: list[str] = []
        self.busy = True

    def ask(self) -> bool:
        self.asked += 1
        return self.busy

    def silent(self) -> None:
        self.told.append("silent")

    def answers_again(self) -> None:
        self.told.append("answers")


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Owner:
    for name, seconds in (("ASK_AFTER_S", 0.01), ("SILENT_S", 0.04), ("STARVED_S", 0.4)):
        monkeypatch.setattr(watchdog, name, seconds)
    monkeypatch.setattr(watchdog, "LOOK_S", 0.01)
    return Owner()


async def until(condition: object) -> None:
    async with asyncio.timeout(5):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.005)


async def test_one_that_is_stopped_is_lost_and_killed(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "is_at_work", lambda pid: False)
    async with asyncio.timeout(5):
        await Watchdog(os.getpid(), owner).watch()
    assert (owner.told, owner.asked) == (["silent"], 1)


async def test_one_that_is_starved_is_lost_until_it_answers(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "is_at_work", lambda pid: True)
    dog = Watchdog(os.getpid(), owner)
    watching = asyncio.ensure_future(dog.watch())
    await until(lambda: owner.told == ["silent"])
    dog.heard()
    await until(lambda: owner.told == ["silent", "answers"])
    async with asyncio.timeout(5):
        await watching  # nobody answers any more
    assert owner.told == ["silent", "answers", "silent"]


async def test_one_that_says_that_it_lives_is_not_asked(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "ASK_AFTER_S", 60.0)
    dog = Watchdog(os.getpid(), owner)
    watching = asyncio.ensure_future(dog.watch())
    await asyncio.sleep(0)
    monkeypatch.setattr(watchdog, "ASK_AFTER_S", 0.01)
    monkeypatch.setattr(processes, "is_at_work", lambda pid: False)
    assert owner.asked == 0
    dog.heard()  # for the last time
    async with asyncio.timeout(60):
        await watching
    assert (owner.told, owner.asked) == (["silent"], 1)


async def test_one_that_answers_lives_and_one_without_work_is_not_asked(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "SILENT_S", 2.0)
    dog = Watchdog(os.getpid(), owner)
    watching = asyncio.ensure_future(dog.watch())
    while owner.asked < 5:
        dog.heard()
        await asyncio.sleep(0.005)
    owner.busy = False
    dog.heard()
    await asyncio.sleep(0.1)
    assert not watching.done()
    assert owner.told == []
    watching.cancel()
