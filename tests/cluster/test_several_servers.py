"""A site of several processes: two servers, NATS, PostgreSQL and a host with a real session. The server that talks
to the host is killed; the other one goes on with the same session."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import remains
from footlight.bus.credentials import BusKeys
from footlight.bus.nats_server import BusServer, BusServerConfig
from footlight.datadir import DataDir
from footlight.sdk import Footlight, NotFound
from footlight.tls import own_certificate
from postgres_server import PostgresServer

WITHIN_S = 60.0


def until(there: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + WITHIN_S
    while not (found := there()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return found


@dataclass
class Stage:
    postgres: PostgresServer
    name: str
    folder: Path
    bus: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *arguments: object) -> subprocess.Popen[bytes]:
        """A process of ours that writes NAME.ready, running."""
        ready, log = self.folder / f"{name}.ready", self.folder / f"{name}.log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", "footlight", *map(str, arguments), "--ready-file", ready],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
            )
        self.processes.append(process)
        until(lambda: ready.exists() or process.poll() is not None, log.read_text()[-3000:])
        assert process.poll() is None, log.read_text()[-3000:]
        return process

    def server(self, name: str) -> subprocess.Popen[bytes]:
        return self.start(
            *(name, "serve", "--data-dir", self.folder / name, "--keys-dir", self.folder / "keys"),
            *("--database", self.postgres.address(self.name).url, "--bus-url", self.bus),
            *("--objects", self.folder / "objects", "--listen", "127.0.0.1:0"),
        )

    def client(self, name: str) -> Footlight:
        """The local administrator at that server."""
        known = json.loads((self.folder / name / "run" / "site.json").read_text())
        return Footlight(known["base_url"], token=known["token"], ca_file=known["ca_file"])

    def holder(self, duty: str) -> str:
        query = f"SELECT holder FROM leases WHERE name = '{duty}'"
        (row,) = self.postgres.run(self.name, query)
        return str(row["holder"])

    def id_of(self, name: str) -> str:
        return (self.folder / name / "server-id").read_text()


@pytest.fixture
def stage(postgres: PostgresServer, tmp_path: Path) -> Iterator[Stage]:
    name = f"several_{os.getpid()}"
    postgres.run("postgres", f"CREATE DATABASE {name}")
    data = DataDir(tmp_path / "bus", tmp_path / "keys")
    data.site_key()
    chain, key, _ = own_certificate(tmp_path / "bus-tls", "127.0.0.1", data.authority())
    server = BusServer(
        BusServerConfig(tmp_path / "bus", BusKeys.open(data.keys / "bus"), chain, key, port=0)
    )
    with asyncio.Runner() as runner:
        runner.run(server.start())
        made = Stage(postgres, name, tmp_path, server.address)
        try:
            yield made
        finally:
            told = [json.loads(ready.read_text()) for ready in tmp_path.glob("*.ready")]
            sites = {facts["site_id"] for facts in told if "site_id" in facts}
            for process in reversed(made.processes):
                process.terminate()
                process.wait(WITHIN_S)
            runner.run(server.stop())
            remains.remove(*sites)
            postgres.run("postgres", f"DROP DATABASE {name} WITH (FORCE)")


def test_a_session_outlives_the_server_that_its_host_talks_to(stage: Stage) -> None:
    servers = {name: stage.server(name) for name in ("one", "two")}
    with stage.client("one") as client:
        base = json.loads((stage.folder / "one.ready").read_text())["base_url"]
        code = client.hosts.enroll({"minutes": 5})["code"]
        stage.start(
            *("host", "agent", "--server", base, "--enroll", code, "--end-sessions"),
            *("--data-dir", stage.folder / "host"),
        )
        until(
            lambda: [m for m in client.machines.list() if m["RegistrationState"] == "Registered"],
            "the host does not register",
        )
        session_id = client.launches.create("Terminal")["sessionId"]
        client.sessions.start_recording(session_id)

    killed = "one" if stage.holder("hosts") == stage.id_of("one") else "two"
    left = "two" if killed == "one" else "one"
    servers[killed].kill()
    begun = time.monotonic()
    with stage.client(left) as client:
        assert client.sessions.recording_status(session_id)
        until(lambda: stage.holder("hosts") == stage.id_of(left), "nobody takes over")
        print(f"taken over after {time.monotonic() - begun:.1f} s")
        # What is wanted now is ordered and reported through the server that is left.
        client.sessions.logoff(session_id)
        print(f"logged off after {time.monotonic() - begun:.1f} s")

        def gone() -> bool:
            try:
                client.sessions.get(session_id)
            except NotFound:
                return True
            return False

        until(gone, "the session does not end")
        print(f"gone after {time.monotonic() - begun:.1f} s")

        def kept() -> bool:
            (recording,) = client.recordings.list()
            return bool(recording["state"] == "completed")

        until(kept, "the recording is not kept")
