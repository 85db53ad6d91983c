from __future__ import annotations

import subprocess
import sys
import time

from footlight.clock import FakeClock, SystemClock


def test_system_clock_tells_wall_time_in_ms() -> None:
    before = int(time.time() * 1000)
    now = SystemClock().now_ms()
    assert before <= now <= int(time.time() * 1000) + 1


def test_monotonic_time_is_shared_between_processes() -> None:
    """The recorder writes what the site's other processes compare with their own."""
    program = "from footlight.clock import SystemClock; print(SystemClock().monotonic_ns())"
    before = SystemClock().monotonic_ns()
    other = int(subprocess.run([sys.executable, "-c", program], capture_output=True).stdout)
    assert before < other < SystemClock().monotonic_ns()


def test_fake_clock_moves_when_told() -> None:
    clock = FakeClock(now_ms=5000)
    mono = clock.monotonic_ns()
    assert clock.now_ms() == clock.now_ms() == 5000
    clock.advance(1500)
    assert clock.now_ms() == 6500
    assert clock.monotonic_ns() - mono == 1_500_000_000
