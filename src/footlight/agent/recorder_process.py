"""Recorder processes: the one that works, and one that stands by with everything loaded, to take its place at once."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from footlight.agent import processes
from footlight.agent.recorder_messages import TAKE_OVER
from footlight.agent.spool_room import SpoolBounds
from footlight.agent.watched import BY_DEFAULT, Watched
from footlight.clock import Clock, SystemClock
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

STOPPED = "Tt"  # by a signal, by a debugger
PREPARE_AFTER_S = 1.0  # what has just begun to record needs the processors itself


@dataclass(frozen=True)
class RecorderConfig:
    """Where the recorder finds and puts things."""

    spool: Path
    key_path: Path  # the agent's Ed25519 key, PEM
    certificate_path: Path  # JSON as in format.md section 7; may be missing
    bounds: SpoolBounds = field(default_factory=SpoolBounds)
    watched: Watched = BY_DEFAULT
    clock: Clock = field(default_factory=SystemClock)


@dataclass(frozen=True)
class RecorderProcess:
    """One process, and our end of its socket."""

    process: asyncio.subprocess.Process
    control: socket.socket


class RecorderProcesses:
    """Starts them, one ahead of its time. Used from one event loop."""

    def __init__(self, config: RecorderConfig) -> None:
        self._config = config
        self._standby: RecorderProcess | None = None
        self._preparing: asyncio.Task[None] | None = None

    @property
    def standby_pid(self) -> int | None:
        """Of the process that waits for its turn; None while there is none."""
        return None if self._standby is None else self._standby.process.pid

    async def take(self) -> RecorderProcess:
        """The one that stood by, if it lives, else a new one; its turn has come. Raises OSError."""
        ready, self._standby = self._standby, None
        if ready is not None:
            with suppress(OSError):
                if processes.state_of(ready.process.pid) not in STOPPED:
                    ready.control.send(TAKE_OVER)
                    return ready
            await _end(ready)
        return await self._start()

    def prepare(self) -> None:
        """Have one stand by in a moment, unless one does."""
        if self._standby is None and (self._preparing is None or self._preparing.done()):
            self._preparing = spawn("standby recorder", self._prepare())

    async def stop(self) -> None:
        """End the one that stands by."""
        await cancel(self._preparing)
        ready, self._standby = self._standby, None
        if ready is not None:
            await _end(ready)

    async def _prepare(self) -> None:
        await asyncio.sleep(PREPARE_AFTER_S)
        try:
            self._standby = await self._start("--stand-by")
        except OSError as error:
            _log.warning("no recorder stands by", error=str(error))

    async def _start(self, *options: str) -> RecorderProcess:
        """A session of its own, so that Ctrl-C at the terminal reaches only the agent."""
        config = self._config
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "footlight.agent.recorder",
                    f"--control={theirs.fileno()}",
                    f"--spool={config.spool}",
                    f"--log-level={config.watched.log_level}",
                    f"--log-format={config.watched.log_format}",
                    f"--traces={config.watched.traces}",
                    f"--host={config.watched.host}",
                    f"--key={config.key_path}",
                    f"--certificate={config.certificate_path}",
                    f"--spool-limit={config.bounds.limit_bytes}",
                    f"--spool-free={config.bounds.free_bytes}",
                    *options,
                    stdin=asyncio.subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
        except BaseException:
            ours.close()
            raise
        return RecorderProcess(process, ours)


async def _end(one: RecorderProcess) -> None:
    one.control.close()
    with suppress(ProcessLookupError):
        one.process.kill()
    await one.process.wait()
