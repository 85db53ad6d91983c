"""Named asyncio tasks whose failure is never silent."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from typing import Any

from footlight.log import get_logger

_log = get_logger(__name__)
# The loop keeps only weak references to tasks; this set keeps ours until they end.
_running: set[asyncio.Task[Any]] = set()


def spawn(
    name: str, work: Coroutine[Any, Any, Any], *, detached: bool = False
) -> asyncio.Task[Any]:
    """Start `work` as a task called `name`; an exception that it ends with is logged.
    The task is kept referenced until done, so the caller may drop the result. `detached`: it works for all, not for
    the request in which it is started, so its events and spans are not that one's."""
    context = Context() if detached else None
    task = asyncio.get_running_loop().create_task(work, name=name, context=context)
    _running.add(task)
    task.add_done_callback(_settle)
    return task


def _settle(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("task failed", task=task.get_name(), exc_info=error)


async def cancel(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel the tasks that still run and wait for their end; their errors are already logged."""
    live = [t for t in tasks if t is not None and not t.done()]
    for task in live:
        task.cancel()
    await asyncio.gather(*live, return_exceptions=True)
