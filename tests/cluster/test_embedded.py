"""An embedded site, `footlight up` and nothing else, that gets a second host: its bus comes with the first code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.cluster.ground import READY_S, ROOT, SOON_S, Server, end, until
from tests.cluster.test_hosts import see
from tests.rack import Machine, Rack, rack

import remains
from footlight.sdk import SdkError

pytestmark = pytest.mark.long


class Site:
    """The site on this machine, its second host on a machine of the rack."""

    def __init__(self, one: Rack, folder: Path) -> None:
        self.rack = one
        self.folder = folder
        self.machine: Machine | None = None
        self.server: Server | None = None
        self.listen = f"{one.address}:0"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}

    def start(self) -> Server:
        """Where it was before, if it was."""
        ready, log = self.folder / "ready", self.folder / "log"
        ready.unlink(missing_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "footlight", "up", "--listen", self.listen),
                    *("--data-dir", str(self.folder / "data"), "--ready-file", str(ready)),
                    "--keep-sessions",
                ],
                stdout=output,
                stderr=output,
                env=self._environment,
            )
        self._processes.append(process)
        until(lambda: ready.exists() or process.poll() is not None, "the site starts", READY_S)
        assert ready.exists(), log.read_text()[-4000:]
        facts = json.loads((self.folder / "data" / "run" / "site.json").read_text())
        self.server = Server("site", process, facts)
        self.listen = self.server.url.partition("://")[2]
        return self.server

    def run(self, *words: str) -> str:
        """What a command prints that is given on the site."""
        done = subprocess.run(
            [sys.executable, "-m", "footlight", *words],
            env={**self._environment, "FOOTLIGHT_DATA_DIR": str(self.folder / "data")},
            capture_output=True,
            text=True,
            timeout=SOON_S,
            check=True,
        )
        return done.stdout

    def add_host(self, command: list[str]) -> None:
        """A new machine, on which that command is run."""
        self.machine = self.rack.machine("desk7")
        ready, log = self.folder / "host-ready", self.folder / "host-log"
        options = ("--data-dir", self.folder / "host", "--ready-file", ready)
        with log.open("ab") as output:
            process = self.machine.popen(
                [sys.executable, "-m", *command, *map(str, options)],
                stdout=output,
                stderr=output,
                env=self._environment,
            )
        self._processes.append(process)
        until(lambda: ready.exists() or process.poll() is not None, "the host starts", READY_S)
        assert ready.exists(), log.read_text()[-4000:]

    def bus(self) -> psutil.Process | None:
        """The site's NATS server."""
        assert self.server is not None
        children = psutil.Process(self.server.process.pid).children()
        return next((one for one in children if one.name() == "nats-server"), None)

    def until_registered(self) -> list[str]:
        """The names of both machines, that of the site itself first."""
        assert self.server is not None
        client = self.server.client()

        def both() -> list[str]:
            every = client.machines.list()
            found = [str(m["Name"]) for m in every if m["RegistrationState"] == "Registered"]
            found.sort(key=lambda name: name.endswith("\\DESK7"))
            return found if len(found) == 2 else []

        names: list[str] = until(both, "both hosts are registered", 60)
        return names

    def stop(self) -> None:
        """The site; its sessions stay."""
        assert self.server is not None
        for client in self.server.clients:
            client.close()
        self.server.clients.clear()
        end([self.server.process])

    def close(self) -> None:
        """End all that was started, sessions too."""
        if self.server is not None:
            if self.server.process.poll() is None:
                client = self.server.client()
                for session in client.sessions.list(limit=1000):
                    client.sessions.logoff(session["Id"])
            self.stop()
        if self.machine is not None:
            self.machine.power_off()
        end(self._processes)
        if self.server is not None:
            remains.remove(self.server.facts["site_id"])


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("embedded")
    with rack(folder, ROOT) as one:
        made = Site(one, folder)
        try:
            yield made
        finally:
            made.close()


def test_a_second_host_from_the_code_to_the_restart(site: Site) -> None:
    server = site.start()
    assert site.bus() is None
    made = json.loads(site.run("hosts", "enroll", "--minutes", "5", "--json"))
    assert made["warning"] is None
    assert site.bus() is not None
    site.add_host(made["command"].split())
    here, there = site.until_registered()

    client = server.client()
    sessions = []
    for machine in (here, there):
        launched = client.launches.create("Terminal", machine=machine, new=True)
        session_id = str(launched["sessionId"])
        until(lambda s=session_id: not client.sessions.get(s)["LogonInProgress"], "the logon ends")
        assert client.sessions.get(session_id)["Machine"]["Name"] == machine
        assert see(server, session_id) == (1280, 800)
        sessions.append(session_id)

    remote = sessions[1]
    client.sessions.start_recording(remote, notify_user=False)
    until(lambda: client.sessions.recording_status(remote), "it is recorded")
    client.sessions.stop_recording(remote)
    (recording,) = client.recordings.list(session_id=remote)
    until(lambda: client.recordings.get(recording["id"])["state"] == "completed", "it is kept")
    assert client.recordings.verification(recording["id"])["status"] == "verified"

    bus = site.bus()
    site.stop()
    assert bus is not None
    assert not bus.is_running()
    server = site.start()
    assert site.until_registered() == [here, there]
    client = server.client()
    for session_id in sessions:
        until(lambda s=session_id: client.sessions.get(s)["State"] != "Unknown", "it is back")
        assert see(server, session_id) == (1280, 800)

    bus = until(site.bus, "the bus runs")
    bus.send_signal(signal.SIGKILL)
    again = until(lambda: site.bus() if site.bus() != bus else None, "the bus is back")
    assert again.is_running()

    def answers() -> bool:
        """Orders go over it, and what the host says of them."""
        try:
            client.sessions.start_recording(remote, notify_user=False)
        except SdkError:
            return False
        return client.sessions.recording_status(remote)

    until(answers, "the host is reached again")
    client.sessions.stop_recording(remote)
    assert see(server, remote) == (1280, 800)
