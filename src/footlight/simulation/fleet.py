"""A running fleet: its hosts, its users' sessions, and what happens in them."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from footlight.agent.recorder_process import RecorderConfig
from footlight.agent.session_recording import FINAL
from footlight.bus.bus import Bus
from footlight.clock import Clock
from footlight.log import get_logger
from footlight.objects.objects import Objects
from footlight.simulation.churn import Happening, Rate, next_happening
from footlight.simulation.host import SimulatedHost
from footlight.simulation.people import People
from footlight.simulation.picture import Scene
from footlight.simulation.plan import Plan
from footlight.simulation.recorder import FleetRecorder
from footlight.simulation.session import Screen, SimulatedSession
from footlight.tasks import cancel, spawn
from footlight.telemetry.traces import OFF, Traces
from footlight.wire.fleet import Fleet, FleetMachine, Logon
from footlight.wire.host import HostFacts, RecordingFacts
from footlight.wire.stand_in import SimulationOrder

_log = get_logger(__name__)

TICK_S = 0.1
LOGONS_AT_ONCE = 1000
STARTS_AT_ONCE = 20
UP_WITHIN_S = 60.0
TRIES = 8
NOTICE = "This session is being recorded"


class Site(Protocol):
    """What a fleet asks of its site (broker/logons.py)."""

    async def found(self, fleet: Fleet) -> None:
        """Make the inventory and the users."""
        ...

    async def log_on(self, logons: Sequence[Logon]) -> set[str]:
        """Launch sessions; the ids of those that were taken."""
        ...

    async def remove(self) -> bool:
        """Remove all that a fleet has made; whether there was one."""
        ...


@dataclass(frozen=True)
class Ground:
    """What every fleet of a site stands on. `public_key`: hex, of the key that signs its recordings."""

    site_id: str
    version: str
    public_key: str
    recorder: RecorderConfig
    bus: Bus
    clock: Clock
    objects: Objects
    site: Site
    traces: Traces = OFF


class RunningFleet:
    """All hosts of one simulation. `pace` below 1 makes starts and ends of sessions faster than real ones."""

    def __init__(self, ground: Ground, order: SimulationOrder, *, pace: float = 1.0) -> None:
        self.order = order
        self.changes = 0
        self._ground = ground
        self._plan = Plan(order.machines, order.sessions, order.seed)
        self._people = People(self._plan)
        self._chance = random.Random(f"{order.seed}/churn")
        self._rate = Rate(order.churn)
        self._folder = tempfile.TemporaryDirectory(prefix="footlight-sim-")
        self._recorder = FleetRecorder(ground.recorder, ground.objects, self._recording_changed)
        self._hosts = [
            self._host(machine, place == 0, pace)
            for place, machine in enumerate(self._plan.fleet.machines)
        ]
        self._by_machine = {host.machine_id: host for host in self._hosts}
        self._churning: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Make the inventory, start the hosts, and let the first sessions come up; returns when they have, or after
        UP_WITHIN_S."""
        await self._ground.site.found(self._plan.fleet)
        await self._recorder.start()
        for host in self._hosts:
            await host.start()
        now_ms = self._ground.clock.now_ms()
        first = self._people.at_work(self.order.sessions, now_ms)
        for at in range(0, len(first), LOGONS_AT_ONCE):
            await self._ground.site.log_on(first[at : at + LOGONS_AT_ONCE])
        await self._until_up(len(first))
        self._churning = spawn("simulated churn", self._churn())

    async def _until_up(self, count: int) -> None:
        for _ in range(int(UP_WITHIN_S / TICK_S)):
            if self.settled >= count:
                return
            await asyncio.sleep(TICK_S)
        _log.warning("the fleet is not up yet", settled=self.settled, wanted=count)

    async def stop(self) -> None:
        """End all sessions and recordings, and remove what was made."""
        await cancel(self._churning)
        await asyncio.gather(*(host.stop() for host in self._hosts))
        await self._recorder.stop()
        await self._ground.site.remove()
        self._folder.cleanup()

    def set_churn(self, per_second: float) -> None:
        """So many changes a second from now on."""
        self._rate = Rate(per_second)

    @property
    def churn(self) -> float:
        """Session changes per second."""
        return self._rate.per_second

    @property
    def live(self) -> int:
        """Sessions that have not ended, those among them that a caller launched."""
        return sum(session.phase != "ended" for session in self.sessions())

    @property
    def settled(self) -> int:
        """Sessions that are as they are wanted, and that the site knows of."""
        return sum(session.generation > 0 for session in self.sessions())

    @property
    def recordings(self) -> int:
        """Recordings that run."""
        return self._recorder.running

    def sessions(self) -> Iterable[SimulatedSession]:
        """Those of all hosts."""
        return (session for host in self._hosts for session in host.sessions.values())

    # --- what happens ---

    async def _churn(self) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(TICK_S)
            now = loop.time()
            logons: list[Logon] = []
            for _ in range(self._rate.due(now - last)):
                self._happen(logons)
            last = now
            if logons:
                taken = await self._ground.site.log_on(logons)
                self.changes += len(taken)
                for logon in logons:
                    if logon.session_id not in taken:
                        self._people.over(logon.session_id)

    def _happen(self, logons: list[Logon]) -> None:
        happening = next_happening(self._chance, self._people.count, self.order.sessions)
        if happening is Happening.LOG_ON:
            logon = self._people.log_on()
            if logon is not None:
                logons.append(logon)
            return
        session = self._somebodys_session()
        if session is None or session.origin is None:
            return
        self.changes += 1
        match happening:
            case Happening.LOG_OFF:
                self._people.over(session.order.session_id)
                session.log_off("the user logged off")
            case Happening.MOVE:
                which = self._chance.randrange(1, 4)
                session.connect(self._plan.client_of(session.origin.user, which))
            case Happening.COME_OR_GO if session.active:
                session.disconnect()
            case Happening.COME_OR_GO:
                session.connect(session.origin.client)

    def _somebodys_session(self) -> SimulatedSession | None:
        """One in which something can happen; None if it is met at a bad moment, coming or going."""
        for _ in range(TRIES):
            session_id = self._people.somebodys(self._chance)
            if session_id is None:
                return None
            machine_id = self._people.machine_of(session_id)
            session = self._by_machine[machine_id].sessions.get(session_id)
            if session is not None and session.phase == "running" and session.order.want == "run":
                return session
        return None

    # --- hosts ---

    def _host(self, machine: FleetMachine, first: bool, pace: float) -> SimulatedHost:
        ground = self._ground
        facts = HostFacts(
            machine_id=machine.id,
            host_name=machine.host_name,
            dns_name=machine.dns_name,
            ip_address=machine.ip_address,
            os_type=machine.os_type,
            os_version=machine.os_version,
            agent_version=f"{ground.version}+sim",
            as_root=True,
            agent_public_key=ground.public_key,
        )
        return SimulatedHost(
            facts,
            ground.site_id,
            Path(self._folder.name),
            ground.bus,
            ground.clock,
            self._recorder,
            self._people.origins,
            self._screen,
            over=self._people.over,
            pace=pace,
            orphans=self._orphans if first else tuple,
            traces=ground.traces,
        )

    def _screen(self, session: SimulatedSession, folder: Path) -> Screen:
        def scene(message: str | None) -> Scene:
            launch = session.order.launch
            started_ms = session.facts().started_at_ms or 0
            return Scene(
                user_name=launch.user_name,
                machine_name=launch.machine_name,
                resource_name=launch.resource_name,
                second=max(0, self._ground.clock.now_ms() - started_ms) // 1000,
                notice=NOTICE if session.notice else None,
                message=message,
            )

        # Imported when it is drawn: its libraries are a tenth of a server's start, and few sites have a fleet.
        from footlight.simulation.screen import Screen as DrawnScreen

        return DrawnScreen(scene, folder)

    def _recording_changed(self, facts: RecordingFacts) -> None:
        for host in self._hosts:
            if facts.session_id in host.sessions:
                host.recording_changed(facts)
                return
        self._hosts[0].recording_changed(facts)

    def _orphans(self) -> list[RecordingFacts]:
        """Finished recordings of sessions that are gone: one host tells of them."""
        return [
            facts
            for facts in self._recorder.facts()
            if facts.status in FINAL
            and not any(facts.session_id in host.sessions for host in self._hosts)
        ]
