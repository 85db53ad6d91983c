"""A session host without X servers: the same subjects, orders and reports as agent/host.py."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from footlight.agent.host import MOST_SESSIONS, named
from footlight.agent.reports import Reporter
from footlight.agent.surroundings import Recording, Surroundings
from footlight.agent.tap import Tap
from footlight.bus import subjects
from footlight.bus.bus import Bus, ByteStream, Registration
from footlight.clock import Clock
from footlight.ids import is_guid
from footlight.log import bind, get_logger
from footlight.simulation.happenings import Happenings
from footlight.simulation.load import load_of
from footlight.simulation.session import Origin, Screen, SimulatedSession
from footlight.telemetry.traces import OFF, Traces
from footlight.wire.host import (
    DisplayHello,
    HostFacts,
    HostFigures,
    LoadFacts,
    MarkRecording,
    Orders,
    OrdersTaken,
    ReadOutputs,
    ReadSegment,
    RecordingFacts,
    ReportTaken,
    SegmentPiece,
    SessionFacts,
    SessionOutputs,
    ViewerLine,
    decode,
    encode,
)

_log = get_logger(__name__)

STOP_S = 10.0


class Recorders(Recording, Protocol):
    """The fleet's recorder, as agent/host.py needs one."""

    def forget(self, recording_id: str) -> None: ...
    async def read(self, wanted: ReadSegment) -> SegmentPiece: ...


