"""The agent's side of the recording notice: keeps its window's process running while a recording runs."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path

from footlight.agent.window_process import end_window, start_window
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

TEXT = "This session is being recorded"


def text_of(pre_roll_s: int) -> str:
    """What the notice says where so many seconds before it are part of the recording."""
    return f"{TEXT}, with the last {pre_roll_s} seconds" if pre_roll_s else TEXT


FIRST_RESTART_S = 0.1
LONGEST_RESTART_S = 5.0


class Notice:
    """The notice on one display. `on_shown` is called at each showing with the viewer it is for ("" at first)."""

    def __init__(
        self,
        display: str,
        folder: Path,
        cookie: bytes,
        on_shown: Callable[[str], None],
        text: str = TEXT,
    ) -> None:
        self.shown = False
        self.text = text
        self._display = display
        self._folder = folder
        self._cookie = cookie
        self._on_shown = on_shown
        self._for: list[str] = []  # viewers whose showing is awaited
        self._process: Process | None = None
        self._task = spawn(f"notice {display}", self._keep())

    def again(self, viewer: str) -> None:
        """Show it anew to a viewer who has just come."""
        self._for = [*self._for, viewer][-32:]
        process = self._process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(b"again\n")

    async def stop(self) -> None:
        """Take it off the screen."""
        await cancel(self._task)
        self.shown = False

    async def _keep(self) -> None:
        """Run the window; run it again, more and more slowly, when somebody ends it."""
        pause_s = FIRST_RESTART_S
        while True:
            started = asyncio.get_running_loop().time()
            try:
                await self._run()
            except OSError as error:
                _log.warning("notice could not start", display=self._display, error=str(error))
            self.shown = False
            lasted_s = asyncio.get_running_loop().time() - started
            pause_s = FIRST_RESTART_S if lasted_s > 10 else min(pause_s * 2, LONGEST_RESTART_S)
            await asyncio.sleep(pause_s)

    async def _run(self) -> None:
        process = await start_window(
            "footlight.agent.notice_window",
            self.text,
            display=self._display,
            authority=self._folder / "notice.Xauthority",
            cookie=self._cookie,
        )
        self._process = process
        try:
            assert process.stdout is not None
            while await process.stdout.readline():
                self._take_shown()
            await process.wait()
        finally:
            self._process = None
            await asyncio.shield(end_window(process))

    def _take_shown(self) -> None:
        """The window is on the screen: the first time, or anew for those who have come since."""
        waiting, self._for = self._for, []
        first = not self.shown
        self.shown = True
        for viewer in waiting or ([""] if first else []):
            self._on_shown(viewer)
