"""The sealer: a process of the recorder's that writes closed segments anew, so that they take less room.

It has what is hard on the CPU and on the interpreter, at the lowest priority, so that the recorder waits for none of
it. It is given a segment as two open files and never learns where they are, whose they are, or any key. It ends
with the recorder: with its end of the socket, and by the kernel's hand.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import select
import socket

import zstandard

from footlight.agent import processes
from footlight.agent.redrawing import redrawn
from footlight.agent.sealer_messages import ANSWER, JOB
from footlight.recording.format import FormatError
from footlight.recording.recompression import recompress

MEMORY_BYTES = 1 << 30  # two pictures and a record of the largest screens
NICE = 19
# Of <linux/ioprio.h> and the kernel's tables of system calls.
_IOPRIO_WHO_PROCESS, _IOPRIO_CLASS_IDLE = 1, 3 << 13
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30}


def serve(control: socket.socket) -> None:
    """Do one job after the other until the recorder is gone."""
    while True:
        try:
            message, files, _, _ = socket.recv_fds(control, JOB.size, 2)
            if not message:
                return
            try:
                if len(files) == 2:
                    number, body_bytes = JOB.unpack(message)
                    control.send(ANSWER.pack(number, _smaller(control, files, body_bytes)))
            finally:
                for file in files:
                    os.close(file)
        except ConnectionError:
            return


def _smaller(control: socket.socket, files: list[int], body_bytes: int) -> bool:
    with (
        open(files[0], "rb", closefd=False) as source,
        open(files[1], "r+b", closefd=False) as sink,
    ):
        try:
            return recompress(source, sink, body_bytes, redrawn, lambda: not _spoken_to(control))
        except (FormatError, MemoryError, OSError, zstandard.ZstdError):
            return False  # taken over as it is, it says itself what is wrong with it


def _spoken_to(control: socket.socket) -> bool:
    return bool(select.select([control], [], [], 0)[0])


def give_way() -> None:
    """Run when nobody else wants to."""
    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    number = _IOPRIO_SET.get(os.uname().machine)
    if number is not None:  # elsewhere niceness alone counts
        ctypes.CDLL(None).syscall(number, _IOPRIO_WHO_PROCESS, 0, _IOPRIO_CLASS_IDLE)


def main() -> None:
    """Entry point; arguments name the inherited socket and the recorder."""
    parser = argparse.ArgumentParser(prog="footlight-sealer")
    parser.add_argument("--control", type=int, required=True, help="inherited socket's descriptor")
    parser.add_argument("--parent", type=int, required=True, help="pid of the recorder")
    given = parser.parse_args()
    if not processes.die_with_parent(given.parent):
        return
    processes.set_undumpable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    give_way()
    with socket.socket(fileno=given.control) as control:
        serve(control)


if __name__ == "__main__":
    main()
