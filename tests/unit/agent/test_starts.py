from __future__ import annotations

import asyncio

import pytest

from footlight.agent import starts
from footlight.agent.starts import LEAST_AT_ONCE, Starts


async def turn() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_so_many_start_at_a_time_in_their_order() -> None:
    gate = Starts(2)
    entered: list[int] = []

    async def start(number: int) -> None:
        await gate.enter()
        entered.append(number)

    tasks = [asyncio.ensure_future(start(number)) for number in range(4)]
    await turn()
    assert entered == [0, 1]
    assert gate.crowded
    gate.leave()
    await turn()
    assert entered == [0, 1, 2]
    gate.leave()
    await asyncio.gather(*tasks)
    assert entered == [0, 1, 2, 3]


async def test_it_is_calm_when_all_have_their_x_server(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Starts(1)
    await gate.calm()  # nobody is there
    await gate.enter()
    waiting = asyncio.ensure_future(gate.enter())
    calm = asyncio.ensure_future(gate.calm())
    await turn()
    gate.leave()
    await waiting
    await turn()
    assert not calm.done()
    gate.leave()
    await calm
    monkeypatch.setattr(starts, "CALM_WITHIN_S", 0.02)
    await gate.enter()
    await gate.calm()  # not for ever


async def test_who_gives_up_waiting_is_not_waited_for() -> None:
    gate = Starts(1)
    await gate.enter()
    waiting = asyncio.ensure_future(gate.enter())
    await turn()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    gate.leave()
    await gate.calm()
    assert not gate.crowded


def test_small_machines_start_several_too() -> None:
    gate = Starts()
    assert not gate.crowded
    assert LEAST_AT_ONCE >= 2
