"""What happens between closing and sealing a segment: written anew and encrypted into its final bytes.

One thread has all recordings of the host written anew, by a process of its own (sealer.py). A recording's segments are
sealed one by one in their order, since each names the head of the one before. The order on the disk:
1. the sealed bytes are written under a name of their own, synced, then get their sealed name;
2. the journal names them: only now anyone may take them away;
3. the open file goes. A crash before 2 leaves it to be salvaged, as if nothing had been sealed.
"""

from __future__ import annotations

import contextlib
import errno
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from footlight.agent.disk_lane import DiskLane
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.sealer_link import Sealer
from footlight.agent.spool import SealedLine, SpoolFolder, journal_line
from footlight.recording.cipher import DataKey
from footlight.recording.format import NO_HEAD, FormatError, open_name
from footlight.recording.sealing import Hand, Place, SealedSegment, seal_segment
from footlight.recording.writer import ClosedSegment

if TYPE_CHECKING:
    from footlight.agent.desk import Desk

MAX_WAITING = (
    4  # closed segments of all recordings; with more, they are taken over as they were compressed
)
MAX_WAITING_OF_ONE = 8  # of one recording; with more, its screen has to wait


class Press:
    """The thread that waits for the sealer, and how many segments wait for it. Without a sealer all are taken over as
    they were compressed."""

    def __init__(self, sealer: Sealer | None = None) -> None:
        self.waiting = 0
        self.sealer = sealer
        self.pool = ThreadPoolExecutor(1, "sealing")
        self._closing = False

    @property
    def behind(self) -> bool:
        """Whether there is more to do than it is worth."""
        return self._closing or self.waiting > MAX_WAITING

    def prepare(self) -> None:
        """There will be something to do: have the sealer started."""
        if self.sealer is not None:
            self.pool.submit(self.sealer.prepare)

    def close(self) -> None:
        """Wait for the segment that is being sealed, then end the sealer."""
        self._closing = True
        self.pool.shutdown()
        if self.sealer is not None:
            self.sealer.close()


class Sealing:
    """One recording's closed segments on their way to being sealed. Used from one event loop."""

    def __init__(
        self,
        desk: Desk,
        folder: SpoolFolder,
        order: BeginRecording,
        lines: list[SealedLine],
        on_failure: Callable[[OSError], None],
    ) -> None:
        self.lines = lines
        self.on_sealed: Callable[[], None] | None = None
        self.waiting_bytes = 0
        self._waiting = 0
        self._desk = desk
        self._folder = folder
        self._hand = hand_of(desk, order)
        self._lane = DiskLane(folder.recording_id, desk.press.pool, on_failure)
        self._until_s: float | None = None  # monotonic; from then on nothing is written anew

    @property
    def full(self) -> bool:
        """Whether so many segments wait that no more should be closed."""
        return self._waiting > MAX_WAITING_OF_ONE

    def put(self, closed: ClosedSegment, stored_bytes: int, *, last: bool) -> None:
        """Seal this segment, whose open file is whole on the disk, after those before it."""
        self._waiting += 1
        self._desk.press.waiting += 1
        self.waiting_bytes += stored_bytes
        number = closed.header.number

        def sealed() -> None:
            self._desk.room.wrote(self.lines[-1].entry.size_bytes - stored_bytes)
            self._settled(stored_bytes)
            if self.on_sealed is not None:
                self.on_sealed()

        self._lane.put(partial(self._seal, closed, number, last), sealed)

    def hurry(self, grace_s: float) -> None:
        """Somebody waits for the end: only for so long is anything still written anew."""
        self._until_s = time.monotonic() + grace_s

    async def settle(self) -> None:
        """Wait until all that was closed is sealed, after `hurry`."""
        self._lane.pool = self._desk.pool
        await self._lane.settle()
        self._desk.press.waiting -= self._waiting  # what failed waits no more
        self._waiting = self.waiting_bytes = 0

    def _settled(self, stored_bytes: int) -> None:
        self._waiting -= 1
        self._desk.press.waiting -= 1
        self.waiting_bytes -= stored_bytes

    def _is_worth_it(self) -> bool:
        in_time = self._until_s is None or time.monotonic() < self._until_s
        return in_time and not self._desk.press.behind

    def _seal(self, closed: ClosedSegment, number: int, last: bool) -> None:
        """Runs in a thread, one at a time."""
        torn = self._folder.path / open_name(number)
        head = bytes.fromhex(self.lines[-1].entry.head) if self.lines else NO_HEAD
        place = Place(number, head, last)
        with (
            self._written_anew(torn, closed) as anew,
            torn.open("rb") as source,
            self._folder.temporary() as sink,
        ):
            try:
                sealed = seal_segment(source, sink, closed, place, self._hand, anew)
            except FormatError as error:
                raise OSError(errno.EIO, f"segment {number}: {error}") from None
        self.lines.append(keep_sealed(self._folder, sealed))
        torn.unlink()

    @contextlib.contextmanager
    def _written_anew(self, torn: Path, closed: ClosedSegment) -> Iterator[BinaryIO | None]:
        """The body as the sealer wrote it, in a file without a name; None: it is as it was."""
        sealer = self._desk.press.sealer
        if sealer is None or not self._is_worth_it():
            yield None
            return
        with tempfile.TemporaryFile(dir=self._folder.path) as sink:
            # Opened for the sealer alone: what it was asked and is no longer, it may still read.
            with torn.open("rb") as source:
                smaller = sealer.recompress(source, sink, closed.body_bytes, self._is_worth_it)
            yield sink if smaller else None


def keep_sealed(folder: SpoolFolder, sealed: SealedSegment) -> SealedLine:
    """Give what `folder.temporary` holds its sealed name, then name it in the journal."""
    folder.rename_temporary(sealed.entry.name)
    line = journal_line(sealed)
    folder.append_journal(line)
    return line


def hand_of(desk: Desk, order: BeginRecording) -> Hand:
    """Who seals that recording, and with which key."""
    key = order.key
    return Hand(desk.key, None if key is None else DataKey(key.data_key, key.wrapped))
