"""The recorder process: taps the screens of all recorded sessions of one host.

A child of the agent (`python -m footlight.agent.recorder`), spoken to over an inherited socket.
When that socket closes, the agent is gone: everything is sealed, left to be resumed, and the
process ends. With --stand-by it has loaded all that it needs and waits for its turn, which comes when
the one before it is lost.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import secrets
import signal
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from footlight import log
from footlight.agent import processes
from footlight.agent.desk import Desk
from footlight.agent.ending import dormant_facts, finished_facts
from footlight.agent.feed import first_of
from footlight.agent.pre_rolls import PreRolls
from footlight.agent.recorder_messages import (
    MAX_LINE_BYTES,
    TAKE_OVER,
    Alive,
    Begin,
    Changed,
    Done,
    End,
    FromRecorder,
    KeepPreRoll,
    Note,
    Ping,
    RoomChanged,
    Started,
    Stop,
    Suspend,
    ToRecorder,
    line,
    read_order,
)
from footlight.agent.sealer_link import Sealer
from footlight.agent.sealing import Press
from footlight.agent.spool import SpoolFolder, spool_folders
from footlight.agent.spool_room import SpoolBounds, SpoolRoom
from footlight.agent.tape import Tape
from footlight.clock import SystemClock
from footlight.log import bind
from footlight.recording.chain import Certificate, load_private_key
from footlight.recording.format import FormatError
from footlight.tasks import spawn
from footlight.telemetry.traces import OFF, Span, Traces, open_traces
from footlight.wire.host import RecordingFacts

_log = log.get_logger("footlight.agent.recorder")  # as which it is started: __main__

NAME = "fl-recorder"  # of the process, once it is its turn
DISK_THREADS = 4
LOCK_TIMEOUT_S = 5.0
LOCK_RETRY_S = 0.05
CLOSE_TIMEOUT_S = 10.0
ANSWER_TIMEOUT_S = 2.0
_MACHINE_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Recorder:
    """All tapes of this host, and the conversation with the agent."""

    def __init__(
        self,
        desk: Desk,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        traces: Traces = OFF,
    ) -> None:
        self._desk = desk
        self._traces = traces
        self._beginning: dict[str, Span] = {}  # until the first key frame is on the disk
        self._reader = reader
        self._writer = writer
        self._tapes: dict[str, Tape] = {}
        self._full = ""  # as the agent was told of the room
        self._pre_rolls = PreRolls(desk.clock)
        self._runs: dict[str, asyncio.Task[None]] = {}
        self._pending: set[asyncio.Task[None]] = set()
        self._hung_up: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serve the agent until it says stop or is gone."""
        await self._look_through_spool()
        self._send(Started())
        reading = spawn("orders", self._read_orders())
        watching = spawn("room in the spool", self._watch_room())
        await first_of(reading, self._hung_up)
        reading.cancel()
        watching.cancel()
        await self._close(self._hung_up.result() if self._hung_up.done() else "agent-lost")

    def hang_up(self, cause: str) -> None:
        """End the conversation: suspend everything and return from `run`."""
        if not self._hung_up.done():
            self._hung_up.set_result(cause)

    async def _watch_room(self) -> None:
        room = self._desk.room
        while True:
            try:
                await room.look()
            except OSError as error:
                _log.error("the spool's disk does not tell its room", error=str(error))
            self._tell_room()
            await room.change()

    def _tell_room(self) -> None:
        if self._desk.room.full != self._full:
            self._full = self._desk.room.full
            self._send(RoomChanged(self._full))

    async def _read_orders(self) -> None:
        while True:
            try:
                data = await self._reader.readline()
            except (ValueError, ConnectionError):
                return
            if not data:
                return
            try:
                message = read_order(data)
            except ValueError as error:
                _log.error("message not understood", error=str(error))
                continue
            if isinstance(message, Stop):
                self.hang_up(message.cause)
                return
            self._take(message)

    def changed(self, facts: RecordingFacts) -> None:
        """Pass on how a recording stands."""
        if facts.status == "recording" and facts.recording_id in self._beginning:
            self._beginning.pop(facts.recording_id).end()
            _log.info("recording runs")
        self._send(Changed(facts))

    def _take(self, message: ToRecorder) -> None:
        match message:
            case Begin(order):
                running = self._tapes.get(order.recording_id)
                if running is not None:
                    running.report()
                else:
                    self._start(Tape(self._desk, order, self._pre_rolls.take(order)))
            case Ping():
                self._send(Alive())
            case Note(recording_id, kind, members):
                if (tape := self._tapes.get(recording_id)) is not None:
                    tape.event(kind, members)
                else:
                    self._pre_rolls.event(recording_id, kind, members)
            case KeepPreRoll():
                self._pre_rolls.keep(message)
            case End(request, recording_id, reason):
                self._answer(request, self._end(recording_id, reason))
            case Suspend(request, recording_id, cause):
                self._answer(request, self._suspend(recording_id, cause))

    def _look(self) -> None:
        """In each round while something is recorded."""
        self._send(Alive())
        self._tell_room()

    def _start(self, tape: Tape) -> None:
        recording_id = tape.order.recording_id
        if not self._tapes:
            self._desk.rounds.join(self._look)
        self._tapes[recording_id] = tape
        run = spawn(f"tape {recording_id}", self._run_tape(tape))
        self._runs[recording_id] = run

    async def _run_tape(self, tape: Tape) -> None:
        order = tape.order
        recording_id = order.recording_id
        bind(recording=recording_id, session=order.session_id, transaction=order.transaction)
        folder = SpoolFolder(self._desk.spool / recording_id)
        values = {"footlight.session": order.session_id, "footlight.recording": recording_id}
        span = self._traces.begin("first key frame", order.trace, "server", values)
        self._beginning[recording_id] = span
        try:
            if (finished := finished_facts(folder)) is not None:
                self.changed(finished)
            else:
                await tape.run()
        except Exception as error:
            _log.error("recording failed", exc_info=error)
            self.changed(
                RecordingFacts(
                    recording_id=recording_id,
                    session_id=order.session_id,
                    status="failed",
                    error=f"{type(error).__name__}: {error}",
                )
            )
        finally:
            if (waiting := self._beginning.pop(recording_id, None)) is not None:
                waiting.end(error="no picture was recorded")
            del self._tapes[recording_id], self._runs[recording_id]
            if not self._tapes:
                self._desk.rounds.leave(self._look)

    async def _end(self, recording_id: str, reason: str) -> None:
        tape, run = self._tapes.get(recording_id), self._runs.get(recording_id)
        if tape is not None and run is not None:
            tape.end(reason)
            await asyncio.wait([run])
            return
        folder = SpoolFolder(self._desk.spool / recording_id)
        if (finished := finished_facts(folder)) is not None:
            self.changed(finished)
        elif (begun := folder.read_begun()) is not None:
            await Tape(self._desk, begun.order).close_lost(reason)

    async def _suspend(self, recording_id: str, cause: str) -> None:
        tape, run = self._tapes.get(recording_id), self._runs.get(recording_id)
        if tape is not None and run is not None:
            tape.suspend(cause)
            await asyncio.wait([run])

    def _answer(self, request: int, work: Coroutine[Any, Any, None]) -> None:
        task = spawn(f"request {request}", self._do_and_answer(request, work))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _do_and_answer(self, request: int, work: Coroutine[Any, Any, None]) -> None:
        error: str | None = None
        try:
            await work
        except Exception as failure:
            _log.error("request failed", exc_info=failure)
            error = f"{type(failure).__name__}: {failure}"
        self._send(Done(request, error))

    async def _close(self, cause: str) -> None:
        self._pre_rolls.stop()
        for tape in self._tapes.values():
            tape.suspend(cause)
        live = {*self._runs.values(), *self._pending}
        if live:
            await asyncio.wait(live, timeout=CLOSE_TIMEOUT_S)
        self._writer.close()

    def _send(self, message: FromRecorder) -> None:
        if not self._writer.is_closing():
            self._writer.write(line(message))

    async def _look_through_spool(self) -> None:
        """Say what is there; finish recordings whose session died while nobody recorded."""
        for folder in spool_folders(self._desk.spool):
            begun = folder.read_begun()
            if begun is None:
                continue
            try:
                finished = finished_facts(folder)
                if finished is None and not await _answers(begun.order.rfb_path):
                    await Tape(self._desk, begun.order).close_lost("session-ended")
                    continue
            except (OSError, FormatError) as error:
                _log.error("not readable", recording=folder.recording_id, exc_info=error)
                continue
            if finished is not None:
                self.changed(finished)
            else:
                self.changed(dormant_facts(folder, begun))


