"""Moves sealed segments and manifests from the spool to the object store.

A spool copy goes only after the store has the bytes durably. The manifest comes last; it stays in
the spool until the site knows how the recording ended, too (SpoolFolder).
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from footlight.agent.spool import SpoolFolder, spool_folders
from footlight.clock import Clock, SystemClock
from footlight.errors import Conflict, FootlightError, NotFound
from footlight.ids import is_guid
from footlight.log import bind, get_logger
from footlight.recording.format import MANIFEST_NAME
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

CONCURRENCY = 2
FIRST_RETRY_S = 1.0
MAX_RETRY_S = 60.0
PUT_TIMEOUT_S = 300.0


class Target(Protocol):
    """Where files go: a store, or what puts them into one."""

    async def put_file(self, key: str, source: Path) -> None:
        """As objects.Objects. Raises NotFound for what is not wanted there."""
        ...


@dataclass(frozen=True)
class Failing:
    """No upload has worked since; why the last one did not."""

    since_ms: int
    reason: str


class Uploader:
    """Uploads what is sealed. One task per recording that has something to upload."""

    def __init__(self, spool: Path, objects: Target, clock: Clock | None = None) -> None:
        self.failing: Failing | None = None
        self._clock = clock or SystemClock()
        self._spool = spool
        self._objects = objects
        self._slots = asyncio.Semaphore(CONCURRENCY)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._closed = False

    async def start(self) -> None:
        """Take up everything that an earlier run left in the spool."""
        for folder in await asyncio.to_thread(lambda: list(spool_folders(self._spool))):
            self.nudge(folder.recording_id)

    async def stop(self) -> None:
        """Stop where it is; the next start goes on."""
        self._closed = True
        await cancel(*self._running.values())

    async def drain(self) -> None:
        """Wait until everything nudged so far is uploaded. The caller sets the timeout."""
        while self._running:
            await asyncio.wait(set(self._running.values()))

    def nudge(self, recording_id: str) -> None:
        """Something of this recording was sealed. Cheap; call it on every change."""
        if self._closed or not is_guid(recording_id):
            return
        if recording_id in self._running:
            self._again.add(recording_id)
            return
        task = spawn(f"upload {recording_id}", self._upload(recording_id))
        self._running[recording_id] = task
        task.add_done_callback(lambda _: self._done(recording_id))

    def _done(self, recording_id: str) -> None:
        self._running.pop(recording_id, None)
        if recording_id in self._again:
            self._again.discard(recording_id)
            self.nudge(recording_id)

    async def _upload(self, recording_id: str) -> None:
        """All that is sealed now; repeated with growing pauses until it has worked."""
        folder = SpoolFolder(self._spool / recording_id)
        if (begun := await asyncio.to_thread(folder.read_begun)) is not None:
            bind(session=begun.order.session_id, transaction=begun.order.transaction)
        retry_s = FIRST_RETRY_S
        while True:
            try:
                await self._upload_once(folder)
                return
            except (Conflict, NotFound) as error:
                # The store has other bytes under this name, or the site does not know the recording: a fault for
                # people, not for a retry.
                _log.error("upload refused", recording=recording_id, error=error.message)
                return
            except (FootlightError, OSError, TimeoutError) as error:
                reason = str(error) or type(error).__name__
                since_ms = self.failing.since_ms if self.failing else self._clock.now_ms()
                self.failing = Failing(since_ms, reason)
                _log.warning("upload failed", recording=recording_id, error=reason, retry_s=retry_s)
            # Recordings of many hosts must not come back at the same moment.
            await asyncio.sleep(retry_s * random.uniform(0.5, 1.0))
            retry_s = min(retry_s * 2, MAX_RETRY_S)

    async def _upload_once(self, folder: SpoolFolder) -> None:
        for path in await asyncio.to_thread(_sealed_files, folder):
            async with self._slots, asyncio.timeout(PUT_TIMEOUT_S):
                await self._objects.put_file(f"{folder.recording_id}/{path.name}", path)
            self.failing = None
            if path.name == MANIFEST_NAME:
                await asyncio.to_thread(folder.mark_uploaded)
            else:
                await asyncio.to_thread(path.unlink)


def _sealed_files(folder: SpoolFolder) -> list[Path]:
    """Segments that the journal names and the spool still has, then the manifest."""
    names = [line.entry.name for line in folder.journal()]
    if not folder.uploaded:
        names.append(MANIFEST_NAME)
    return [path for name in names if (path := folder.path / name).exists()]
