"""The agent's handle on its event watcher: runs it while a session is recorded, and hands its events on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from footlight.agent import processes
from footlight.agent.events.watch_messages import (
    MAX_LINE_BYTES,
    Leave,
    ToWatcher,
    Watch,
    line,
    read_event,
)
from footlight.agent.keeper_link import read_state
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import SessionOrder

_log = get_logger(__name__)

RESTART_AFTER_S = 0.5
LONGEST_RESTART_S = 30.0
STEADY_AFTER_S = 30.0
END_S = 2.0
COOKIE = "cookie"  # in a session's folder
NAME = "watcher"

Note = Callable[[str, dict[str, object]], None]


@dataclass(frozen=True)
class _Watched:
    watch: Watch
    note: Note


class EventSources:
    """The sources of all recorded sessions of this host; used from one event loop."""

    def __init__(self) -> None:
        self._watched: dict[str, _Watched] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Of the watcher; None while there is none."""
        return self._process.pid if self._process else None

    def begin(self, folder: Path, cgroup: str | None, order: SessionOrder, note: Note) -> None:
        """Have `note` told what happens in that session, first how it is now. Again: the same anew. `folder` and
        `cgroup`: of the session (surroundings.py)."""
        self._watched[order.session_id] = _Watched(_watch_of(folder, cgroup, order), note)
        self._send(self._watched[order.session_id].watch)
        if self._supervisor is None or self._supervisor.done():
            self._supervisor = spawn("event watcher", self._supervise(), detached=True)

    def end(self, session_id: str) -> None:
        """No more of that session. Without any the watcher ends."""
        if self._watched.pop(session_id, None) is not None:
            self._send(Leave(session_id))
            if not self._watched and self._writer is not None:
                self._writer.close()

    async def stop(self) -> None:
        """No more of any."""
        for session_id in list(self._watched):
            self.end(session_id)
        if self._supervisor is not None:
            await asyncio.wait([self._supervisor], timeout=END_S)
        await cancel(self._supervisor)

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        wait_s = RESTART_AFTER_S
        while self._watched:
            began = loop.time()
            try:
                await self._run_once()
                reason = "it ended"
            except OSError as error:
                reason = str(error)
            if not self._watched:
                return
            _log.error("event watcher lost", reason=reason)
            for one in self._watched.values():
                one.note("source-failed", {"source": NAME, "reason": reason})
            if loop.time() - began > STEADY_AFTER_S:
                wait_s = RESTART_AFTER_S
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_RESTART_S)
            for one in self._watched.values():
                one.note("source-back", {"source": NAME})

    async def _run_once(self) -> None:
        """One watcher, from its start to its end."""
        ours, theirs = socket.socketpair()
        try:
            reader, writer = await asyncio.open_unix_connection(sock=ours, limit=MAX_LINE_BYTES)
            with theirs:
                self._process = await _start(theirs)
            self._writer = writer
            for one in self._watched.values():
                self._send(one.watch)
            if not self._watched:
                writer.close()
            await self._listen(reader)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_S):
                    await self._process.wait()
        finally:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            if self._process is not None and self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
            self._process = None

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                data = await reader.readline()
            except (ValueError, ConnectionError):
                return
            if not data:
                return
            try:
                event = read_event(data)
            except ValueError as error:
                _log.error("event watcher not understood", error=str(error))
                continue
            if (one := self._watched.get(event.session_id)) is not None:
                if event.kind == "source-failed":
                    _log.warning(
                        "source of events failed", session=event.session_id, **event.members
                    )
                one.note(event.kind, event.members)

    def _send(self, message: ToWatcher) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(line(message))


async def _start(control: socket.socket) -> asyncio.subprocess.Process:
    """A session of its own, so that Ctrl-C at the terminal reaches only the agent."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "footlight.agent.events.watcher",
        f"--control={control.fileno()}",
        stdin=asyncio.subprocess.DEVNULL,
        pass_fds=[control.fileno()],
        start_new_session=True,
    )


def _watch_of(folder: Path, cgroup: str | None, order: SessionOrder) -> Watch:
    """What the watcher has to know of the session."""
    state = read_state(folder) or {}
    recording = order.recording
    cookie = b""
    with contextlib.suppress(OSError):
        cookie = (folder / COOKIE).read_bytes()
    display = str(state.get("display") or "")
    root = processes.cgroup_root() or ""
    return Watch(
        session_id=order.session_id,
        display=int(display[1:]) if display[1:].isdecimal() else None,
        cookie=cookie,
        keeper_pid=state.get("keeper_pid"),
        cgroup=cgroup.removeprefix(root) if cgroup is not None else None,
        clipboard_text=recording is not None and recording.clipboard_text,
        arguments=recording is None or recording.arguments,
    )