async def _answers(path: str) -> bool:
    """Whether an X server listens there."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            _, writer = await asyncio.open_unix_connection(path)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def open_lock(spool: Path) -> int:
    """A descriptor to take the spool's lock with."""
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(spool / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


async def _wait_for_lock(descriptor: int) -> None:
    """Wait until the recorder before us is gone, so that no file has two writers. Raises
    TimeoutError. The lock is held as long as the descriptor is open."""
    async with asyncio.timeout(LOCK_TIMEOUT_S):
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                await asyncio.sleep(LOCK_RETRY_S)


def make_desk(
    spool: Path,
    key_path: Path,
    certificate_path: Path,
    pool: ThreadPoolExecutor,
    press: Press,
    report: Callable[[RecordingFacts], None],
    bounds: SpoolBounds,
) -> Desk:
    """What the tapes share, read from the agent's files. Raises OSError or ValueError."""
    certificate: Certificate | None = None
    if certificate_path.exists():
        certificate = msgspec.json.decode(certificate_path.read_bytes(), type=Certificate)
    return Desk(
        spool=spool,
        key=load_private_key(key_path.read_bytes()),
        certificate=certificate,
        boot_id=secrets.token_bytes(8),
        machine_boot=_MACHINE_BOOT.read_text().strip(),
        pool=pool,
        press=press,
        clock=SystemClock(),
        report=report,
        room=SpoolRoom(spool, bounds),
    )


async def serve(
    control: socket.socket,
    spool: Path,
    key_path: Path,
    certificate_path: Path,
    bounds: SpoolBounds,
    traces_url: str,
) -> None:
    """Record for the agent at the other end of `control`, until it hangs up."""
    lock = open_lock(spool)
    await _wait_for_lock(lock)
    reader, writer = await asyncio.open_unix_connection(sock=control, limit=MAX_LINE_BYTES)

    def report(facts: RecordingFacts) -> None:
        recorder.changed(facts)

    with ThreadPoolExecutor(DISK_THREADS, "disk") as pool, closing(Press(Sealer())) as press:
        desk = make_desk(spool, key_path, certificate_path, pool, press, report, bounds)
        traces = open_traces(traces_url, "footlight recorder")
        recorder = Recorder(desk, reader, writer, traces)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, recorder.hang_up, "recorder-restart")
        await recorder.run()
        await traces.close()
    os.close(lock)


