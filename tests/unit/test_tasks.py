from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from footlight.tasks import cancel, spawn


async def test_spawned_task_has_its_name_and_result() -> None:
    async def work() -> int:
        return 7

    task = spawn("count", work())
    assert task.get_name() == "count"
    assert await task == 7


async def test_task_that_nobody_holds_runs_to_its_end() -> None:
    done = asyncio.Event()
    gate = asyncio.get_running_loop().create_future()

    async def work() -> None:
        await gate
        done.set()

    spawn("work", work())
    await asyncio.sleep(0)
    gc.collect()
    gate.set_result(None)
    await asyncio.wait_for(done.wait(), 5)


@pytest.mark.expects_errors
async def test_failure_is_logged_with_the_name(error_logs: list[dict[str, Any]]) -> None:
    async def broken() -> None:
        raise RuntimeError("broken")

    task = spawn("fragile", broken())
    await asyncio.wait({task}, timeout=5)
    await asyncio.sleep(0)
    assert [(entry["event"], entry["task"]) for entry in error_logs] == [("task failed", "fragile")]


async def test_cancelled_task_is_no_failure(error_logs: list[dict[str, Any]]) -> None:
    task = spawn("endless", asyncio.sleep(3600))
    await cancel(task, None)
    assert task.cancelled()
    assert error_logs == []


async def test_cancel_waits_for_the_end() -> None:
    cleaned = False

    async def careful() -> None:
        nonlocal cleaned
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.01)
            cleaned = True

    task = spawn("careful", careful())
    await asyncio.sleep(0)
    await cancel(task)
    assert cleaned
    await cancel(task)
