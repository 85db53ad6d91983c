"""A real session host (keepers, Xvnc, recorder) on the in-process bus; the tests stand for the server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import remains
from footlight.agent import accounts, leftovers, processes, resource_groups, xvnc
from footlight.agent.embedded import Agent, AgentConfig, start_agent
from footlight.agent.keeper_link import KeeperLink
from footlight.agent.recorder_process import RecorderConfig
from footlight.agent.spool_room import SpoolBounds
from footlight.bus import subjects
from footlight.bus.bus import Bus, ByteStream, Registration
from footlight.bus.inprocess import InProcessBus
from footlight.clock import SystemClock
from footlight.errors import Unavailable
from footlight.objects.folder import FolderObjects
from footlight.simulation.host import SimulatedHost
from footlight.simulation.picture import Scene
from footlight.simulation.recorder import FleetRecorder
from footlight.simulation.screen import Screen
from footlight.simulation.session import SimulatedSession
from footlight.wire.host import (
    Account,
    DisplayHello,
    HostFacts,
    HostReport,
    Launch,
    Orders,
    RecordingFacts,
    RecordingOrder,
    ReportTaken,
    SessionFacts,
    SessionOrder,
    ViewerFacts,
    decode,
    encode,
)

WAIT_S = 60.0


class Stage:
    """One machine with an agent on it, and everything that the tests order and hear."""

    def __init__(self, data_dir: Path, bus: Bus, machine_id: str) -> None:
        self.site_id = str(uuid.uuid4())
        self.machine_id = machine_id
        self.data_dir = data_dir
        self.bus = bus
        self.agent: Agent | None = None
        self.reports: list[HostReport] = []
        self.sessions: dict[str, SessionFacts] = {}
        self.recordings: dict[str, RecordingFacts] = {}
        self.orders: dict[str, SessionOrder] = {}
        self.answer = ReportTaken()
        self.hearing: Registration | None = None
        self.heard = asyncio.Condition()
        self.account_ids: dict[str, str] = {}
        self.resources: dict[str, int] = {"processes": 1000}
        self.pam_service = ""
        self.bounds = SpoolBounds()
        key = Ed25519PrivateKey.generate()
        (data_dir / "agent.pem").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )

    @property
    def run_root(self) -> Path:
        return remains.run_folder(self.site_id)

    def folder(self, session_id: str) -> Path:
        return self.run_root / session_id[:8]

    async def start_agent(self) -> Agent:
        config = AgentConfig(
            site_id=self.site_id,
            site_short_name="TEST",
            machine_id=self.machine_id,
            machine_name="TEST\\HOST1",
            data_dir=self.data_dir,
            agent_key_path=self.data_dir / "agent.pem",
            certificate_path=self.data_dir / "certificate.json",
            version="0",
            resources=self.resources,
            pam_service=self.pam_service,
            bounds=self.bounds,
        )
        objects = FolderObjects(self.data_dir / "recordings")
        self.agent = await start_agent(config, self.bus, objects, SystemClock())
        return self.agent

    async def hear(self, machine_id: str, payload: bytes) -> None:
        report = decode(HostReport, payload)
        async with self.heard:
            self.reports.append(report)
            self.sessions.update({facts.session_id: facts for facts in report.sessions})
            self.recordings.update({facts.recording_id: facts for facts in report.recordings})
            self.heard.notify_all()
        await self.bus.send(subjects.taken(machine_id), self._answer_to(report))

    async def hear_beat(self, machine_id: str, payload: bytes) -> bytes:
        return self._answer_to(decode(HostReport, payload))

    def _answer_to(self, report: HostReport) -> bytes:
        said = {"boot_id": report.boot_id, "sequence": report.sequence}
        return encode(msgspec.structs.replace(self.answer, **said))

    async def until(
        self, session_id: str, condition: Callable[[SessionFacts], Any]
    ) -> SessionFacts:
        """The session's facts once the condition holds."""
        try:
            async with asyncio.timeout(WAIT_S), self.heard:
                await self.heard.wait_for(
                    lambda: session_id in self.sessions and condition(self.sessions[session_id])
                )
        except TimeoutError:
            log = self.folder(session_id) / "log"
            words = log.read_text()[-2000:] if log.exists() else ""
            pytest.fail(f"not in time: {self.sessions.get(session_id)}\n{words}")
        return self.sessions[session_id]

    async def eventually(self, condition: Callable[[], Any]) -> None:
        """Returns once the condition holds; it is asked in a thread, and may run programs."""
        async with asyncio.timeout(WAIT_S):
            # Nothing tells of these changes.
            while not await asyncio.to_thread(condition):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def until_recording(
        self, recording_id: str, condition: Callable[[RecordingFacts], Any]
    ) -> RecordingFacts:
        async with asyncio.timeout(WAIT_S), self.heard:
            await self.heard.wait_for(
                lambda: recording_id in self.recordings and condition(self.recordings[recording_id])
            )
        return self.recordings[recording_id]

    async def order(self, order: SessionOrder) -> None:
        self.orders[order.session_id] = order
        await self.bus.request(subjects.orders(self.machine_id), encode(Orders(orders=[order])), 5)

    async def launch(
        self,
        command: list[str],
        *,
        user: str = "ada",
        session_type: str = "Application",
        environment: dict[str, str] | None = None,
        wait: bool = True,
        kind: Literal["managed", "os", "anonymous"] = "managed",
        logon_id: str | None = None,
    ) -> str:
        session_id = str(uuid.uuid4())
        account_id = self.account_ids.setdefault(user, str(uuid.uuid4()))
        launch = Launch(
            resource_id=str(uuid.uuid4()),
            resource_name="Test",
            session_type=session_type,
            account=Account(kind=kind, account_id=account_id, name=user, logon_id=logon_id),
            user_name=f"TEST\\{user}",
            machine_name="TEST\\HOST1",
            command=command,
            environment=environment or {},
        )
        await self.order(
            SessionOrder(session_id=session_id, generation=1, want="run", launch=launch)
        )
        if wait:
            await self.until(session_id, lambda f: f.phase == "running" and f.generation == 1)
        return session_id

    async def change(self, session_id: str, **wanted: Any) -> SessionOrder:
        known = self.orders[session_id]
        order = msgspec.structs.replace(known, generation=known.generation + 1, **wanted)
        await self.order(order)
        return order

    async def log_off(self, session_id: str) -> SessionFacts:
        order = await self.change(session_id, want="end", end_reason="logged off")
        return await self.until(
            session_id, lambda f: f.phase == "ended" and f.generation == order.generation
        )

    async def record(self, session_id: str, *, notify: bool = False, **wanted: Any) -> str:
        recording = RecordingOrder(
            recording_id=str(uuid.uuid4()),
            notify=notify,
            reason="on-demand",
            ordered_by="TEST\\root",
            **wanted,
        )
        await self.change(session_id, recording=recording)
        await self.until(session_id, lambda f: f.recording and f.recording.status == "recording")
        return recording.recording_id

    async def view(
        self,
        session_id: str,
        *,
        own: bool = True,
        mode: str = "interactive",
        user: str = "TEST\\ada",
    ) -> ByteStream:
        facts = ViewerFacts(
            viewer_id=str(uuid.uuid4()),
            user_name=user,
            own=own,
            mode=mode,
            address="127.0.0.1",
            via_address=None,
            client_name="test",
            platform="Linux",
            version="1",
            attached_at_ms=1,
        )
        return await self.bus.dial(
            subjects.displays(self.machine_id),
            encode(DisplayHello(session_id=session_id, viewer=facts)),
            5,
        )

    def x(self, session_id: str, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run an X client of the session as root, with the session's cookie."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "DISPLAY": self.sessions[session_id].display or "",
            "XAUTHORITY": f"{self.folder(session_id)}/x/Xauthority",
        }
        return subprocess.run(
            argv, env=environment, capture_output=True, text=True, timeout=20, check=False
        )

    def pids(self, session_id: str) -> set[int]:
        """Every process of the session, by its environment and by its cgroup."""
        found = processes.with_environment(f"XAUTHORITY={self.folder(session_id)}/auth/Xauthority")
        root = processes.cgroup_root()
        group = f"{root}/footlight/{self.site_id[:8]}/{session_id[:8]}/session"
        return found | processes.cgroup_members(group)

    async def cut_short(self) -> None:
        """End the sessions without the time that programs have to go by themselves."""
        for folder in self.run_root.glob("*"):
            with contextlib.suppress(Unavailable):
                link = await KeeperLink.connect(
                    folder, lambda _: None, lambda: None, still_starting=lambda: False
                )
                await link.kill("the test is over")
                await link.close()

    @staticmethod
    def is_left_behind(display: str) -> bool:
        """Whether socket or lock of a dead X server is there. A live one by that number may be anybody's."""
        number = int(display.removeprefix(":"))
        paths = (Path(xvnc.socket_path(number)), Path(xvnc.lock_path(number)))
        return xvnc.lock_holder(number) is None and any(path.exists() for path in paths)

    def remove_everything(self) -> None:
        """Whatever a test has left, also a failed one."""
        root = processes.cgroup_root()
        for folder in self.run_root.glob("*"):
            name = f"footlight/{self.site_id[:8]}/{folder.name}"
            leftovers.clear(folder, f"{root}/{name}")
            resource_groups.remove(name)
        shutil.rmtree(self.run_root, ignore_errors=True)
        processes.remove_cgroup(f"{root}/footlight/{self.site_id[:8]}")
        accounts.prune({self.site_id})