def main() -> None:
    """Entry point; arguments name the inherited socket and the agent's files."""
    parser = argparse.ArgumentParser(prog="footlight-recorder")
    parser.add_argument("--control", type=int, required=True, help="inherited socket's descriptor")
    parser.add_argument("--spool", type=Path, required=True)
    parser.add_argument("--key", type=Path, required=True, help="the agent's Ed25519 key, PEM")
    parser.add_argument("--certificate", type=Path, required=True)
    usual = SpoolBounds()
    parser.add_argument("--spool-limit", type=int, default=usual.limit_bytes, help="bytes")
    parser.add_argument("--spool-free", type=int, default=usual.free_bytes, help="bytes")
    parser.add_argument("--log-level", default="info")
    parser.add_argument("--log-format", default="auto")
    parser.add_argument("--host", default="", help="the machine's id, for the log")
    parser.add_argument("--traces", default="", help="URL of the collector")
    parser.add_argument("--stand-by", action="store_true", help="wait until the agent says so")
    given = parser.parse_args()
    bounds = SpoolBounds(given.spool_limit, given.spool_free)
    log.configure(level=given.log_level, form=given.log_format)
    if given.host:
        log.bind(host=given.host)
    control = socket.socket(fileno=given.control)
    if given.stand_by and control.recv(len(TAKE_OVER)) != TAKE_OVER:
        return
    processes.call_oneself(NAME)
    asyncio.run(serve(control, given.spool, given.key, given.certificate, bounds, given.traces))


if __name__ == "__main__":
    main()
