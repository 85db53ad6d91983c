"""A kept or still running recording as a folder at hand: sealed segments from the object store, open ones and
those not yet uploaded from the host's spool.

The folder is a copy of immutable bytes (and the growing tail of the open segment), so that the blocking readers
work on files; least recently used recordings go when the copies exceed their bound.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from footlight.archive.keys import RecordingKeys
from footlight.bus import subjects
from footlight.bus.bus import Bus
from footlight.errors import NotFound, Unavailable
from footlight.objects.objects import Objects
from footlight.recording.cipher import DataKey
from footlight.recording.format import MANIFEST_NAME, open_name, segment_name
from footlight.recording.index import Index
from footlight.recording.source import FolderSource
from footlight.wire.host import ReadSegment, SegmentPiece, decode, encode

PIECE_BYTES = 1024 * 1024
HOST_TIMEOUT_S = 5.0
HOST_WAITS_S = 2.0  # for the growth of a segment, within one question
GROWTH_EACH_S = 0.05  # between two questions: older hosts do not wait
MANIFEST_WITHIN_S, MANIFEST_EACH_S = 3.0, 0.1
COPIES_AT_MOST_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Recorded:
    """Where a recording is: its host, and whether it is over."""

    id: str
    machine_id: str
    final: bool


class KeptSource(FolderSource):
    """The copy's folder, and the indexes of its sealed segments as far as they were read."""

    def __init__(self, folder: Path, data_key: DataKey, indexes: dict[int, Index]) -> None:
        super().__init__(folder, data_key)
        self.indexes = indexes


@dataclass
class _Copy:
    folder: Path
    indexes: dict[int, Index] = field(default_factory=dict)
    users: int = 0
    complete: bool = False
    waited: bool = False  # for the manifest
    size_bytes: int = 0
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


