"""The agent's handle on its recorder process: starts it, restarts it, tells it what to record."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from footlight.agent.recorder_messages import (
    MAX_LINE_BYTES,
    Begin,
    BeginRecording,
    Changed,
    Done,
    End,
    Note,
    RoomChanged,
    Started,
    Stop,
    Suspend,
    ToRecorder,
    line,
    read_answer,
)
from footlight.agent.spool import SpoolFolder, read_piece
from footlight.agent.spool_room import SpoolBounds
from footlight.agent.watched import BY_DEFAULT, Watched
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import ReadSegment, RecordingFacts, SegmentPiece

__all__ = ["BeginRecording", "RecorderConfig", "Recorders"]

_log = get_logger(__name__)

START_TIMEOUT_S = 15.0
REQUEST_TIMEOUT_S = 12.0
STOP_TIMEOUT_S = 12.0
RESTART_AFTER_S = 0.2
MAX_RESTART_WAIT_S = 10.0
STEADY_AFTER_S = 30.0  # a recorder that lived so long begins the back-off anew
MAX_FINISHED = 1000  # recordings whose end is remembered until `forget`


@dataclass(frozen=True)
class RecorderConfig:
    """Where the recorder finds and puts things."""

    spool: Path
    key_path: Path  # the agent's Ed25519 key, PEM
    certificate_path: Path  # JSON as in format.md section 7; may be missing
    bounds: SpoolBounds = field(default_factory=SpoolBounds)
    watched: Watched = BY_DEFAULT


class Recorders:
    """All recordings of this host. `on_change` is called in the agent's loop."""

    def __init__(self, config: RecorderConfig, on_change: Callable[[RecordingFacts], None]) -> None:
        self.full = ""  # why the spool has no room, so that recordings pause
        self.late_frames = self.dropped_events = 0  # of all recorders until now
        self._config = config
        self._on_change = on_change
        self._wanted: dict[str, BeginRecording] = {}
        self._facts: dict[str, RecordingFacts] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._requests: dict[int, asyncio.Future[Done | None]] = {}  # None: it died
        self._next_request = 1
        self._supervisor: asyncio.Task[None] | None = None
        self._started = asyncio.Event()
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """Of the recorder process; None while there is none."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the recorder and wait until it has looked through the spool. Raises Unavailable
        when it does not come up; it is tried again in the background all the same."""
        self._supervisor = spawn("recorder supervisor", self._supervise())
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await self._started.wait()
        except TimeoutError:
            raise Unavailable("the recorder does not start") from None

    async def stop(self) -> None:
        """Seal all that runs, leave it to be resumed, end the recorder."""
        self._stopping = True
        self._send(Stop("agent-stopped"))
        if self._process is not None:
            try:
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await self._process.wait()
            except TimeoutError:
                _log.error("recorder killed: it did not stop")
                self._process.kill()
        await cancel(self._supervisor)

    async def begin(self, order: BeginRecording) -> None:
        """Make the recording run; returns once ordered, `on_change` tells when it does. Beginning
        one that runs changes nothing; one in the spool is resumed."""
        known = self._facts.get(order.recording_id)
        if known is not None and known.status in ("completed", "failed"):
            return
        if self._wanted.get(order.recording_id) == order:
            return
        self._wanted[order.recording_id] = order
        if known is None:
            self._facts[order.recording_id] = RecordingFacts(
                recording_id=order.recording_id, session_id=order.session_id, status="starting"
            )
        if self._started.is_set():
            self._send(Begin(order))

    async def end(self, recording_id: str, reason: str) -> None:
        """Finish the recording; returns when its manifest is on the disk. Raises Unavailable when
        the recorder is silent."""
        self._wanted.pop(recording_id, None)
        await self._request(lambda number: End(number, recording_id, reason))

    async def suspend(self, recording_id: str, cause: str) -> None:
        """Seal the recording and leave it; a later begin resumes it with a gap of that cause.
        Raises Unavailable when the recorder is silent."""
        self._wanted.pop(recording_id, None)
        await self._request(lambda number: Suspend(number, recording_id, cause))

    async def event(self, recording_id: str, kind: str, members: dict[str, object]) -> None:
        """Put an event (format.md section 5) into a recording; without effect when it does not
        run."""
        if recording_id in self._wanted:
            self._send(Note(recording_id, kind, members))

    def facts(self) -> list[RecordingFacts]:
        """Every recording of this host that is not forgotten."""
        return list(self._facts.values())

    def forget(self, recording_id: str) -> None:
        """The site knows how this recording ended: it leaves `facts`, and once uploaded the spool."""
        known = self._facts.get(recording_id)
        if known is not None and known.status in ("completed", "failed"):
            del self._facts[recording_id]
            folder = SpoolFolder(self._config.spool / recording_id)
            spawn(f"forget {recording_id}", asyncio.to_thread(folder.mark_reported))

    async def read(self, wanted: ReadSegment) -> SegmentPiece:
        """Bytes of a segment in the spool, also of the open one."""
        return await asyncio.to_thread(read_piece, self._config.spool, wanted)

    # --- the process ----------------------------------------------------------------------------

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        wait_s = RESTART_AFTER_S
        while not self._stopping:
            began = loop.time()
            try:
                await self._run_once()
            except OSError as error:
                _log.error("recorder not started", error=str(error))
            if self._stopping:
                break
            self._fall_silent()
            if loop.time() - began > STEADY_AFTER_S:
                wait_s = RESTART_AFTER_S
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, MAX_RESTART_WAIT_S)

    async def _run_once(self) -> None:
        """One recorder process, from its start to its end."""
        ours, theirs = socket.socketpair()
        try:
            reader, self._writer = await asyncio.open_unix_connection(
                sock=ours, limit=MAX_LINE_BYTES
            )
            with theirs:
                self._process = await self._spawn(theirs)
            await self._listen(reader)
            exit_code = await self._process.wait()
            if not self._stopping:
                _log.error("recorder died", exit_code=exit_code)
        finally:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            if self._process is not None and self._process.returncode is None:
                self._process.kill()
            self._process = None
            self._started.clear()

    async def _spawn(self, control: socket.socket) -> asyncio.subprocess.Process:
        """A session of its own, so that Ctrl-C at the terminal reaches only the agent."""
        config = self._config
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "footlight.agent.recorder",
            f"--control={control.fileno()}",
            f"--spool={config.spool}",
            f"--log-level={config.watched.log_level}",
            f"--log-format={config.watched.log_format}",
            f"--traces={config.watched.traces}",
            f"--host={config.watched.host}",
            f"--key={config.key_path}",
            f"--certificate={config.certificate_path}",
            f"--spool-limit={config.bounds.limit_bytes}",
            f"--spool-free={config.bounds.free_bytes}",
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=[control.fileno()],
            start_new_session=True,
        )

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                data = await reader.readline()
            except (ValueError, ConnectionError):
                return
            if not data:
                return
            try:
                message = read_answer(data)
            except ValueError as error:
                _log.error("recorder not understood", error=str(error))
                continue
            match message:
                case Started():
                    self._started.set()
                    for order in self._wanted.values():
                        self._send(Begin(order))
                case Changed(facts):
                    self._changed(facts)
                case RoomChanged(full):
                    self.full = full
                case Done(request):
                    if (waiting := self._requests.get(request)) and not waiting.done():
                        waiting.set_result(message)

    def _changed(self, facts: RecordingFacts) -> None:
        before = self._facts.pop(facts.recording_id, None)
        # A new recorder counts anew.
        late, dropped = (0, 0) if before is None else (before.late_frames, before.dropped_events)
        self.late_frames += max(0, facts.late_frames - late)
        self.dropped_events += max(0, facts.dropped_events - dropped)
        self._facts[facts.recording_id] = facts
        if facts.status in ("completed", "failed"):
            self._wanted.pop(facts.recording_id, None)
            finished = [f for f in self._facts.values() if f.status in ("completed", "failed")]
            if len(finished) > MAX_FINISHED:
                del self._facts[finished[0].recording_id]
        self._on_change(facts)

    def _fall_silent(self) -> None:
        """The recorder is gone: nothing is being recorded until it is back."""
        for waiting in self._requests.values():
            if not waiting.done():
                waiting.set_result(None)
        for facts in self.facts():
            if facts.status == "recording":
                self._changed(
                    msgspec.structs.replace(
                        facts, status="starting", error="the recorder was lost and is restarted"
                    )
                )

    def _send(self, message: ToRecorder) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(line(message))

    async def _request(self, make: Callable[[int], ToRecorder]) -> None:
        """Ask and wait for the answer. A recorder that dies over it is asked again when it is back:
        all requests may be repeated."""
        number, self._next_request = self._next_request, self._next_request + 1
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                answer: Done | None = None
                while answer is None:
                    await self._started.wait()
                    waiting: asyncio.Future[Done | None]
                    waiting = asyncio.get_running_loop().create_future()
                    self._requests[number] = waiting
                    self._send(make(number))
                    answer = await waiting
        except TimeoutError:
            raise Unavailable("the recorder does not answer") from None
        finally:
            self._requests.pop(number, None)
        if answer.error is not None:
            raise Unavailable(f"the recorder failed: {answer.error}")
