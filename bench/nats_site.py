"""A site of processes of the bench's own: PostgreSQL, NATS, one `footlight serve`; and what each of them takes."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.served import END_S, START_S, Served, served_at

from footlight.cli.place import Place, read_site_file
from footlight.store.address import PostgresAddress

TICKS = os.sysconf("SC_CLK_TCK")
# Beside those of the tests. Rows that change all the time have to be swept, or each page costs more than the last.
SETTINGS = {"autovacuum": "on", "autovacuum_naptime": "5s", "shared_buffers": "128MB"}


@dataclass
class NatsSite:
    """A running site without hosts. Pids: of the server, of nats-server, of PostgreSQL's first process."""

    folder: Path
    database: PostgresAddress
    bus: str
    keys_dir: Path
    place: Place
    server_pid: int
    nats_pid: int
    postgres_pid: int

    def served(self) -> Served:
        """A connection of its own to the server, as its administrator."""
        return served_at(self.place, self.server_pid)

    def cpu_s(self) -> dict[str, float]:
        """Seconds of CPU so far."""
        return {
            "server": _cpu_s(self.server_pid),
            "nats": _cpu_s(self.nats_pid),
            "postgresql": sum(map(_cpu_s, [self.postgres_pid, *_children(self.postgres_pid)])),
        }

    def run(self, statement: str) -> list[Any]:
        """The rows that the database answers with."""

        async def query() -> list[Any]:
            connection = await self.database.connect()
            try:
                return list(await connection.fetch(statement))
            finally:
                await connection.close()

        return asyncio.run(query())

    def rss_mib(self) -> dict[str, float]:
        """What is in memory of each now; PostgreSQL's processes share theirs, and are not told."""
        return {"server": _rss_mib(self.server_pid), "nats": _rss_mib(self.nats_pid)}


@contextmanager
def nats_site(folder: Path) -> Iterator[NatsSite]:
    """PostgreSQL writes to its files without waiting for the disk, as in the tests."""
    from postgres_server import running_server  # of the tests

    keys = folder / "keys"
    with ExitStack() as stack:
        postgres = stack.enter_context(running_server())
        postgres.stop()
        postgres.settings |= SETTINGS
        postgres.start()
        postgres.run("postgres", "CREATE DATABASE bench")
        database = postgres.address("bench")
        bus, address = stack.enter_context(bus_process(folder, keys))
        data = folder / "server"
        options = ("--tls", "off", "--listen", "127.0.0.1:0", "--rate-limit", "off")
        server = stack.enter_context(
            _footlight(
                *("serve", "--data-dir", data, "--keys-dir", keys, "--bus-url", address),
                *("--database", database.url, "--objects", folder / "objects"),
                *("--log-level", "error", *options),
            )
        )
        place = _ready(server, data)
        assert postgres.process is not None
        yield NatsSite(
            *(folder, database, address, keys, place),
            *(server.pid, _child(bus.pid), postgres.process.pid),
        )


@contextmanager
def bus_process(folder: Path, keys: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`footlight bus`, and its address."""
    words = ("bus", "--listen", "127.0.0.1:0", "--keys-dir", keys, "--data-dir", folder / "bus")
    with _footlight(*words, "--log-level", "error", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.readline().decode().split()
        if said[:1] != ["bus:"]:
            raise RuntimeError(f"the bus did not start: {said}")
        yield process, said[1]


@contextmanager
def _footlight(*words: object, stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "footlight", *map(str, words)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _ready(process: subprocess.Popen[bytes], data: Path) -> Place:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        place = read_site_file(data)
        if place is not None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                served_at(place, process.pid).get("/footlight/v1/resources")
                return place
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start ({process.returncode})")


def _children(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def _child(pid: int) -> int:
    """The one that is nats-server."""
    for child in _children(pid):
        if "nats" in Path(f"/proc/{child}/comm").read_text():
            return child
    raise ProcessLookupError("nats-server")


def _cpu_s(pid: int) -> float:
    """Of the process and of those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def _rss_mib(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise ProcessLookupError(pid)
