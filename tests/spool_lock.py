"""The lock of a spool, taken by a test: no recorder comes up that has to have it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

WITHIN_S = 60.0
_WAITER = "import fcntl,sys; f=open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); input()"


@contextlib.contextmanager
def holding(lock: Path) -> Iterator[None]:
    """The lock is another's as soon as the recorder that has it is gone: who waits for it first has it next."""
    command = [sys.executable, "-c", _WAITER, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as other:
        try:
            limit = time.monotonic() + WITHIN_S
            while not _waits_for_a_lock(other.pid):
                assert time.monotonic() < limit, "it waits for the lock"
                time.sleep(0.01)
            yield
        finally:
            other.kill()


def _waits_for_a_lock(pid: int) -> bool:
    """Source: proc(5), /proc/locks."""
    lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return any("->" in words and str(pid) in words for words in lines)
