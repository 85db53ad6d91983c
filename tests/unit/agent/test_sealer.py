"""The sealer's process by itself."""

import os
import resource
import signal
import socket
import threading
from pathlib import Path
from typing import BinaryIO

from footlight.agent import sealer_link
from footlight.agent.sealer import MEMORY_BYTES
from footlight.agent.sealer_link import Sealer
from footlight.recording.body import Body
from footlight.recording.frames import read_header

WITHIN_S = 60


def test_it_writes_a_smaller_body_and_stays_for_the_next(
    sealer: Sealer, closed: tuple[BinaryIO, int], sink: BinaryIO
) -> None:
    pids = set()
    for _ in range(2):
        assert sealer.recompress(closed[0], sink, closed[1], lambda: True)
        pids.add(sealer.pid)
    assert len(pids) == 1
    body = Body(sink, 0)
    assert sum(len(piece) for _, piece in body.pieces()) > 0
    assert body.complete
    stored = os.fstat(closed[0].fileno()).st_size - read_header(closed[0])[1]
    assert 0 < os.fstat(sink.fileno()).st_size < stored


def test_the_kernel_ends_it_with_whoever_started_it(
    sealer: Sealer, closed: tuple[BinaryIO, int], sink: BinaryIO
) -> None:
    def starts() -> None:
        sealer.recompress(closed[0], sink, closed[1], lambda: True)

    thread = threading.Thread(target=starts)
    thread.start()
    thread.join(WITHIN_S)
    pid = sealer.pid
    assert pid is not None
    # The thread that started it is over: so is the process, which the kernel ends, not the socket.
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL


def test_it_gives_way_and_is_bounded(
    sealer: Sealer, closed: tuple[BinaryIO, int], sink: BinaryIO
) -> None:
    assert sealer.recompress(closed[0], sink, closed[1], lambda: True)
    pid = sealer.pid
    assert pid is not None
    assert os.getpriority(os.PRIO_PROCESS, pid) == 19
    assert resource.prlimit(pid, resource.RLIMIT_DATA) == (MEMORY_BYTES, MEMORY_BYTES)
    assert resource.prlimit(pid, resource.RLIMIT_CORE) == (0, 0)
    environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    names = {entry.partition(b"=")[0] for entry in environment if entry}
    assert names == {b"PYTHONPATH", b"PATH", b"LANG", b"OPENBLAS_NUM_THREADS"}


def test_without_its_parent_it_does_not_begin(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with theirs:
            process = sealer_link._start(theirs)
        ours.close()
        assert process.wait(WITHIN_S) == 0


def test_what_is_no_segment_is_refused(sealer: Sealer, tmp_path: Path, sink: BinaryIO) -> None:
    (tmp_path / "odd").write_bytes(b"no segment" * 99)
    with (tmp_path / "odd").open("rb") as odd:
        assert not sealer.recompress(odd, sink, 10, lambda: True)
    assert sealer.pid is not None
