from __future__ import annotations

import asyncio

from footlight.bus.lanes import Lanes


async def test_no_more_at_once_than_said_and_each_lane_in_order() -> None:
    gate, handled, running, most = asyncio.Semaphore(0), [], 0, 0

    async def handle(key: str, number: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await gate.acquire()
        running -= 1
        handled.append((key, number))

    lanes = Lanes(handle, at_once=2)
    for number in range(3):
        for key in "abc":
            lanes.put(key, number)
    for _ in range(9):
        await asyncio.sleep(0)
        gate.release()
    async with asyncio.timeout(5):
        while len(handled) < 9:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.001)
    assert most == 2
    assert [[n for k, n in handled if k == key] for key in "abc"] == [[0, 1, 2]] * 3


async def test_closed_lanes_hand_out_no_more() -> None:
    began, handled = asyncio.Event(), []

    async def handle(key: str, number: int) -> None:
        handled.append(number)
        began.set()
        await asyncio.Event().wait()

    lanes = Lanes(handle, at_once=2)
    lanes.put("a", 1)
    lanes.put("a", 2)
    await asyncio.wait_for(began.wait(), 5)
    await lanes.close()
    assert handled == [1]
