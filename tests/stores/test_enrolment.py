"""A host's whole life as a process of its own: a real server, a real NATS server and `footlight agent`, on loopback."""

from __future__ import annotations

import asyncio
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
    def hosts(self) -> Iterator[Any]:
        """`client.hosts` of the local administrator."""
        known = json.loads((self.folder / "data" / "run" / "site.json").read_text())
        with Footlight(known["base_url"], token=known["token"], ca_file=known["ca_file"]) as client:
            yield client.hosts

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
    try:
        until(lambda: ready.exists() or process.poll() is not None, "the server does not start")
        assert ready.exists(), log.read_text()[-4000:]
        yield Stage(json.loads(ready.read_text())["base_url"], tmp_path)
    finally:
        process.terminate()
        process.wait(30)
        bus.close()
        postgres.run("postgres", f"DROP DATABASE {name} WITH (FORCE)")


def end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_from_the_code_to_the_end(stage: Stage) -> None:
    with stage.hosts() as hosts:
        made = hosts.enroll({"minutes": 5})
        key = stage.folder / "host" / "agent" / "agent-key.pem"
        first = stage.start_host("--server", stage.url, "--enroll", made["code"], "--name", "desk7")
        try:
            stage.told("connected to the bus")
            assert made["code"] not in stage.log.read_text()
            assert hosts.get("desk7")["status"] == "enrolled"
        finally:
            end(first)

        again = stage.start_host()
        try:
            stage.told("connected to the bus", 2)
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

            hosts.revoke("desk7")
            stage.told("connection to the bus lost")
            sick = stage.run("agent", "doctor", "--data-dir", folder)
            assert sick.returncode == 1
            assert "has been revoked" in sick.stdout
            assert again.poll() is None
        finally:
            end(again)
