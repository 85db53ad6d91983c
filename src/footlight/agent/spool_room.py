"""How much room the spool has: the site's bound, and what is to stay free on the disk.

What is written is counted as it goes to the disk, and whoever writes looks at what is free then (`free_now`), since
he is in a thread already. What the uploader takes away is seen by counting files anew, which is done only near the
bound. So a spool that is emptied as fast as it fills costs nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from footlight.agent.spool import spool_folders
from footlight.config import SiteConfig

COUNT_FROM = 0.8  # of the limit: files are counted anew
GO_ON_BELOW = 0.9  # of the limit: recording goes on
GO_ON_FREE_BYTES = 4 * 1024 * 1024  # more than the disk had when it was full
LOOK_S, QUIET_LOOK_S = 1.0, 5.0  # between two looks; while nothing is written
TRY_AGAIN_S = 5.0  # whatever is free: it may have been measured after room was made
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
SEGMENT_SUFFIX = ".flseg"
_MIB = 1024 * 1024


@dataclass(frozen=True)
class SpoolBounds:
    """limit_bytes: of all files of the spool together; free_bytes: what others on its disk keep."""

    limit_bytes: int = 20 * 1024**3
    free_bytes: int = 1024**3


def spool_bounds(config: SiteConfig) -> SpoolBounds:
    """Those that are configured."""
    return SpoolBounds(config.spool_limit_mib * _MIB, config.spool_free_mib * _MIB)


class SpoolRoom:
    """`full` says why there is no room, "" while there is some. Used from one event loop."""

    def __init__(
        self, spool: Path, bounds: SpoolBounds, free: Callable[[Path], int] | None = None
    ) -> None:
        self.full = ""
        self._spool = spool
        self._bounds = bounds
        self._free = free or free_bytes_of
        self._used_bytes: int | None = None
        self._failed_free: int | None = None  # what was free when a write found no room
        self._failed_s = 0.0  # when, by the monotonic clock
        self._due = asyncio.Event()  # a look is

    def wrote(self, size_bytes: int) -> None:
        """So much more will be in the spool."""
        if self._used_bytes is not None:
            self._used_bytes += size_bytes
            if self._near():
                self._due.set()
            if self._used_bytes > self._bounds.limit_bytes and not self.full:
                self.full = self._over_limit()

    def failed(self, error: OSError) -> None:
        """A write failed: the disk is full, or takes nothing, which is found out by trying again."""
        self._due.set()
        if error.errno in NO_ROOM:
            self._failed_free = self._free(self._spool)
            self._failed_s = time.monotonic()
            self.full = "the disk is full"
        else:
            self.full = f"the spool cannot be written: {error.strerror}"

    def free_now(self) -> int | None:
        """What is free, if the disk tells. Blocks; called in a thread after a write, whose result goes to `found`."""
        try:
            return self._free(self._spool)
        except OSError:
            return None

    def found(self, free: int | None) -> None:
        """So much was free after a write."""
        if free is not None and not self.full and self._failed_free is None:
            self.full = self._why(self._used_bytes or 0, free)
            if self.full:
                self._due.set()

    async def change(self) -> None:
        """Returns when it is time for a look: soon after a write that failed or came near the limit, and while there
        is no room; else seldom, for what others write."""
        await asyncio.sleep(LOOK_S)
        if not self.full:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(QUIET_LOOK_S - LOOK_S):
                    await self._due.wait()

    async def look(self) -> None:
        """Bring `full` up to date. Raises OSError when the disk does not tell."""
        self._due.clear()
        before = self._used_bytes
        if self._near() or self.full:
            counted = (await asyncio.to_thread(measure, self._spool)).size_bytes
            # What was written meanwhile may be counted twice.
            self._used_bytes = counted + (self._used_bytes or 0) - (before or 0)
        free = await asyncio.to_thread(self._free, self._spool)
        self.full = self._why(self._used_bytes or 0, free)

    def _near(self) -> bool:
        used = self._used_bytes
        return used is None or used >= self._bounds.limit_bytes * COUNT_FROM

    def _why(self, used: int, free: int) -> str:
        if self._failed_free is not None:
            lately = time.monotonic() - self._failed_s < TRY_AGAIN_S
            if lately and free < self._failed_free + GO_ON_FREE_BYTES:
                return "the disk is full"
            self._failed_free = None
        keep = self._bounds.free_bytes
        if free < keep + (GO_ON_FREE_BYTES if self.full and keep else 0):
            return f"{free // _MIB} MiB are free on the spool's disk, {keep // _MIB} MiB are to stay free"
        if used > self._bounds.limit_bytes * (GO_ON_BELOW if self.full else 1):
            return self._over_limit()
        return ""

    def _over_limit(self) -> str:
        return f"the spool is full: {self._bounds.limit_bytes // _MIB} MiB"


@dataclass(frozen=True)
class SpoolSize:
    """All files of a spool together, and since when (ms) the oldest sealed segment waits to be uploaded."""

    size_bytes: int
    oldest_at_ms: int | None


def measure(spool: Path) -> SpoolSize:
    """Count the files of a spool. Blocks."""
    size, oldest = 0, None
    for folder in spool_folders(spool):
        for name, facts in _files(folder.path):
            size += facts.st_size
            at_ms = facts.st_mtime_ns // 1_000_000
            if name.endswith(SEGMENT_SUFFIX) and (oldest is None or at_ms < oldest):
                oldest = at_ms
    return SpoolSize(size, oldest)


def free_bytes_of(path: Path) -> int:
    """What is free for us on the disk of that folder."""
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Those that do not vanish meanwhile."""
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(folder):
            with contextlib.suppress(FileNotFoundError):
                yield entry.name, entry.stat(follow_symlinks=False)
