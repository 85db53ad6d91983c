"""A site on several machines: database, bus and servers on this one, hosts on machines of a rack (tests/rack.py)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.rack import Machine, Rack

from footlight.sdk import Footlight
from postgres_server import PostgresServer

ROOT = Path(__file__).parents[2]
SOON_S = 60.0
READY_S = 90.0


def until(there: Callable[[], Any], what: str, limit_s: float = SOON_S) -> Any:
    """What it gives at last. Raises AssertionError when that is nothing for so long."""
    deadline = time.monotonic() + limit_s
    while not (found := there()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {limit_s:g} s")
        time.sleep(0.1)
    return found


def _footlight(*words: object) -> list[str]:
    return [sys.executable, "-m", "footlight", *map(str, words)]


@dataclass
class Server:
    """One `footlight serve`."""

    name: str
    process: subprocess.Popen[bytes]
    facts: dict[str, Any]
    clients: list[Footlight] = field(default_factory=list)

    @property
    def url(self) -> str:
        return str(self.facts["base_url"])

    def client(self, timeout_s: float = 60.0, max_retries: int = 2) -> Footlight:
        """The SDK, signed in as the administrator."""
        made = Footlight(
            self.url,
            ca_file=self.facts["ca_file"],
            token=self.facts["token"],
            timeout_s=timeout_s,
            max_retries=max_retries,
        )
        self.clients.append(made)
        return made


@dataclass
class Host:
    """One `footlight agent`, on a machine of its own."""

    machine: Machine
    folder: Path
    options: tuple[str, ...] = ()
    id: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return self.machine.name

    @property
    def agent(self) -> int:
        """The agent's process, as it is known here."""
        (found,) = self.machine.processes("-m footlight agent")[-1:]
        return found

    def log(self) -> str:
        return (self.folder / "log").read_text()


class Ground:
    """The site and what it stands on. The database is on loopback; whatever hosts reach is on the rack's bridge."""

    def __init__(
        self, rack: Rack, postgres: PostgresServer, database: str, folder: Path, **options: str
    ) -> None:
        """`options`: further ones of servers and agents, as their environment has them."""
        self.rack = rack
        self.postgres = postgres
        self.folder = folder
        self.servers: list[Server] = []
        self.hosts: list[Host] = []
        self.bus: subprocess.Popen[bytes] | None = None
        self.bus_address = ""
        self.database = database
        self._database = postgres.address(database).url
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "FOOTLIGHT_LOAD_WEIGHTS": "0,0,1",  # all machines have the same processors and memory
            **options,
        }

    # --- the bus ------------------------------------------------------------------------------------

    def start_bus(self) -> None:
        """On the port that it had before, if it had one."""
        log = self.folder / "bus.log"
        listen = self.bus_address or f"{self.rack.address}:0"
        with log.open("ab") as errors:
            self.bus = subprocess.Popen(
                _footlight(
                    *("bus", "--listen", listen, "--keys-dir", self.folder / "keys"),
                    *("--data-dir", self.folder / "bus"),
                ),
                stdout=subprocess.PIPE,
                stderr=errors,
                env=self.environment,
            )
        assert self.bus.stdout is not None
        line = self.bus.stdout.readline().decode()
        assert line.startswith("bus: "), log.read_text()[-2000:]
        self.bus_address = line.split()[1]

    # --- servers ------------------------------------------------------------------------------------

    def start_server(self, name: str) -> Server:
        """One more, or one of that name again, which then has the port and the place in `servers` that it had."""
        former = next((one for one in self.servers if one.name == name), None)
        listen = f"{self.rack.address}:0" if former is None else former.url.partition("://")[2]
        folder, ready = self.folder / name, self.folder / f"{name}.ready"
        ready.unlink(missing_ok=True)
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                _footlight(
                    *("serve", "--data-dir", folder, "--keys-dir", self.folder / "keys"),
                    *("--objects", self.folder / "objects", "--database", self._database),
                    *("--bus-url", self.bus_address, "--listen", listen),
                    *("--ready-file", ready),
                ),
                stdout=output,
                stderr=output,
                env=self.environment,
            )
        until(lambda: ready.exists() or process.poll() is not None, f"{name} starts", READY_S)
        assert ready.exists(), log.read_text()[-4000:]
        facts = json.loads((folder / "run" / "site.json").read_text())
        if former is not None:
            former.process, former.facts = process, facts
            return former
        server = Server(name, process, facts)
        self.servers.append(server)
        return server

    # --- hosts --------------------------------------------------------------------------------------

    def add_host(self, name: str, *options: str, **enrolment: Any) -> Host:
        """A new machine, enrolled; it is registered."""
        machine = self.rack.machine(name)
        host = Host(machine, self.folder / name, options)
        host.folder.mkdir()
        self.hosts.append(host)
        made = self.servers[0].client().hosts.enroll({"minutes": 30, **enrolment})
        self.start_agent(host, "--server", self.servers[0].url, "--enroll", made["code"], *options)
        self.until_registered(host)
        return host

    def start_agent(self, host: Host, *options: str) -> None:
        """Start its agent, and wait until it is on the bus."""
        ready = host.folder / "ready"
        ready.unlink(missing_ok=True)
        with (host.folder / "log").open("ab") as output:
            host.process = host.machine.popen(
                _footlight(
                    *("agent", "--data-dir", host.folder / "data", "--ready-file", ready), *options
                ),
                stdout=output,
                stderr=output,
                env={**self.environment, "FOOTLIGHT_DESKTOP": "light"},
            )
        process = host.process
        until(lambda: ready.exists() or process.poll() is not None, f"{host.name} starts", READY_S)
        assert ready.exists(), host.log()[-4000:]
        host.id = json.loads(ready.read_text())["machine_id"]

    def switch_on(self, host: Host) -> None:
        """A machine whose power went, with its disk, and its agent."""
        if host.process is not None:
            host.process.wait(SOON_S)
        host.machine = self.rack.again(host.machine)
        self.start_agent(host, *host.options)
        self.until_registered(host)

    def until_registered(self, host: Host, registered: bool = True) -> None:
        """Until the site calls it so."""
        wanted = "Registered" if registered else "Unregistered"
        client = self.servers[-1].client()
        until(
            lambda: client.machines.get(host.id)["RegistrationState"] == wanted,
            f"{host.name} is {wanted}",
            60,
        )

    # --- the end ------------------------------------------------------------------------------------

    def close(self) -> None:
        """End everything that was started."""
        for server in self.servers:
            for client in server.clients:
                client.close()
        for host in self.hosts:
            host.machine.power_off()
        end([server.process for server in self.servers])  # they speak to the bus to the last
        end([p for p in (self.bus, *(host.process for host in self.hosts)) if p is not None])


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Tell them to end, and see that they do."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
    for process in processes:
        try:
            process.wait(SOON_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(SOON_S)
        if process.stdout is not None:
            process.stdout.close()