class SimulatedHost:
    """All sessions of one simulated machine. `origins`: of the simulation's own users' sessions, by session id;
    `over` is told which have ended; `orphans`: recordings that no session of the fleet has any more, which
    one host reports."""

    def __init__(
        self,
        facts: HostFacts,
        site_id: str,
        run_root: Path,
        bus: Bus,
        clock: Clock,
        recorders: Recorders,
        origins: Mapping[str, Origin],
        make_screen: Callable[[SimulatedSession, Path], Screen],
        *,
        over: Callable[[str], None] = lambda _: None,
        pace: float = 1.0,
        orphans: Callable[[], Iterable[RecordingFacts]] = tuple,
        traces: Traces = OFF,
    ) -> None:
        self.sessions: dict[str, SimulatedSession] = {}
        self.machine_id = facts.machine_id
        self._bus = bus
        self._recorders = recorders
        self._origins = origins
        self._make_screen = make_screen
        self._over = over
        self._pace = pace
        self._orphans = orphans
        self._stopping = False
        self._leaving: set[str] = set()
        self._told: list[str] = []  # sessions with viewers, by the report that is on its way
        self._tap = Tap(self.sessions.get)
        self._registrations: list[Registration] = []
        self._reporter = Reporter(
            bus,
            clock,
            lambda: facts,
            self._facts,
            self._recordings,
            self._forget,
            self._load,
            figures=self._figures,
        )
        self._happenings = Happenings()
        self._around = Surroundings(
            site_id=site_id,
            run_root=run_root,
            recorders=recorders,
            clock=clock,
            changed=lambda _: self._changed(),
            traces=traces,
            sources=self._happenings,
        )

    async def start(self) -> None:
        """Serve and report."""
        self._registrations = [
            await self._bus.serve(subjects.orders(self.machine_id), self._take_orders),
            await self._bus.serve(subjects.segments(self.machine_id), self._read_segment),
            await self._bus.serve(subjects.outputs(self.machine_id), self._read_outputs),
            await self._bus.serve(subjects.marks(self.machine_id), self._mark),
            await self._bus.listen(subjects.displays(self.machine_id), self._show),
            await self._bus.serve(subjects.viewer_lines(self.machine_id), self._hear_of_line),
        ]
        self._reporter.start()

    async def stop(self) -> None:
        """Log all sessions off, finish their recordings, say so, and be silent."""
        sessions = list(self.sessions.values())
        self._stopping = True  # one report tells of all that ends, and nothing new begins
        for session in sessions:
            session.end_now("site stopped")
        try:
            async with asyncio.timeout(STOP_S):
                await asyncio.gather(*(session.gone() for session in sessions))
        except TimeoutError:
            _log.error("simulated sessions did not end in time", host=self.machine_id)
        await self._happenings.stop()
        await self._reporter.stop()
        for registration in self._registrations:
            await registration.close()
        for session in sessions:
            await session.close()

    def recording_changed(self, facts: RecordingFacts) -> None:
        """The recorder's word on one recording."""
        session = self.sessions.get(facts.session_id)
        if session is not None:
            session.recording_changed(facts)
        self._changed()

    def _changed(self) -> None:
        if not self._stopping:
            self._reporter.changed()

    async def _take_orders(self, payload: bytes) -> bytes:
        bind(host=self.machine_id)
        for order in decode(Orders, payload).orders:
            known = self.sessions.get(order.session_id)
            if known is not None:
                known.take(order)
            elif self._stopping:
                continue
            elif not is_guid(order.session_id):
                _log.error("order refused: not a session's id", **named(order))
            elif len(self.sessions) >= MOST_SESSIONS:
                _log.error("order refused: too many sessions", **named(order))
            else:
                session = SimulatedSession(
                    order,
                    self._origins.get(order.session_id),
                    self._around,
                    self._make_screen,
                    self._pace,
                )
                self.sessions[order.session_id] = session
                if session.origin is not None and session.origin.away_since_ms is not None:
                    self._leaving.add(order.session_id)
                session.trace.take(order)
                session.wake()
        return encode(OrdersTaken(boot_id=self._reporter.boot_id))

    async def _read_segment(self, payload: bytes) -> bytes:
        return encode(await self._recorders.read(decode(ReadSegment, payload)))

    async def _hear_of_line(self, payload: bytes) -> bytes:
        self._tap.hear(decode(ViewerLine, payload))
        return b""

    async def _mark(self, payload: bytes) -> bytes:
        marker = decode(MarkRecording, payload)
        if (session := self.sessions.get(marker.session_id)) is not None:
            session.mark(marker)
        return b""

    async def _read_outputs(self, payload: bytes) -> bytes:
        """Nothing runs here, so nothing is printed."""
        decode(ReadOutputs, payload)
        return encode(SessionOutputs())

    async def _show(self, hello: bytes, stream: ByteStream) -> None:
        """A viewer of a session: its picture is drawn as long as somebody looks."""
        session = self.sessions.get(decode(DisplayHello, hello).session_id)
        if session is not None:
            await session.light()
            await self._tap.serve(hello, stream)
            session.wake()

    def _recordings(self) -> list[RecordingFacts]:
        mine = [f for f in self._recorders.facts() if f.session_id in self.sessions]
        return [*mine, *self._orphans()]

    def _facts(self) -> list[SessionFacts]:
        facts = [session.facts() for session in self.sessions.values()]
        self._told = [f.session_id for f in facts if f.viewers] if self._leaving else []
        return facts

    def _load(self) -> LoadFacts:
        live = [session for session in self.sessions.values() if session.phase != "ended"]
        return load_of(len(live), sum(bool(session.viewers) for session in live))

    def _figures(self) -> HostFigures:
        """The fleet's one recorder is nobody's own."""
        viewers = sum(len(session.viewers) for session in self.sessions.values())
        recorded = sum(session.recorded for session in self.sessions.values())
        return HostFigures(recordings=recorded, viewers=viewers, streams=viewers)

    def _step_out(self) -> None:
        """Users who had left before the fleet began: the site has heard from where they worked."""
        for session_id in self._leaving.intersection(self._told):
            self._leaving.discard(session_id)
            session = self.sessions.get(session_id)
            if session is not None and session.origin is not None:
                session.step_out(session.origin.away_since_ms or 0)

    def _forget(self, taken: ReportTaken) -> None:
        self._step_out()
        for recording_id in taken.forget_recordings:
            self._recorders.forget(recording_id)
        for session_id in taken.forget_sessions:
            session = self.sessions.get(session_id)
            # One with a recording to finish is forgotten once that is done, by a later report.
            if session is not None and session.phase == "ended" and not session.recorded:
                del self.sessions[session_id]
                self._over(session_id)
