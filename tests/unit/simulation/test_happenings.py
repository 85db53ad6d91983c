from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from footlight.recording.event_types import EVENT_TYPES
from footlight.simulation.happenings import Happenings


async def test_something_happens_until_the_end() -> None:
    order: Any = SimpleNamespace(session_id="s", launch=SimpleNamespace(user_name="EX\\ada"))
    told: list[tuple[str, dict[str, object]]] = []
    happenings = Happenings(each_s=0.0005)
    happenings.begin(
        Path("/nowhere"), None, order, lambda kind, members: told.append((kind, members))
    )
    begun = [kind for kind, _ in told]
    assert begun == ["window-manager", "program-running", "window-opened", "window-active"]
    wanted = {"window-title", "program-ended", "clipboard", "window-closed"}
    async with asyncio.timeout(20):
        while not wanted <= {kind for kind, _ in told}:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    happenings.end("s")
    count = len(told)
    await asyncio.sleep(0.01)
    assert len(told) == count
    for kind, members in told:
        assert members.keys() <= set(EVENT_TYPES[kind].members), kind
    await happenings.stop()
