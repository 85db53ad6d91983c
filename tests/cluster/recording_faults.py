"""What may happen to what records, from a seed, and how it is mended."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.cluster.ground import until
from tests.cluster.recorded_site import CALLED, DECIDED, EVENTS, RecordedSite

Who = Literal["site", "recorder", "x", "watcher", "disk"]
How = Literal["kill", "freeze", "fill"]
KINDS: tuple[tuple[Who, How], ...] = (
    ("site", "kill"),
    ("recorder", "kill"),
    ("x", "kill"),
    ("watcher", "kill"),
    ("site", "freeze"),
    ("recorder", "freeze"),
    ("x", "freeze"),
    ("disk", "fill"),
)
SHORTEST_S, LONGEST_S = 0.2, 4.0
_MODULES = {"recorder": "footlight.agent.recorder", "watcher": "footlight.agent.events.watcher"}
_PIECE = bytes(1024 * 1024)


@dataclass(frozen=True)
class RecordingFault:
    """`user`: whose X server; `after_s`: when it begins; `lasts_s`: from there to the repair."""

    who: Who
    how: How
    user: str
    after_s: float
    lasts_s: float

    @property
    def kind(self) -> str:
        return f"{self.who} {self.how}"


def seeded(seed: int) -> Iterator[RecordingFault]:
    """Faults without end: each kind once, in some order, then each again in another."""
    chance = random.Random(seed)
    kinds = list(KINDS)
    while True:
        chance.shuffle(kinds)
        for who, how in kinds:
            yield RecordingFault(
                *(who, how, chance.choice((CALLED, DECIDED, EVENTS))),
                after_s=round(chance.uniform(0, 1.5), 2),
                lasts_s=round(chance.uniform(SHORTEST_S, LONGEST_S), 2),
            )


class RecordingMishap:
    """One fault, from `begin` to `repair`."""

    def __init__(self, site: RecordedSite, fault: RecordingFault) -> None:
        self._site = site
        self._fault = fault
        self._frozen: int | None = None

    def begin(self) -> None:
        """It happens."""
        if self._fault.who == "disk":
            self._fill()
            return
        pid = self._pid()
        if self._fault.how == "freeze":
            os.kill(pid, signal.SIGSTOP)
            self._frozen = pid
            return
        os.kill(pid, signal.SIGKILL)
        if self._fault.who == "site":
            assert self._site.server is not None
            self._site.server.process.wait(10)

    def repair(self) -> float:
        """Start it again, or let it go on. When (monotonic) that was done."""
        if self._frozen is not None:
            with contextlib.suppress(ProcessLookupError):  # one that was killed for its silence
                os.kill(self._frozen, signal.SIGCONT)
            self._frozen = None
        self._hog.unlink(missing_ok=True)
        assert self._site.server is not None
        if self._site.server.process.poll() is not None:
            self._site.start()
        return time.monotonic()

    @property
    def _hog(self) -> Path:
        return self._site.spool / "hog"

    def _pid(self) -> int:
        match self._fault.who:
            case "site":
                return self._site.pid
            case "x":
                return self._site.acted[self._fault.user].pids["x"]
            case _:
                module = _MODULES[self._fault.who]
                pid: int = until(lambda: self._site.child(module), f"{module} runs")
                return pid

    def _fill(self) -> None:
        with contextlib.suppress(OSError), self._hog.open("wb", buffering=0) as file:
            while True:
                if file.write(_PIECE) < len(_PIECE):
                    break
