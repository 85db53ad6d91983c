"""The agent's side of messages: keeps their windows' process running while there are messages to show or to read.

A message counts as shown once its window was on the screen; it is then not shown again, also not by a later
agent, which knows from the session's folder. It goes with a click, or with the process.
"""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import Process
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from footlight.agent.surroundings import write_private
from footlight.agent.window_process import end_window, start_window
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import MessageOrder

_log = get_logger(__name__)

FIRST_RESTART_S = 0.2
LONGEST_RESTART_S = 5.0
REMEMBERED = 200  # ids of messages that were shown
LONGEST_MEMORY_BYTES = 64 * 1024
SHOWN_FILE = "messages.shown"


def event_of(message: MessageOrder) -> dict[str, object]:
    """The members of the recording's event (format.md section 5)."""
    return {
        "messageId": message.message_id,
        "style": message.style,
        "title": message.title,
        "text": message.text,
        "orderedBy": message.ordered_by,
    }


class Messages:
    """The messages of one session. `on_shown` is called once for each message, when it is on the screen."""

    def __init__(self, folder: Path, on_shown: Callable[[MessageOrder], None]) -> None:
        self._folder = folder
        self._on_shown = on_shown
        self._shown: list[str] | None = None  # read at first need
        self._waiting: dict[str, MessageOrder] = {}
        self._display = ""
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None

    def show(self, wanted: Sequence[MessageOrder], display: str) -> None:
        """Show those that were not shown yet; what waits and is not wanted any more is not shown."""
        if not wanted and not self._waiting:
            return
        self._display = display
        known = self._known()
        fresh = [m for m in wanted if m.message_id not in known]
        new = [m for m in fresh if m.message_id not in self._waiting]
        gone = self._waiting.keys() - {m.message_id for m in fresh}
        self._waiting = {m.message_id: m for m in fresh}
        for message in new:
            self._tell(msgspec.json.encode(message))
        for message_id in gone:
            self._tell(msgspec.json.encode({"message_id": message_id, "withdrawn": True}))
        if self._waiting and (self._task is None or self._task.done()):
            self._task = spawn(f"messages {display}", self._keep())

    def shown_of(self, messages: Sequence[MessageOrder]) -> list[str]:
        """The ids of those that were shown."""
        if not messages:
            return []
        known = self._known()
        return [m.message_id for m in messages if m.message_id in known]

    async def stop(self) -> None:
        """Take all off the screen."""
        self._waiting = {}
        await cancel(self._task)

    async def _keep(self) -> None:
        """Run the windows until all are read; again, more and more slowly, while some were not shown."""
        pause_s = FIRST_RESTART_S
        while self._waiting:
            try:
                await self._run()
            except OSError as error:
                _log.warning("messages not shown", display=self._display, error=str(error))
            if self._waiting:
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_RESTART_S)

    async def _run(self) -> None:
        cookie = (self._folder / "cookie").read_bytes()
        process = await start_window(
            "footlight.agent.message_window",
            display=self._display,
            authority=self._folder / "messages.Xauthority",
            cookie=cookie,
        )
        self._process = process
        try:
            for message in self._waiting.values():
                self._tell(msgspec.json.encode(message))
            assert process.stdout is not None
            while line := await process.stdout.readline():
                self._take_shown(line.decode("ascii", "replace").strip())
            await process.wait()
        finally:
            self._process = None
            await asyncio.shield(end_window(process))

    def _tell(self, line: bytes) -> None:
        """Over standard input: arguments could be read by every user of the machine."""
        process = self._process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(line + b"\n")

    def _take_shown(self, message_id: str) -> None:
        message = self._waiting.pop(message_id, None)
        if message is None:
            return
        self._shown = [*self._known(), message_id][-REMEMBERED:]
        with contextlib.suppress(OSError):
            write_private(self._folder / SHOWN_FILE, "\n".join(self._shown).encode())
        self._on_shown(message)

    def _known(self) -> list[str]:
        if self._shown is None:
            try:
                with (self._folder / SHOWN_FILE).open("rb") as file:
                    self._shown = file.read(LONGEST_MEMORY_BYTES).decode().split()
            except (OSError, UnicodeDecodeError):
                self._shown = []
        return self._shown
