"""The open segment's way to the disk: bytes gathered in memory, appended and synced by a thread, one job at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from footlight.agent.desk import Desk
from footlight.agent.disk_lane import DiskLane
from footlight.agent.spool import Begun, SegmentFile, SpoolFolder

FLUSH_AT_BYTES = 4 * 1024 * 1024


class ReelDisk:
    """Of one recording. `on_backlog` is told in the event loop when the disk has come forward or fallen behind."""

    def __init__(
        self,
        desk: Desk,
        folder: SpoolFolder,
        on_failure: Callable[[OSError], None],
        on_backlog: Callable[[], None],
    ) -> None:
        self.lane = DiskLane(folder.recording_id, desk.pool, on_failure)
        self.backlog_bytes = 0  # not yet on the disk
        self.synced_bytes = 0  # of the open segment
        self._desk = desk
        self._folder = folder
        self._on_backlog = on_backlog
        self._file: SegmentFile | None = None
        self._unwritten: list[bytes] = []
        self._unwritten_bytes = 0
        self._free: int | None = None  # on the disk, after what was written last
        self._new_bytes = 0  # not told to whom keeps the pace

    @property
    def due(self) -> bool:
        """Whether so much has gathered that it should be flushed at once."""
        return self._unwritten_bytes >= FLUSH_AT_BYTES

    def open(self, number: int, begun: Begun | None) -> None:
        """Open the file of segment `number`, after saving what was begun, if that is given."""
        self.synced_bytes = 0
        self.lane.put(partial(self._open_file, number, begun))

    def take(self, data: bytes) -> None:
        """Gather bytes of the open segment."""
        if data:
            self._unwritten.append(data)
            self._unwritten_bytes += len(data)
            self._new_bytes += len(data)
            self._backlog(len(data))

    def take_new_bytes(self) -> int:
        """How many bytes were gathered since this was last asked."""
        stored, self._new_bytes = self._new_bytes, 0
        return stored

    def flush(self, then: Callable[[int], None]) -> None:
        """Append what has gathered; then `then` is told how many bytes that were."""
        data = self._gathered()

        def synced() -> None:
            self._desk.room.found(self._free)
            self._backlog(-len(data))
            then(len(data))

        self.lane.put(partial(self._append, data), synced)

    def close(self, then: Callable[[], None]) -> None:
        """Append what has gathered and close the file; then `then`."""
        data = self._gathered()

        def closed() -> None:
            then()
            self._backlog(-len(data))

        self.lane.put(partial(self._close_file, data), closed)

    async def settle(self) -> None:
        """Wait until the disk has everything, as far as it works."""
        await self.lane.settle()

    def let_go(self) -> None:
        """Close the file as it is. No job may wait."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _gathered(self) -> bytes:
        data, self._unwritten, self._unwritten_bytes = b"".join(self._unwritten), [], 0
        self._desk.room.wrote(len(data))
        return data

    def _backlog(self, change: int) -> None:
        self.backlog_bytes += change
        self._on_backlog()

    # Jobs, run in threads.

    def _open_file(self, number: int, begun: Begun | None) -> None:
        if begun is not None:
            self._folder.write_begun(begun)
        self._file = SegmentFile(self._folder.path, number)

    def _append(self, data: bytes) -> None:
        assert self._file is not None
        self._file.append(data)
        self._free = self._desk.room.free_now()

    def _close_file(self, data: bytes) -> None:
        assert self._file is not None
        self._file.append(data)
        self._file.close()
        self._file = None
