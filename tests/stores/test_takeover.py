"""A duty passes from one process to another: after kill -9, after SIGSTOP, at a clean end; who was frozen does
nothing late."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

from postgres_server import PostgresServer

PROGRAM = Path(__file__).parent / "duty_process.py"
SOON_S = 20.0
TAKEN = "SELECT count(*) FROM outbox WHERE kind = 'zone'"


class Process:
    """One server; what it prints, by line."""

    def __init__(self, url: str, name: str) -> None:
        source = str(PROGRAM.parents[2] / "src")
        self.child = subprocess.Popen(
            [sys.executable, str(PROGRAM), url, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": source},
        )
        self.lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            self.lines.put(line.strip())

    def says(self, word: str) -> None:
        """Wait until it prints that."""
        try:
            while self.lines.get(timeout=SOON_S) != word:
                pass
        except Empty:
            pytest.fail(f"it does not say {word!r}")

    def end(self) -> None:
        self.child.send_signal(signal.SIGCONT)
        self.child.kill()
        self.child.wait(SOON_S)
        self._reader.join(SOON_S)
        for pipe in (self.child.stdin, self.child.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def place(postgres: PostgresServer) -> Iterator[str]:
    import asyncio

    name = asyncio.run(postgres.copy())
    yield name
    asyncio.run(postgres.drop(name))


@pytest.fixture
def pair(postgres: PostgresServer, place: str) -> Iterator[tuple[Process, Process]]:
    """The first has the duty."""
    url = postgres.address(place).url
    first = Process(url, "1")
    made = [first]
    try:
        first.says("begun")
        made.append(Process(url, "2"))
        made[1].says("up")
        yield first, made[1]
    finally:
        for one in made:
            one.end()


def epochs(postgres: PostgresServer, place: str) -> list[str]:
    """Who wrote, in the order of the writes, each once in a row."""
    rows = postgres.run(place, "SELECT object_id FROM outbox WHERE kind = 'zone' ORDER BY seq")
    found: list[str] = []
    for row in rows:
        if found[-1:] != [row["object_id"]]:
            found.append(row["object_id"])
    return found


def until(postgres: PostgresServer, place: str, count: int) -> list[str]:
    """Them, once there are so many: a duty that has begun has not written yet."""
    deadline = time.monotonic() + SOON_S
    while len(written := epochs(postgres, place)) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return written


def test_after_kill_the_other_has_it(
    pair: tuple[Process, Process], postgres: PostgresServer, place: str
) -> None:
    pair[0].child.kill()
    pair[1].says("begun")
    (lease,) = postgres.run(place, "SELECT holder, epoch FROM leases")
    assert (lease["holder"][0], lease["epoch"]) == ("2", 2)


def test_one_that_was_frozen_writes_nothing_late(
    pair: tuple[Process, Process], postgres: PostgresServer, place: str
) -> None:
    first, second = pair
    first.child.send_signal(signal.SIGSTOP)
    # A write that it had begun holds the turn until the database ends it.
    second.says("begun")
    first.child.send_signal(signal.SIGCONT)
    first.says("ended")
    assert until(postgres, place, 2) == ["1 1", "2 2"]
    second.child.stdin.close()  # type: ignore[union-attr]
    second.says("ended")
    first.says("begun")  # and gets it back
    assert until(postgres, place, 3) == ["1 1", "2 2", "1 3"]


def test_at_a_clean_end_the_other_has_it(pair: tuple[Process, Process]) -> None:
    pair[0].child.stdin.close()  # type: ignore[union-attr]
    pair[0].says("ended")
    pair[1].says("begun")
