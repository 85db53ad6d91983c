"""Simulated hosts in a process of their own, on the other side of a site's NATS: the fleet of src/footlight/simulation
with the agent's own reports, each host with a connection and a credential of its own, as agents have. Inventory and
users are written into the database in bulk."""

from __future__ import annotations

import asyncio
import multiprocessing
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import select

from footlight import log
from footlight.agent.recorder_process import RecorderConfig
from footlight.api import halves
from footlight.broker.logons import FleetDoor
from footlight.bus import subjects
from footlight.bus.bus import Handler, Registration, StreamHandler
from footlight.bus.credentials import BusKeys
from footlight.bus.inward import Inward
from footlight.bus.lines import Lines
from footlight.bus.nats import NatsBus
from footlight.bus.nkey import KeyPair
from footlight.clock import SystemClock
from footlight.objects.folder import FolderObjects
from footlight.sessions.pieces import Renderer
from footlight.simulation.fleet import Ground, RunningFleet
from footlight.simulation.plan import Plan
from footlight.store import schema
from footlight.store.address import PostgresAddress
from footlight.store.engines import open_store
from footlight.tasks import cancel, spawn
from footlight.wire.stand_in import SimulationOrder

SEED = 2026
CONNECT_AT_ONCE = 16
LOOK_EACH_S = 0.5
UP_WITHIN_S = 240.0
CREDENTIAL_S = 86_400


@dataclass(frozen=True)
class FleetOrder:
    """`resting`: sessions that are there all the time; `dwell_s`: a session that somebody launches is logged off by its
    user after so long; `shared`: one connection with a server's credential for all hosts."""

    database: PostgresAddress
    bus: str
    keys_dir: Path
    machines: int
    resting: int = 0
    dwell_s: float = 20.0
    shared: bool = False

    def plan(self) -> Plan:
        """What there will be."""
        return Plan(self.machines, self.resting, SEED)


class FleetLine:
    """The process, seen from outside."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def facts(self) -> dict[str, Any]:
        """How the fleet is now; the first time, once it is up. Raises RuntimeError when it is not in time."""
        self._line.send("facts")
        if not self._line.poll(UP_WITHIN_S):
            raise RuntimeError("the fleet is not up in time")
        facts: dict[str, Any] = self._line.recv()
        return facts


@contextmanager
def fleet_process(order: FleetOrder) -> Iterator[FleetLine]:
    """The fleet, up."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_be_fleet, args=(theirs, order))
    process.start()
    theirs.close()
    try:
        line = FleetLine(ours)
        line.facts()
        yield line
    finally:
        ours.close()
        process.join(60)
        process.kill()


class FleetBus:
    """Each host's subjects over that host's own connection."""

    def __init__(self, buses: dict[str, NatsBus]) -> None:
        self._buses = buses

    async def serve(self, subject: str, handler: Handler) -> Registration:
        return await self._of(subject).serve(subject, handler)

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        return await self._of(subject).request(subject, payload, timeout_s)

    async def post(self, subject: str, payload: bytes, timeout_s: float) -> None:
        await self._of(subject).post(subject, payload, timeout_s)

    async def listen(self, subject: str, handler: StreamHandler) -> Registration:
        return await self._of(subject).listen(subject, handler)

    def _of(self, subject: str) -> NatsBus:
        named = subjects.host_of(subject)
        return self._buses[subjects.machine_of(subject) if named is None else named[0]]


def _be_fleet(line: Connection, order: FleetOrder) -> None:
    log.configure(level="error")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(line, order))


async def _run(line: Connection, order: FleetOrder) -> None:
    buses = await _connect(order)
    store, clock = await open_store(order.database, SystemClock()), SystemClock()
    Renderer(store, halves.own_half)  # as every server has one
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as folder:
        site = await store.read(lambda c: c.execute(select(schema.site)).one())
        config = RecorderConfig(*(Path(folder, n) for n in ("spool", "key", "certificate")))
        ground = Ground(
            *(site.id, "bench", "00" * 32, config),
            FleetBus(buses),  # type: ignore[arg-type]  what hosts use of a bus
            *(clock, FolderObjects(Path(folder, "objects")), FleetDoor(store, site.name)),
        )
        wanted = SimulationOrder(machines=order.machines, sessions=order.resting, seed=SEED)
        fleet = RunningFleet(ground, wanted)
        await fleet.start()
        users = Users(fleet, order.dwell_s)
        working = spawn("users", users.run())
        try:
            while await asyncio.to_thread(_asked, line):
                line.send(users.facts())
        finally:
            await cancel(working)
            # The site goes with the bench: nobody has to hear of the end.
            await asyncio.gather(*(bus.close() for bus in set(buses.values())))
            await store.close()


def _asked(line: Connection) -> bool:
    try:
        return line.recv() is not None
    except EOFError:
        return False


async def _connect(order: FleetOrder) -> dict[str, NatsBus]:
    """By machine id."""
    keys, ca_pem = BusKeys.open(order.keys_dir / "bus"), (order.keys_dir / "ca.pem").read_text()
    trust, clock = ssl.create_default_context(cadata=ca_pem), SystemClock()
    ids = [machine.id for machine in order.plan().fleet.machines]
    gate = asyncio.Semaphore(CONNECT_AT_ONCE)

    async def one(machine_id: str) -> NatsBus:
        pair = KeyPair.generate("user")
        jwt = keys.issue_agent(pair.public, machine_id, int(time.time()) + CREDENTIAL_S)
        async with gate:
            bus = await NatsBus.connect([order.bus], jwt, pair.seed, ca_pem, machine_id)
        bus.carry_streams(Lines(bus, clock, inward=Inward(trust)))
        return bus

    if order.shared:
        jwt, seed = keys.server_user()
        bus = await NatsBus.connect([order.bus], jwt, seed, ca_pem, "hosts")
        bus.carry_streams(Lines(bus, clock, inward=Inward(trust)))
        return dict.fromkeys(ids, bus)
    return dict(zip(ids, await asyncio.gather(*map(one, ids)), strict=True))


class Users:
    """Of the sessions that others than the fleet have launched: each logs off after a while."""

    def __init__(self, fleet: RunningFleet, dwell_s: float) -> None:
        self._fleet = fleet
        self._dwell_s = dwell_s
        self._since: dict[str, float] = {}
        self._logged_off = 0

    async def run(self) -> None:
        """Without end."""
        while True:
            await asyncio.sleep(LOOK_EACH_S)
            self.look()

    def look(self) -> None:
        """Whose time is over leaves."""
        now, seen = time.monotonic(), dict[str, float]()
        for session in self._fleet.sessions():
            if session.origin is not None or session.phase != "running":
                continue
            session_id = session.order.session_id
            seen[session_id] = self._since.get(session_id, now)
            if now - seen[session_id] >= self._dwell_s and session.order.want == "run":
                self._logged_off += 1
                session.log_off("the user logged off")
        self._since = seen

    def facts(self) -> dict[str, Any]:
        """CPU in seconds so far."""
        return {
            "live": self._fleet.live,
            "settled": self._fleet.settled,
            "logged_off": self._logged_off,
            "cpu_s": time.process_time(),
        }
