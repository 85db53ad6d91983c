"""A host's whole life as a process of its own: a real server, a real NATS server and `footlight agent`, on loopback."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import remains
from footlight.authority import open_authority
from footlight.bus.credentials import BusKeys
from footlight.bus.nats_server import BusServer, BusServerConfig
from footlight.sdk import Footlight
from footlight.tls import own_certificate
from postgres_server import PostgresServer

WITHIN_S = 60.0


def until(there: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + WITHIN_S
    while not (found := there()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return found


class Bus:
    """The site's NATS server, run by the test's own loop in between."""

    def __init__(self, folder: Path, keys: Path) -> None:
        chain, key, _ = own_certificate(folder / "tls", "127.0.0.1", open_authority(keys))
        config = BusServerConfig(folder, BusKeys.open(keys / "bus"), chain, key, port=0)
        self._server = BusServer(config)
        self._runner = asyncio.Runner()
        self._runner.run(self._server.start())
        self.address = self._server.address

    def close(self) -> None:
        self._runner.run(self._server.stop())
        self._runner.close()


@dataclass
class Stage:
    url: str
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "footlight", *arguments],
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
        )

    @contextmanager
    def client(self) -> Iterator[Footlight]:
        """The local administrator's."""
        known = json.loads((self.folder / "data" / "run" / "site.json").read_text())
        with Footlight(known["base_url"], token=known["token"], ca_file=known["ca_file"]) as client:
            yield client

    def start_host(self, *arguments: str) -> subprocess.Popen[bytes]:
        ready = self.folder / "host-ready.json"
        ready.unlink(missing_ok=True)
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "footlight", "agent", *arguments),
                    *("--data-dir", str(self.folder / "host"), "--ready-file", str(ready)),
                ],
                stdout=output,
                stderr=output,
            )
        until(lambda: ready.exists() or process.poll() is not None, "the host does not start")
        assert ready.exists(), self.log.read_text()[-4000:]
        return process

    @property
    def log(self) -> Path:
        return self.folder / "host.log"

    def told(self, words: str, times: int = 1) -> None:
        until(lambda: self.log.read_text().count(words) >= times, f"the host does not say {words}")


def sessions_of(site_id: str) -> list[Path]:
    """Their folders on this machine."""
    return [path for path in remains.run_folder(site_id).glob("*") if path.is_dir()]


@pytest.fixture
def stage(postgres: PostgresServer, tmp_path: Path) -> Iterator[Stage]:
    """A server of a site on PostgreSQL and NATS, which has no host yet."""
    name = f"enrolment_{os.getpid()}"
    postgres.run("postgres", f"CREATE DATABASE {name}")
    bus = Bus(tmp_path / "bus", tmp_path / "keys")
    ready, log = tmp_path / "ready.json", tmp_path / "site.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "footlight", "serve", "--data-dir", tmp_path / "data"),
                *("--keys-dir", tmp_path / "keys", "--objects", tmp_path / "objects"),
                *("--database", postgres.address(name).url, "--bus-url", bus.address),
                *("--listen", "127.0.0.1:0", "--ready-file", ready),
            ],
            stdout=output,
            stderr=output,
        )
    site_id = ""
    try:
        until(lambda: ready.exists() or process.poll() is not None, "the server does not start")
        assert ready.exists(), log.read_text()[-4000:]
        facts = json.loads(ready.read_text())
        site_id = facts["site_id"]
        made = Stage(facts["base_url"], tmp_path)
        yield made
        if any(sessions_of(site_id)):  # the test has failed and left some
            end(made.start_host("--end-sessions"))
    finally:
        process.terminate()
        process.wait(30)
        remains.remove(site_id)
        bus.close()
        postgres.run("postgres", f"DROP DATABASE {name} WITH (FORCE)")


def end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def running(client: Footlight, session_id: str) -> None:
    """The session is there, and its host says so."""
    until(lambda: not client.sessions.get(session_id)["LogonInProgress"], "no session")


def exchange(client: Footlight, session_id: str, content: bytes) -> None:
    """A file there and back, over streams between server and host."""
    client.sessions.put_file(session_id, "note.txt", io.BytesIO(content))
    got = io.BytesIO()
    client.sessions.get_file(session_id, "note.txt", got)
    assert got.getvalue() == content
    client.sessions.delete_file(session_id, "note.txt")


@pytest.mark.needs_root
def test_from_the_code_to_the_end(stage: Stage) -> None:
    with stage.client() as client:
        hosts = client.hosts

        def state() -> str:
            return str(client.machines.get("desk7")["RegistrationState"])

        made = hosts.enroll({"minutes": 5})
        key = stage.folder / "host" / "agent" / "agent-key.pem"
        first = stage.start_host("--server", stage.url, "--enroll", made["code"], "--name", "desk7")
        try:
            stage.told("connected to the bus")
            assert made["code"] not in stage.log.read_text()
            assert hosts.get("desk7")["status"] == "enrolled"
            until(lambda: state() == "Registered", "it does not register")
            session = client.launches.create("Terminal")["sessionId"]
            running(client, session)
            exchange(client, session, b"by the tunnel")
        finally:
            end(first)

        again = stage.start_host("--listen", "127.0.0.1:0")
        try:
            stage.told("connected to the bus", 2)
            stage.told("session adopted")
            running(client, session)
            exchange(client, session, b"by the host's own door")
            before, kept = hosts.get("desk7")["signingKey"], key.read_text()
            hosts.rotate("desk7")
            until(lambda: hosts.get("desk7")["signingKey"] != before, "no new keys")
            stage.told("connected to the bus", 3)  # the same process, with what it was given
            assert key.read_text() != kept
            assert again.poll() is None
            folder = str(stage.folder / "host")
            well = stage.run("agent", "doctor", "--json", "--data-dir", folder)
            found = {one["check"]: one["how"] for one in json.loads(well.stdout)["findings"]}
            checks = ("enrolment", "credentials", "address", "server", "clock", "versions", "bus")
            assert {check: found[check] for check in checks} == dict.fromkeys(checks, "good")

            until(lambda: state() == "Registered", "it does not come back with new keys")
            client.sessions.logoff(session)

            hosts.revoke("desk7")
            assert state() == "Unregistered"
            stage.told("connection to the bus lost")
            sick = stage.run("agent", "doctor", "--data-dir", folder)
            assert sick.returncode == 1
            assert "has been revoked" in sick.stdout
            assert again.poll() is None
        finally:
            end(again)
