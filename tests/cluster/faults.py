"""What may happen to one of a site's processes, from a seed, and how it is mended."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tests.cluster.ground import Ground, until

Who = Literal["server", "agent", "bus", "database"]
How = Literal["kill", "freeze"]
SHORTEST_S, LONGEST_S = 2.0, 8.0
DIES_S = 10.0


@dataclass(frozen=True)
class Fault:
    """`which`: of the servers or hosts; `lasts_s`: from the fault to the beginning of the repair."""

    who: Who
    how: How
    which: int
    lasts_s: float

    @property
    def kind(self) -> str:
        return f"{self.who} {self.how}"


def seeded(seed: int, servers: int, hosts: int) -> Iterator[Fault]:
    """Faults without end: each kind once, in some order, then each again in another."""
    chance = random.Random(seed)
    kinds = list(itertools.product(get_args(Who), get_args(How)))
    while True:
        chance.shuffle(kinds)
        for who, how in kinds:
            which = chance.randrange({"server": servers, "agent": hosts}.get(who, 1))
            yield Fault(who, how, which, round(chance.uniform(SHORTEST_S, LONGEST_S), 1))


class Happening:
    """One fault of a site, from `begin` to `repair`."""

    def __init__(self, ground: Ground, fault: Fault) -> None:
        self.fault = fault
        self._ground = ground
        self._pids: list[int] = []

    def begin(self) -> None:
        """Kill or stop all that belongs to it. What was killed is gone when this returns."""
        self._pids = self._found()
        how = signal.SIGKILL if self.fault.how == "kill" else signal.SIGSTOP
        for pid in self._pids:
            with contextlib.suppress(ProcessLookupError):  # a child whose parent went a moment ago
                os.kill(pid, how)
        if self.fault.how == "kill":
            self._bury()

    def repair(self) -> float:
        """Start it again, or let it go on; the seconds until it says that it is ready."""
        begun = time.monotonic()
        if self.fault.how == "kill":
            self._pids = []
            self._start()
        else:
            self._thaw()
        return time.monotonic() - begun

    def mend(self) -> None:
        """The same where something went wrong on the way. Safe to call after `repair`."""
        if self._pids:
            self.repair()

    def _thaw(self) -> None:
        for pid in self._pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self._pids = []

    def _found(self) -> list[int]:
        """Children before their parents: a parent would start another."""
        ground, which = self._ground, self.fault.which
        match self.fault.who:
            case "server":
                return [ground.servers[which].process.pid]
            case "agent":
                holder = ground.hosts[which].process
                assert holder is not None
                return _children(holder.pid)
            case "bus":
                assert ground.bus is not None
                return [*_children(ground.bus.pid), ground.bus.pid]
            case "database":
                assert ground.postgres.process is not None
                postmaster = ground.postgres.process.pid
                return [*_children(postmaster), postmaster]

    def _bury(self) -> None:
        ground, which = self._ground, self.fault.which
        process = {
            "server": lambda: ground.servers[which].process,
            "agent": lambda: ground.hosts[which].process,
            "bus": lambda: ground.bus,
            "database": lambda: ground.postgres.process,
        }[self.fault.who]()
        assert process is not None
        process.wait(DIES_S)
        until(lambda: not any(map(_lives, self._pids)), f"{self.fault.kind}: they end", DIES_S)

    def _start(self) -> None:
        ground, which = self._ground, self.fault.which
        match self.fault.who:
            case "server":
                ground.start_server(ground.servers[which].name)
            case "agent":
                host = ground.hosts[which]
                ground.start_agent(host, *host.options)
            case "bus":
                assert ground.bus is not None
                assert ground.bus.stdout is not None
                ground.bus.stdout.close()
                ground.start_bus()
            case "database":
                ground.postgres.start()


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lives(pid: int) -> bool:
    """False for one that has ended and was not waited for yet, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
