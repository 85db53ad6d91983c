"""How much waits on the host's disk to be stored, and for how long."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

LOOK_EACH_S = 10.0
MOST_FILES = 100_000


@dataclass(frozen=True)
class Waiting:
    """Bytes, and when the oldest file that is complete was written (ms since 1970; None: none is)."""

    size_bytes: int = 0
    oldest_ms: int | None = None


class SpoolMeter:
    """Looks at the spool now and then; `waiting` is what it last saw."""

    def __init__(self, spool: Path) -> None:
        self.waiting = Waiting()
        self._spool = spool
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Look at once, and go on."""
        await self._look()
        self._task = spawn("spool meter", self._run())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        await cancel(self._task)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EACH_S)
            await self._look()

    async def _look(self) -> None:
        try:
            self.waiting = await asyncio.to_thread(waiting_in, self._spool)
        except OSError as error:
            _log.warning("spool not looked at", error=str(error))


def waiting_in(spool: Path) -> Waiting:
    """What is in the spool; files that go meanwhile don't count. Raises OSError where there is none."""
    size, oldest, files = 0, None, 0
    with os.scandir(spool) as folders:
        for folder in folders:
            if not folder.is_dir(follow_symlinks=False):
                continue
            for entry in _files(folder.path):
                files += 1
                if files > MOST_FILES:
                    return Waiting(size, oldest)
                try:
                    facts = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                size += facts.st_size
                if entry.name.endswith(".flseg"):
                    written_ms = int(facts.st_mtime * 1000)
                    oldest = written_ms if oldest is None else min(oldest, written_ms)
    return Waiting(size, oldest)


def _files(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if entry.is_file(follow_symlinks=False)]
    except FileNotFoundError:
        return []
