"""The agent's handle on its recorder process: starts it, restarts it, tells it what to record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from footlight.agent.recorder_messages import (
    MAX_LINE_BYTES,
    Alive,
    Begin,
    BeginRecording,
    Changed,
    Done,
    End,
    KeepPreRoll,
    Note,
    Ping,
    RoomChanged,
    Started,
    Stop,
    Suspend,
    ToRecorder,
    line,
    read_answer,
)
from footlight.agent.recorder_process import RecorderConfig, RecorderProcesses
from footlight.agent.spool import SpoolFolder, read_piece
from footlight.agent.watchdog import Watchdog
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import ReadSegment, RecordingFacts, SegmentPiece

__all__ = ["BeginRecording", "Recorders"]

_log = get_logger(__name__)

START_TIMEOUT_S = 15.0
REQUEST_TIMEOUT_S = 12.0
STOP_TIMEOUT_S = 12.0
MAX_GROWTH_WAIT_MS = 5_000
GROWTH_EACH_S = 0.05  # between two looks at a segment whose growth is waited for
RESTART_AFTER_S = 0.2  # of one that did not live long; else at once
MAX_RESTART_WAIT_S = 10.0
STEADY_AFTER_S = 5.0  # a recorder that lived so long begins the back-off anew
LOST, SILENT = "recorder-lost", "recorder-silent"  # causes of gaps
MAX_FINISHED = 1000  # recordings whose end is remembered until `forget`


class Recorders:
    """All recordings of this host. `on_change` is called in the agent's loop."""

    def __init__(self, config: RecorderConfig, on_change: Callable[[RecordingFacts], None]) -> None:
        self.full = ""  # why the spool has no room, so that recordings pause
        self.late_frames = self.dropped_events = 0  # of all recorders until now
        self._config = config
        self._on_change = on_change
        self._wanted: dict[str, BeginRecording] = {}
        self._pre_rolls: dict[str, KeepPreRoll] = {}  # by session
        self._facts: dict[str, RecordingFacts] = {}
        self._processes = RecorderProcesses(config)
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._requests: dict[int, asyncio.Future[Done | None]] = {}  # None: it died
        self._next_request = 1
        self._supervisor: asyncio.Task[None] | None = None
        self._started = asyncio.Event()
        self._watchdog: Watchdog | None = None
        self._answered_ms = 0  # when the recorder last gave a sign of life
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
        await self._processes.stop()

    async def begin(self, order: BeginRecording) -> None:
        """Make the recording run; returns once ordered, `on_change` tells when it does. Beginning
        one that runs changes nothing; one in the spool is resumed."""
        known = self._facts.get(order.recording_id)
        if known is not None and known.status in ("completed", "failed"):
            return
        if self._wanted.get(order.recording_id) == order:
            return
        self._wanted[order.recording_id] = order
        self._pre_rolls.pop(order.session_id, None)
        if known is None:
            self._facts[order.recording_id] = RecordingFacts(
                recording_id=order.recording_id, session_id=order.session_id, status="starting"
            )
        if self._started.is_set():
            self._send(Begin(order))
            self._processes.prepare()

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
        """Put an event (format.md section 5) into a recording, or, by a session's id, into what is kept of that
        session; without effect when it does not run."""
        if recording_id in self._wanted or recording_id in self._pre_rolls:
            self._send(Note(recording_id, kind, members))

    async def keep_pre_roll(self, session_id: str, rfb_path: str, seconds: int) -> None:
        """Keep the last seconds of that screen in memory until a recording of the session begins; 0: no longer."""
        wanted = KeepPreRoll(session_id, rfb_path, seconds)
        if seconds:
            self._pre_rolls[session_id] = wanted
        else:
            self._pre_rolls.pop(session_id, None)
        if self._started.is_set():
            self._send(wanted)
            self._processes.prepare()

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
        """Bytes of a segment in the spool, also of the open one, for whose growth the question may wait."""
        loop = asyncio.get_running_loop()
        until = loop.time() + min(wanted.wait_ms, MAX_GROWTH_WAIT_MS) / 1000
        while True:
            piece = await asyncio.to_thread(read_piece, self._config.spool, wanted)
            grown = not piece.open or piece.size > wanted.offset
            if grown or loop.time() >= until:
                return piece
            await asyncio.sleep(GROWTH_EACH_S)

    # --- the process ----------------------------------------------------------------------------

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        wait_s = 0.0
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
                wait_s = 0.0
            await asyncio.sleep(wait_s)
            wait_s = min(max(wait_s * 2, RESTART_AFTER_S), MAX_RESTART_WAIT_S)

    async def _run_once(self) -> None:
        """One recorder process, from its turn to its end."""
        taken = await self._processes.take()
        self._process = taken.process
        try:
            reader, self._writer = await asyncio.open_unix_connection(
                sock=taken.control, limit=MAX_LINE_BYTES
            )
            self._watchdog = Watchdog(self._process.pid, self)
            listening = spawn("recorder's answers", self._listen(reader))
            watching = spawn("recorder's watchdog", self._watchdog.watch())
            try:
                await asyncio.wait((listening, watching), return_when=asyncio.FIRST_COMPLETED)
                if watching.done():
                    _log.error("recorder killed: it does not answer")
                    self._process.kill()
            finally:
                await cancel(listening, watching)
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
                    self._heard()
                    self._started.set()
                    for order in self._wanted.values():
                        self._send(Begin(order))
                    for kept in self._pre_rolls.values():
                        self._send(kept)
                    if self._wanted or self._pre_rolls:
                        self._processes.prepare()
                case Changed(facts):
                    self._changed(facts)
                case Alive():
                    self._heard()
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
        self._lose(LOST, "the recorder was lost and is restarted")

    def _lose(self, cause: str, error: str) -> None:
        """Nothing is being recorded since the recorder's last sign of life."""
        for facts in self.facts():
            if facts.status == "recording" or facts.gap == SILENT:
                lost = msgspec.structs.replace(
                    facts,
                    status="starting",
                    error=error,
                    gap=cause,
                    gap_since_ms=facts.gap_since_ms or self._answered_ms,
                )
                self._changed(lost)

    # What the watchdog asks (watchdog.Owner).

    def ask(self) -> bool:
        """As there. Without a recording nothing can be lost."""
        if not self._wanted or not self._started.is_set() or self._stopping:
            return False
        self._send(Ping())
        return True

    def silent(self) -> None:
        """As there."""
        _log.warning("recorder does not answer")
        self._lose(SILENT, "the recorder does not answer")

    def answers_again(self) -> None:
        """As there: each recording tells how it stands."""
        for order in self._wanted.values():
            self._send(Begin(order))

    def _heard(self) -> None:
        self._answered_ms = self._config.clock.now_ms()
        if self._watchdog is not None:
            self._watchdog.heard()

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
