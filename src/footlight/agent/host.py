"""The session host: orders in, reports out, displays and open segments served."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from footlight.agent import throwaway
from footlight.agent.audience import Audience
from footlight.agent.files import FileDoor
from footlight.agent.kept_outputs import FILE, KeptOutputs
from footlight.agent.load import LoadMeter
from footlight.agent.logons import Logons, service_of
from footlight.agent.reports import Reporter
from footlight.agent.session import HostedSession
from footlight.agent.session_recording import FINAL
from footlight.agent.surroundings import Recording, Sources, Surroundings, is_folder_of, read_order
from footlight.agent.tap import Tap
from footlight.bus import subjects
from footlight.bus.bus import Bus, Registration
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.ids import is_guid
from footlight.log import bind, get_logger
from footlight.tasks import spawn
from footlight.telemetry.traces import OFF, Traces
from footlight.wire.host import (
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
    SessionOrder,
    SessionOutputs,
    SpoolFacts,
    ViewerLine,
    decode,
    encode,
)

_log = get_logger(__name__)

STOP_S = 15.0
FORGET_S = 60.0
LAST_FORGET_S = 6.0
MOST_SESSIONS = 1000


class Recorders(Recording, Protocol):
    """What the host itself needs of the recorder, beside what its sessions do."""

    def forget(self, recording_id: str) -> None: ...
    async def read(self, wanted: ReadSegment) -> SegmentPiece: ...


@dataclass(frozen=True)
class HostConfig:
    """Which host this is. `run_root` exists and can be entered by session users; `outputs` is where those of ended
    sessions' programs are kept."""

    site_id: str
    machine_id: str
    run_root: Path
    outputs: Path
    resources: Mapping[str, int] = field(
        default_factory=dict
    )  # of a session: resource_groups.limit
    desktop: str = "light"  # of published desktops that name none
    pam_service: str = ""  # of sign-ins with accounts of the host; "": logons.service_of


def named(order: SessionOrder) -> dict[str, str | None]:
    """What an event about an order names."""
    return {"session": order.session_id, "transaction": order.transaction}


