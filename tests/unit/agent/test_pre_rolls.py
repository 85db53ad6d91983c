from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from footlight.agent.pre_rolls import PreRolls
from footlight.agent.recorder_messages import BeginRecording, KeepPreRoll
from footlight.clock import SystemClock


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.005)


async def test_one_is_kept_of_a_session_until_a_recording_takes_it(
    order: BeginRecording, screen: Any
) -> None:
    rolls = PreRolls(SystemClock())
    wanted = KeepPreRoll(order.session_id, order.rfb_path, 30)
    rolls.keep(wanted)
    rolls.keep(wanted)
    await until(lambda: screen.requests == [False, True])
    assert screen.connections == 1
    taken = rolls.take(msgspec.structs.replace(order, pre_roll_s=10))
    assert taken is not None
    assert len(await taken.take(10)) == 1
    assert rolls.take(msgspec.structs.replace(order, pre_roll_s=10)) is None


async def test_a_recording_without_pre_roll_ends_it(order: BeginRecording, screen: Any) -> None:
    rolls = PreRolls(SystemClock())
    rolls.keep(KeepPreRoll(order.session_id, order.rfb_path, 30))
    await until(lambda: screen.requests == [False, True])
    assert rolls.take(order) is None
    rolls.keep(KeepPreRoll(order.session_id, order.rfb_path, 30))
    await until(lambda: screen.connections == 2)
    rolls.keep(KeepPreRoll(order.session_id, order.rfb_path, 0))
    assert rolls.take(msgspec.structs.replace(order, pre_roll_s=10)) is None
    rolls.stop()
