"""How busy this machine is: CPU and memory as the kernel counts them. Source: proc(5)."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from footlight.clock import Clock
from footlight.wire.host import LoadFacts

PROC = Path("/proc")
MAX_FILE_BYTES = 64 * 1024
# The share of the CPU is that of at least the last READING_S and, where reports are seldom, since the last of them.
READING_S = 2.0
KEPT_READINGS = 4
_IDLE, _WAITING = 3, 4  # columns of the line `cpu`: what was not work
_WORK_COLUMNS = 8  # those after it, of guests, are counted in user and nice already


class LoadMeter:
    """Reads the load whenever it is asked; readings within READING_S of another share its figures."""

    def __init__(self, clock: Clock, proc: Path = PROC) -> None:
        self._clock = clock
        self._proc = proc
        # (monotonic seconds, busy ticks, all ticks)
        self._readings: deque[tuple[float, int, int]] = deque(maxlen=KEPT_READINGS)
        self._cpu_permille = 0

    def read(self, sessions: int) -> LoadFacts:
        """The load now, with that many sessions. Until two readings of the CPU are READING_S apart it counts as idle;
        what the kernel does not tell counts as nothing used."""
        now_s = self._clock.monotonic_ns() / 1e9
        if not self._readings or now_s - self._readings[-1][0] >= READING_S:
            busy, all_ = _ticks(_text(self._proc / "stat"))
            self._readings.append((now_s, busy, all_))
            _, first_busy, first_all = self._readings[0]
            self._cpu_permille = _permille(busy - first_busy, all_ - first_all)
        return LoadFacts(
            cpu_permille=self._cpu_permille,
            memory_permille=_memory_permille(_text(self._proc / "meminfo")),
            sessions=sessions,
        )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as source:
            return source.read(MAX_FILE_BYTES).decode("ascii", "replace")
    except OSError:
        return ""


def _ticks(stat: str) -> tuple[int, int]:
    """(busy, all) ticks of all cores since the machine's start."""
    words = stat.partition("\n")[0].split()
    if words[:1] != ["cpu"]:
        return 0, 0
    ticks = [int(word) for word in words[1 : 1 + _WORK_COLUMNS] if word.isdecimal()]
    idle = sum(ticks[_IDLE : _WAITING + 1])
    return sum(ticks) - idle, sum(ticks)


def _memory_permille(meminfo: str) -> int:
    sizes = {}
    for line in meminfo.splitlines():
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdecimal():
            sizes[name] = int(words[0])
    total = sizes.get("MemTotal", 0)
    return _permille(total - sizes.get("MemAvailable", total), total)


def _permille(part: int, whole: int) -> int:
    return 0 if whole <= 0 else max(0, min(1000, round(1000 * part / whole)))
