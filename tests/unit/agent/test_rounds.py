import asyncio

import pytest

from footlight.agent import rounds
from footlight.agent.rounds import Rounds


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "LOOK_S", 0.005)


async def looks(which: list[str], count: int) -> None:
    async with asyncio.timeout(60):
        while len(which) < count:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.001)


async def test_all_look_in_one_round() -> None:
    told: list[str] = []
    made = Rounds()
    made.join(lambda: told.append("a"))
    made.join(lambda: told.append("b"))
    await looks(told, 6)
    assert told[:6] == ["a", "b"] * 3


async def test_who_leaves_looks_no_more_and_the_last_one_stops_the_clock() -> None:
    told: list[str] = []
    made = Rounds()

    def first() -> None:
        told.append("a")
        made.leave(first)

    def second() -> None:
        told.append("b")

    made.join(first)
    made.join(second)
    await looks(told, 4)
    assert told[:4] == ["a", "b", "b", "b"]
    made.leave(second)
    count = len(told)
    await asyncio.sleep(0.05)
    assert len(told) == count
    made.join(second)
    await looks(told, count + 2)
    made.leave(second)


@pytest.mark.expects_errors
async def test_a_look_that_fails_keeps_nobody_from_the_next() -> None:
    told: list[str] = []
    made = Rounds()

    def broken() -> None:
        told.append("broken")
        raise RuntimeError("nothing to see")

    made.join(broken)
    made.join(lambda: told.append("b"))
    await looks(told, 6)
    assert told[:6] == ["broken", "b"] * 3