class Kept:
    """Copies of recordings in `folder`, which is emptied at the start. Sealed segments stay encrypted there."""

    def __init__(self, folder: Path, objects: Objects, bus: Bus, keys: RecordingKeys) -> None:
        self._folder = folder
        self._objects = objects
        self._bus = bus
        self._keys = keys
        self._copies: OrderedDict[str, _Copy] = OrderedDict()

    async def start(self) -> None:
        """Forget copies of an earlier start."""
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True)

    @asynccontextmanager
    async def whole(self, recorded: Recorded) -> AsyncIterator[KeptSource]:
        """All of the recording that there is now. Raises Unavailable when its host is silent."""
        async with self._used(recorded) as copy:
            async with copy.busy:
                await self._bring_all(recorded, copy)
            yield KeptSource(copy.folder, self._keys.data_key(recorded.id), copy.indexes)

    @asynccontextmanager
    async def segment(self, recorded: Recorded, number: int) -> AsyncIterator[tuple[Path, bool]]:
        """One segment's file as it is now, and whether it is still open. Raises NotFound, Unavailable."""
        async with self._used(recorded) as copy:
            async with copy.busy:
                if not await self._bring(recorded, copy, number):
                    raise NotFound(
                        "There is no such segment.", entityType="Segment", id=str(number)
                    )
            sealed = copy.folder / segment_name(number)
            is_open = not sealed.exists()
            yield (copy.folder / open_name(number) if is_open else sealed), is_open

    async def grown(self, recorded: Recorded, number: int, after: int, wait_s: float) -> None:
        """Returns when an open segment has more than `after` bytes, when it is sealed, or when the time is over: at
        once for what is over, and when the host is silent."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_s
        while not recorded.final and (left := until - loop.time()) > 0:
            wait = min(left, HOST_WAITS_S)
            try:
                piece = await self._ask(recorded, number, after, length=0, wait_s=wait)
            except Unavailable:  # it may be stored all the same
                return
            if not piece.found or not piece.open or piece.size > after:
                return
            await asyncio.sleep(GROWTH_EACH_S)

    async def forget(self, recording_id: str) -> None:
        """Let go of the copy of a deleted recording; who reads it now reads on."""
        copy = self._copies.pop(recording_id, None)
        if copy is not None:
            await asyncio.to_thread(shutil.rmtree, copy.folder, ignore_errors=True)

    @asynccontextmanager
    async def _used(self, recorded: Recorded) -> AsyncIterator[_Copy]:
        copy = self._copies.setdefault(recorded.id, _Copy(self._folder / recorded.id))
        self._copies.move_to_end(recorded.id)
        copy.users += 1
        try:
            copy.folder.mkdir(mode=0o700, exist_ok=True)
            yield copy
        finally:
            copy.users -= 1
            await self._evict()

    async def _bring_all(self, recorded: Recorded, copy: _Copy) -> None:
        if copy.complete:
            return
        number = 0
        while await self._bring(recorded, copy, number):
            number += 1
        data = await self._manifest(recorded, copy)
        if data is None:
            return
        await asyncio.to_thread((copy.folder / MANIFEST_NAME).write_bytes, data)
        # With its manifest in the store a recording has all its segments there.
        copy.complete = recorded.final

    async def _manifest(self, recorded: Recorded, copy: _Copy) -> bytes | None:
        """It follows the last segment into the store: that of a recording that has just ended is waited for, once."""
        tries = (
            int(MANIFEST_WITHIN_S / MANIFEST_EACH_S) if recorded.final and not copy.waited else 0
        )
        copy.waited = copy.waited or recorded.final
        while True:
            with suppress(NotFound):
                return await self._objects.get(f"{recorded.id}/{MANIFEST_NAME}")
            if tries == 0:
                return None
            tries -= 1
            await asyncio.sleep(MANIFEST_EACH_S)

    async def _bring(self, recorded: Recorded, copy: _Copy, number: int) -> bool:
        """Bring one segment up to date; False when there is none of that number."""
        if (copy.folder / segment_name(number)).exists():
            return True
        # Of one that was open a moment ago its host knows more.
        growing = (copy.folder / open_name(number)).exists()
        if not growing and await self._from_store(recorded, copy, number):
            return True
        if await self._from_host(recorded, copy, number):
            return True
        # Between the two questions it may have been uploaded.
        return await self._from_store(recorded, copy, number)

    async def _from_store(self, recorded: Recorded, copy: _Copy, number: int) -> bool:
        key = f"{recorded.id}/{segment_name(number)}"
        try:
            size = await self._objects.size(key)
        except NotFound:
            return False
        part = copy.folder / f"{number:06}.part"
        part.unlink(missing_ok=True)
        for offset in range(0, size, PIECE_BYTES):
            piece = await self._objects.get(key, offset, PIECE_BYTES)
            await asyncio.to_thread(_append, part, piece)
        self._sealed(copy, part, number, size)
        return True

    async def _from_host(self, recorded: Recorded, copy: _Copy, number: int) -> bool:
        local = copy.folder / open_name(number)
        offset = local.stat().st_size if local.exists() else 0
        while True:
            piece = await self._ask(recorded, number, offset)
            if not piece.found:
                return False
            if offset > piece.size:
                # Its writer died and the torn tail was cut: what is here is not what was kept.
                local.unlink(missing_ok=True)
                offset = 0
                continue
            await asyncio.to_thread(_append, local, piece.data)
            offset += len(piece.data)
            copy.size_bytes += len(piece.data)
            if offset >= piece.size or not piece.data:
                break
        if not piece.open:
            # The tail may have changed when it was sealed; sealed bytes are read afresh, whole.
            local.unlink(missing_ok=True)
            return await self._sealed_from_host(recorded, copy, number)
        return True

    async def _sealed_from_host(self, recorded: Recorded, copy: _Copy, number: int) -> bool:
        part = copy.folder / f"{number:06}.part"
        part.unlink(missing_ok=True)
        offset = 0
        while True:
            piece = await self._ask(recorded, number, offset)
            if not piece.found:
                return False
            await asyncio.to_thread(_append, part, piece.data)
            offset += len(piece.data)
            if offset >= piece.size:
                self._sealed(copy, part, number, offset)
                return True
            if not piece.data:
                raise Unavailable("The host broke off within a segment.")

    async def _ask(
        self,
        recorded: Recorded,
        number: int,
        offset: int,
        length: int = PIECE_BYTES,
        wait_s: float = 0.0,
    ) -> SegmentPiece:
        question = ReadSegment(
            recording_id=recorded.id,
            number=number,
            offset=offset,
            length=length,
            wait_ms=int(wait_s * 1000),
        )
        try:
            answer = await self._bus.request(
                subjects.segments(recorded.machine_id), encode(question), HOST_TIMEOUT_S
            )
        except Unavailable:
            if recorded.final:
                return SegmentPiece(found=False)
            raise
        return decode(SegmentPiece, answer)

    @staticmethod
    def _sealed(copy: _Copy, part: Path, number: int, size: int) -> None:
        part.rename(copy.folder / segment_name(number))
        (copy.folder / open_name(number)).unlink(missing_ok=True)
        copy.size_bytes += size

    async def _evict(self) -> None:
        total = sum(copy.size_bytes for copy in self._copies.values())
        for recording_id, copy in list(self._copies.items()):
            if total <= COPIES_AT_MOST_BYTES:
                return
            if copy.users == 0:
                del self._copies[recording_id]
                total -= copy.size_bytes
                await asyncio.to_thread(shutil.rmtree, copy.folder, ignore_errors=True)


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