@pytest.fixture
def bus() -> Bus:
    """Between the host and the test."""
    return InProcessBus()


@pytest.fixture
def machine_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture
async def stage(tmp_path: Path, bus: Bus, machine_id: str) -> AsyncIterator[Stage]:
    os.chmod(tmp_path, 0o700)
    made = Stage(tmp_path, bus, machine_id)
    made.hearing = await made.bus.consume_hosts(subjects.REPORTS, made.hear)
    await made.bus.serve_hosts(subjects.BEATS, made.hear_beat)
    await made.start_agent()
    yield made
    try:
        if made.agent is not None:
            await made.cut_short()
            await made.agent.stop(keep_sessions=False)
    finally:
        await made.bus.close()
        await asyncio.to_thread(made.remove_everything)


class SimulatedStage(Stage):
    """The same with a simulated host: no X server, no processes but its recorder."""

    sockets: Path

    async def start_simulated(self) -> None:
        config = RecorderConfig(
            self.data_dir / "spool", self.data_dir / "agent.pem", self.data_dir / "none.json"
        )
        objects = FolderObjects(self.data_dir / "recordings")
        self.recorder = FleetRecorder(config, objects, lambda f: self.host.recording_changed(f))
        facts = HostFacts(
            machine_id=self.machine_id,
            host_name="HOST1",
            dns_name="host1.test",
            ip_address=None,
            os_type="Debian 12",
            os_version="12",
            agent_version="0+sim",
            as_root=True,
            agent_public_key="00",
        )
        self.host = SimulatedHost(
            facts,
            self.site_id,
            self.sockets,
            self.bus,
            SystemClock(),
            self.recorder,
            {},
            self.screen,
            pace=0.05,
        )
        await self.host.start()

    @staticmethod
    def screen(session: SimulatedSession, folder: Path) -> Screen:
        def scene(message: str | None) -> Scene:
            return Scene("TEST\\ada", "TEST\\HOST1", "Test", 7, None, message)

        return Screen(scene, folder)


@pytest.fixture
async def simulated_stage(tmp_path: Path) -> AsyncIterator[SimulatedStage]:
    folder = tmp_path / "simulated"
    folder.mkdir()
    made = SimulatedStage(folder, InProcessBus(), str(uuid.uuid4()))
    made.sockets = Path(tempfile.mkdtemp(prefix="fl-sim-"))  # tmp_path is too long for sockets
    made.hearing = await made.bus.consume_hosts(subjects.REPORTS, made.hear)
    await made.bus.serve_hosts(subjects.BEATS, made.hear_beat)
    await made.start_simulated()
    yield made
    await made.host.stop()
    await made.recorder.stop()
    await made.bus.close()
    shutil.rmtree(made.sockets)
