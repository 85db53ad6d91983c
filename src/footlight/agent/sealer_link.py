"""The recorder's handle on its sealer process: started before the first job, ended when it hangs, started again.

Whatever becomes of that process, a job has an answer soon: no, and the segment is sealed as it was compressed.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import footlight.agent
from footlight.agent import processes
from footlight.agent.sealer_messages import ANSWER, JOB, STOP
from footlight.log import get_logger

_log = get_logger(__name__)

LOOK_S = 0.1
HUNG_S = 2.0  # at no work all the while
LONGEST_S = 300.0  # for one segment
REST_S = 5.0  # before one that was lost is started again


class Sealer:
    """The process, and the one job that it has at a time."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._job = 0
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        """Of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    def prepare(self) -> None:
        """Start the process, so that the first job need not wait for that. Blocks, as `recompress`."""
        if not self._one.acquire(blocking=False):
            return
        try:
            if time.monotonic() >= self._not_before:
                self._running()
        except OSError as error:
            _log.warning("sealer not started", error=str(error))
        finally:
            self._one.release()

    def recompress(
        self, source: BinaryIO, sink: BinaryIO, body_bytes: int, go_on: Callable[[], bool]
    ) -> bool:
        """Whether the body of the closed segment in `source` (a file opened for this) has been written into `sink`
        (an empty file), whole and smaller; not so when `go_on` says no, the sealer is busy or lost. Blocks; made
        for threads that end after it is closed."""
        if not go_on() or not self._one.acquire(blocking=False):
            return False
        try:
            if time.monotonic() < self._not_before:
                return False
            control = self._running()
            self._job += 1
            job = JOB.pack(self._job, body_bytes)
            socket.send_fds(control, [job], [source.fileno(), sink.fileno()])
            return self._answer(control, go_on)
        except OSError as error:
            _log.warning("sealer lost", error=str(error) or type(error).__name__)
            self._end()
            self._not_before = time.monotonic() + REST_S
            return False
        finally:
            self._one.release()

    def close(self) -> None:
        """End the process. No job may run."""
        self._end()

    def _answer(self, control: socket.socket, go_on: Callable[[], bool]) -> bool:
        looks = idle = 0
        while True:
            try:
                answer = control.recv(ANSWER.size)
            except TimeoutError:
                if not go_on():
                    control.send(STOP)
                    return False
                assert self._process is not None
                looks += 1
                idle = 0 if processes.is_at_work(self._process.pid) else idle + 1
                if idle * LOOK_S >= HUNG_S or looks * LOOK_S >= LONGEST_S:
                    raise TimeoutError("it hangs") from None
                continue
            if not answer:
                raise ConnectionResetError("it died")
            number, smaller = ANSWER.unpack(answer)
            if number == self._job:  # else of one that was given up
                return bool(smaller)

    def _running(self) -> socket.socket:
        if self._control is not None:
            return self._control
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(LOOK_S)
        with theirs:
            try:
                self._process = _start(theirs)
            except OSError:
                ours.close()
                raise
        self._control = ours
        return ours

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


def _start(control: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-sP", "-m", "footlight.agent.sealer"),
            *(f"--control={control.fileno()}", f"--parent={os.getpid()}"),
        ],
        pass_fds=[control.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={
            "PYTHONPATH": str(Path(footlight.agent.__file__).parents[2]),
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",
        },
        start_new_session=True,
    )
