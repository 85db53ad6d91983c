from __future__ import annotations

from pathlib import Path

import pytest

from footlight.agent.load import READING_S, LoadMeter
from footlight.clock import FakeClock

MEMORY = "MemTotal:  8000 kB\nMemFree: 100 kB\nMemAvailable:  6000 kB\nHugePages_Total: 0\n"


class Machine:
    """A /proc that says what the test wants, at a time of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.meter = LoadMeter(self.clock, folder)
        self.ticks = [0] * 10
        (folder / "meminfo").write_text(MEMORY)
        self.work(0, 0)

    def work(self, busy: int, idle: int) -> None:
        """So many ticks more."""
        self.ticks[0] += busy
        self.ticks[3] += idle
        text = f"cpu  {' '.join(map(str, self.ticks))}\ncpu0 1 2 3\nintr 5\n"
        (self.folder / "stat").write_text(text)

    def cpu(self) -> int:
        return self.meter.read(0).cpu_permille


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_memory_without_caches_and_sessions(machine: Machine) -> None:
    load = machine.meter.read(7)
    assert (load.memory_permille, load.sessions) == (250, 7)


def test_the_share_of_all_cores_over_the_last_seconds(machine: Machine) -> None:
    assert machine.cpu() == 0
    machine.work(30, 70)
    machine.clock.advance(round(READING_S * 1000))
    assert machine.cpu() == 300
    for _ in range(10):
        machine.work(90, 10)
        machine.clock.advance(round(READING_S * 1000))
        last = machine.cpu()
    assert last == 900


def test_readings_that_follow_at_once_are_one(machine: Machine) -> None:
    machine.cpu()
    machine.work(50, 50)
    machine.clock.advance(round(READING_S * 500))
    assert machine.cpu() == 0
    machine.clock.advance(round(READING_S * 500))
    assert machine.cpu() == 500


def test_waiting_for_disks_is_no_work_and_guests_count_once(machine: Machine) -> None:
    machine.cpu()
    machine.ticks[4] += 50  # iowait
    machine.ticks[8] += 40  # guest, which is in user, too
    machine.work(50, 0)
    machine.clock.advance(round(READING_S * 1000))
    assert machine.cpu() == 500


def test_what_the_kernel_does_not_tell_counts_as_nothing(tmp_path: Path) -> None:
    load = LoadMeter(FakeClock(), tmp_path).read(1)
    assert (load.cpu_permille, load.memory_permille) == (0, 0)
    (tmp_path / "stat").write_text("intr 0\n")
    (tmp_path / "meminfo").write_text("MemTotal:\n")
    assert LoadMeter(FakeClock(), tmp_path).read(1) == load


def test_this_machine_tells_of_itself() -> None:
    assert 0 < LoadMeter(FakeClock()).read(0).memory_permille < 1000