class Host:
    """All sessions of one machine."""

    def __init__(
        self,
        config: HostConfig,
        bus: Bus,
        recorders: Recorders,
        clock: Clock,
        facts: Callable[[], HostFacts],
        spool: Callable[[], SpoolFacts | None] = lambda: None,
        traces: Traces = OFF,
        recorded: Callable[[], HostFigures] = HostFigures,
        sources: Sources | None = None,
    ) -> None:
        """`recorded` tells the figures of recorder and spool."""
        self._config = config
        self._bus = bus
        self._clock = clock
        self._outputs = KeptOutputs(config.outputs)
        self._recorders = recorders
        self._sessions: dict[str, HostedSession] = {}
        self._forgetting: dict[str, asyncio.Task[None]] = {}
        self._tap = Tap(self._audience_of)
        self._logons = Logons(service_of(config.pam_service)) if os.geteuid() == 0 else None
        self._meter = LoadMeter(clock)
        self._recorded = recorded
        self._files = FileDoor(self._sessions.get)
        self._registrations: list[Registration] = []
        self._reporter = Reporter(
            bus,
            clock,
            facts,
            lambda: [session.facts() for session in self._sessions.values()],
            recorders.facts,
            self._forget,
            self._load,
            spool,
            self.figures,
        )
        self._around = Surroundings(
            site_id=config.site_id,
            run_root=config.run_root,
            recorders=recorders,
            clock=clock,
            changed=lambda _: self._reporter.changed(),
            resources=config.resources,
            desktop=config.desktop,
            logons=self._logons,
            traces=traces,
            sources=sources,
        )

    def session(self, session_id: str) -> HostedSession | None:
        """That session, running or ended and not yet forgotten."""
        return self._sessions.get(session_id)

    def _audience_of(self, session_id: str) -> Audience | None:
        session = self._sessions.get(session_id)
        return None if session is None else session.audience

    def _load(self) -> LoadFacts:
        return self._meter.read(sum(one.phase != "ended" for one in self._sessions.values()))

    def figures(self) -> HostFigures:
        """What the host tells of itself now."""
        sessions = self._sessions.values()
        viewers = sum(len(session.audience.viewers) for session in sessions)
        transfers = sum(len(session.transfers) for session in sessions)
        return msgspec.structs.replace(
            self._recorded(), viewers=viewers, streams=viewers + transfers
        )

    async def start(self) -> None:
        """Adopt what is there, then serve and report."""
        await self._adopt()
        machine_id = self._config.machine_id
        self._registrations = [
            await self._bus.serve(subjects.orders(machine_id), self._take_orders),
            await self._bus.serve(subjects.segments(machine_id), self._read_segment),
            await self._bus.serve(subjects.outputs(machine_id), self._read_outputs),
            await self._bus.serve(subjects.marks(machine_id), self._mark),
            await self._bus.listen(subjects.displays(machine_id), self._tap.serve),
            await self._bus.serve(subjects.viewer_lines(machine_id), self._hear_of_line),
            await self._bus.listen(subjects.files(machine_id), self._files.serve),
        ]
        if self._logons is not None:
            served = await self._bus.serve(subjects.logons(machine_id), self._logons.serve)
            self._registrations.append(served)
        self._reporter.start()

    async def stop(self, *, keep_sessions: bool) -> None:
        """Stop serving; log all sessions off within STOP_S, or leave them to the next agent."""
        for registration in self._registrations:
            await registration.close()
        if self._logons is not None:
            await self._logons.stop()
        sessions = list(self._sessions.values())
        kept = [s for s in sessions if keep_sessions and s.phase != "ended"]
        ending = [s for s in sessions if s not in kept]
        for session in ending:
            session.end_now("site stopped")
        await asyncio.gather(*(session.suspend("site stopped") for session in kept))
        try:
            async with asyncio.timeout(STOP_S):
                await asyncio.gather(*(session.gone() for session in ending))
        except TimeoutError:
            _log.error("sessions did not end in time")
        await self._reporter.stop()
        if self._forgetting:
            await asyncio.wait(self._forgetting.values(), timeout=LAST_FORGET_S)
        await asyncio.gather(*(session.close() for session in sessions))
        await asyncio.to_thread(self._around.remove_empty_folders)

    def recording_changed(self, facts: RecordingFacts) -> None:
        """The recorder's word on one recording."""
        session = self._sessions.get(facts.session_id)
        if session is not None:
            session.recording_changed(facts)
        self._reporter.changed()

    def spool_changed(self) -> None:
        """Uploads fail or work again, or the spool is full or is not."""
        self._reporter.changed()

    async def _take_orders(self, payload: bytes) -> bytes:
        bind(host=self._config.machine_id)
        for order in decode(Orders, payload).orders:
            known = self._sessions.get(order.session_id)
            if known is not None:
                known.take(order)
            elif not is_guid(order.session_id):
                _log.error("order refused: not a session's id", **named(order))
            elif len(self._sessions) >= MOST_SESSIONS:
                _log.error("order refused: too many sessions", **named(order))
            else:
                taken = {session.folder for session in self._sessions.values()}
                folder = self._around.free_folder(order.session_id, taken)
                session = HostedSession(order, folder, self._around)
                self._sessions[order.session_id] = session
                session.trace.take(order)
                session.start()
        return encode(OrdersTaken(boot_id=self._reporter.boot_id))

    async def _read_segment(self, payload: bytes) -> bytes:
        return encode(await self._recorders.read(decode(ReadSegment, payload)))

    async def _read_outputs(self, payload: bytes) -> bytes:
        wanted = decode(ReadOutputs, payload).session_id
        session = self._sessions.get(wanted)
        found = SessionOutputs(found=False) if session is None else await session.outputs()
        if not found.found and is_guid(wanted):
            found = await asyncio.to_thread(self._outputs.of, wanted)
        return encode(found)

    async def _mark(self, payload: bytes) -> bytes:
        marker = decode(MarkRecording, payload)
        if (session := self._sessions.get(marker.session_id)) is not None:
            session.mark(marker)
        return b""

    async def _hear_of_line(self, payload: bytes) -> bytes:
        self._tap.hear(decode(ViewerLine, payload))
        return b""

    def _forget(self, taken: ReportTaken) -> None:
        for recording_id in taken.forget_recordings:
            self._recorders.forget(recording_id)
        for session_id in taken.forget_sessions:
            session = self._sessions.get(session_id)
            if session is not None and session_id not in self._forgetting:
                self._forgetting[session_id] = spawn(
                    f"forget {session_id[:8]}", self._forget_session(session_id, session)
                )

    async def _forget_session(self, session_id: str, session: HostedSession) -> None:
        """Once nothing of it runs any more."""
        try:
            async with asyncio.timeout(FORGET_S):
                await session.gone()
            path, now_s = session.folder / FILE, self._clock.now_ms() / 1000
            await asyncio.to_thread(self._outputs.keep, session_id, path, now_s)
            await session.forget()
            if self._sessions.get(session_id) is session:
                del self._sessions[session_id]
        except TimeoutError:
            _log.error("an ended session is not gone", session=session_id)
        finally:
            self._forgetting.pop(session_id, None)

    async def _adopt(self) -> None:
        """Take over the sessions in our run folder, and end recordings that no session wants any more."""
        folders = sorted(path for path in self._config.run_root.iterdir() if path.is_dir())
        found = []
        for folder in folders:
            order = read_order(folder)
            if order is not None and is_folder_of(folder, order.session_id):
                found.append(HostedSession(order, folder, self._around))
            else:
                _log.warning("run folder without an order", folder=str(folder))
        await asyncio.gather(*(session.adopt() for session in found))
        accounts = {session.order.launch.account.account_id for session in found}
        await asyncio.to_thread(throwaway.sweep, self._config.site_id, accounts)
        wanted = set()
        for session in found:
            self._sessions[session.order.session_id] = session
            if session.phase != "ended" and session.order.recording is not None:
                wanted.add(session.order.recording.recording_id)
        for facts in self._recorders.facts():
            if facts.status not in FINAL and facts.recording_id not in wanted:
                spawn("end stray recording", self._end_stray(facts.recording_id))
        for session in found:
            session.start()
            _log.info("session adopted", session=session.order.session_id, phase=session.phase)

    async def _end_stray(self, recording_id: str) -> None:
        try:
            await self._recorders.end(recording_id, "session ended while the host was away")
        except Unavailable as silence:
            _log.error("stray recording not ended", recording=recording_id, reason=str(silence))
