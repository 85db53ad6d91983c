"""A recording's durable side: segments written, synced and sealed in the spool, at last a manifest.

The order on the disk, so that a crash at any point loses at most the last second:
1. appended bytes are synced within a second of the change that they hold;
2. a seal is appended and synced, then the journal names it, then the file gets its sealed name;
3. the manifest comes last of all.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import msgspec

from footlight.agent.desk import Desk
from footlight.agent.disk_lane import DiskLane
from footlight.agent.ending import manifest_of
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.recording_time import RecordingTime
from footlight.agent.recovery import Progress, recover
from footlight.agent.spool import Begun, SegmentFile, SpoolFolder, Suspension, journal_line
from footlight.log import get_logger
from footlight.recording.chain import Gap, public_bytes, sign_manifest
from footlight.recording.format import SEGMENT_QUIET_NS, Header
from footlight.recording.writer import Members, SealedSegment, SegmentWriter, StoredRectangle
from footlight.wire.host import RecordingFacts

_log = get_logger(__name__)

FLUSH_AFTER_S = 0.7  # leaves 0.3 s of the promised second to the disk
FLUSH_AT_BYTES = 4 * 1024 * 1024
MAX_BACKLOG_BYTES = 32 * 1024 * 1024  # not yet on the disk; above it the screen has to wait
GROWTH_REPORT_NS = 2_000_000_000
MAX_PENDING_EVENTS = 256
SPOOL_FULL = "spool-full"  # the cause of a gap
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

_NS_PER_MS = 1_000_000
_NS_PER_S = 1_000_000_000

Status = Literal["starting", "recording", "completed", "failed"]


class Reel:
    """One recording's segments. Made by `open_reel`; used from one event loop."""

    def __init__(self, desk: Desk, folder: SpoolFolder, begun: Begun, progress: Progress) -> None:
        self.begun = begun
        self.status: Status = "starting"
        self.error: str | None = None
        self.out_of_room = (
            False  # the disk was full: what is open is to be made whole by a new reel
        )
        self.on_disk_ready: Callable[[], None] | None = None
        self.on_failure: Callable[[], None] | None = None
        self._desk = desk
        self._folder = folder
        self._lines = progress.lines
        self._head = progress.head
        self._end_ns = progress.end_ns
        self._next_number = len(progress.lines)
        self._time = RecordingTime(desk, begun, progress.end_ns)
        self._begun_saved = False
        self._writer: SegmentWriter | None = None
        self._file: SegmentFile | None = None
        self._unwritten: list[bytes] = []
        self._backlog_bytes = 0
        self._synced_bytes = 0  # of the open segment
        self._changed_ns = 0
        self._reported_ns = 0
        self._ended_ms: int | None = None
        self._notified = False
        self._dropped = 0
        self.late_frames = 0  # asked for later, since the disk was behind
        self._gap: tuple[int, str, str] | None = None
        self._paused: str | None = None
        self._events: list[tuple[int, str, Members]] = []
        self._lane = DiskLane(folder.recording_id, desk.pool, self._disk_failed)
        self._flush_timer: asyncio.TimerHandle | None = None
        self._quiet_timer: asyncio.TimerHandle | None = None

    @property
    def now_ns(self) -> int:
        """Recording time; 0 before the first key frame."""
        return self._time.now_ns(self._end_ns)

    @property
    def _named(self) -> dict[str, str | None]:
        """What events about it name: what the disk does is told outside of the tape's task."""
        order = self.begun.order
        return {
            "recording": order.recording_id,
            "session": order.session_id,
            "transaction": order.transaction,
        }

    # --- what happens on the screen -------------------------------------------------------------

    @property
    def writing(self) -> bool:
        """Whether a segment is open; if not, the next update must be a key frame."""
        return self._writer is not None

    @property
    def full(self) -> bool:
        """Whether the open segment has reached its bounds."""
        return self._writer is not None and self._writer.full

    @property
    def clogged(self) -> bool:
        """Whether the disk is so far behind that no update should be asked for."""
        return self._backlog_bytes > MAX_BACKLOG_BYTES

    def begin_segment(self, width: int, height: int, rectangles: Sequence[StoredRectangle]) -> None:
        """Open a segment with this key frame, behind it the events that waited for one."""
        clock = self._desk.clock
        monotonic_ns, wall_ms = clock.monotonic_ns(), clock.now_ms()
        if self._time.zero_ns is None:
            self._time.zero_ns = monotonic_ns
            self.begun = msgspec.structs.replace(self.begun, started_wall_ms=wall_ms)
        self.begun = msgspec.structs.replace(
            self.begun,
            machine_boot=self._desk.machine_boot,
            started_monotonic_ns=self._time.zero_ns,
            suspended=None,
        )
        start_ns = max(monotonic_ns - self._time.zero_ns, self._end_ns)
        header = Header(
            number=self._next_number,
            recording_id=self._folder.recording_id,
            session_id=self.begun.order.session_id,
            anchor_monotonic_ns=monotonic_ns,
            anchor_wall_ns=wall_ms * _NS_PER_MS,
            start_ns=start_ns,
            previous_head=self._head,
            signer=public_bytes(self._desk.key),
            boot_id=self._desk.boot_id,
        )
        writer = SegmentWriter(header, width, height)
        self._writer = writer
        if self._paused is not None:
            _log.info("recording goes on", recording=self._folder.recording_id)
            self._paused = None
        self._synced_bytes = 0
        begun = None if self._begun_saved else self.begun
        self._begun_saved = True
        self._lane.put(partial(self._open_file, header.number, begun))
        self._take(writer.begin())
        if self._gap is not None:
            from_ns, cause, detail = self._gap
            gap = Gap(from_ns=from_ns, to_ns=max(start_ns, from_ns), cause=cause)
            self._take(writer.gap(start_ns, gap, detail))
            self._gap = None
        self._take(writer.update(start_ns, rectangles))
        if (step := self._time.step(monotonic_ns, header.anchor_wall_ns)) is not None:
            self._take(writer.event(self.now_ns, "clock-step", step))
        for at_ns, kind, members in self._events:
            self._take(writer.event(at_ns, kind, members))
        self._events.clear()
        self._changed()
        if self.status == "starting":
            self._flush()

    def update(self, rectangles: Sequence[StoredRectangle]) -> None:
        """Add an update to the open segment."""
        assert self._writer is not None
        self._take(self._writer.update(self.now_ns, rectangles))
        self._changed()

    def event(self, kind: str, members: Members) -> bool:
        """Add an event. False: it waits for a segment, which a key frame must open."""
        if kind in ("notice-shown", "notice-removed"):
            self._notified = kind == "notice-shown"
        if self._writer is not None:
            self._take(self._writer.event(self.now_ns, kind, members))
            self._changed()
            return True
        if len(self._events) < MAX_PENDING_EVENTS:
            self._events.append((self.now_ns, kind, members))
        else:
            self._dropped += 1
            _log.warning("event dropped", **self._named, kind=kind)
        return False

    def begin_gap(self, from_ns: int, cause: str, detail: str = "") -> None:
        """From that time on nothing was observed; ends with the next key frame. A gap that began
        earlier and is still open goes on."""
        if self._gap is None and self._time.zero_ns is not None:
            self._gap = (from_ns, cause, detail)

    def seal(self, *, last: bool = False) -> None:
        """Close the open segment, if there is one."""
        writer, self._writer = self._writer, None
        self._cancel_timers()
        if writer is None:
            return
        sealed = writer.seal(self._desk.key, last=last)
        self._head = bytes.fromhex(sealed.entry.head)
        self._end_ns = sealed.entry.end_ns
        self._next_number += 1
        unwritten, self._unwritten = b"".join(self._unwritten), []
        self._backlog_bytes += len(sealed.tail)
        self._desk.room.wrote(len(unwritten) + len(sealed.tail))
        self._lane.put(
            partial(self._finish_file, unwritten + sealed.tail, sealed),
            partial(self._segment_sealed, len(unwritten) + len(sealed.tail), sealed),
        )

    # --- the recording's end --------------------------------------------------------------------

    async def suspend(self, cause: str) -> None:
        """Seal and leave the recording to be resumed. A gap that is open already goes on."""
        at_ns = self.now_ns
        if self._gap is not None:
            at_ns, cause, _ = self._gap
        self.seal()
        await self._lane.settle()
        if self._time.zero_ns is not None:
            begun = msgspec.structs.replace(
                self.begun, suspended=Suspension(cause=cause, at_ns=at_ns)
            )
            await self._lane.in_thread(partial(self._folder.write_begun, begun))
        if self.status == "recording":
            self.status = "starting"
        self.report()

    async def abandon(self, why: str) -> None:
        """Let go of it as it is on the disk; the next reel makes that whole. The disk takes nothing any more."""
        self._writer = None
        self._cancel_timers()
        await self._lane.settle()
        if self._file is not None:
            self._file.close()
            self._file = None
        self._paused = why
        self.status = "starting"
        self.report()

    async def complete(self, reason: str, *, at_last_change: bool = False) -> None:
        """Seal, write the manifest; a recording without a picture, or with an error, has failed.
        at_last_change: it ended when it was last written to, not now."""
        end_ns = self._end_ns if at_last_change else self.now_ns
        self._ended_ms = self._desk.clock.now_ms()
        if at_last_change and self.begun.started_wall_ms is not None:
            self._ended_ms = self.begun.started_wall_ms + end_ns // _NS_PER_MS
        self.seal(last=True)
        await self._lane.settle()
        if not self._lines and self.error is None:
            self.error = "no picture was recorded"
        try:
            await self._lane.in_thread(partial(self._write_manifest, reason, end_ns))
            self.status = "failed" if self.error else "completed"
        except OSError as error:  # left unfinished: the next start of the recorder tries again
            self.error = self.error or f"the manifest cannot be written: {error}"
            self.status = "failed"
        self._end_ns = end_ns
        self.report()

    def facts(self) -> RecordingFacts:
        """The recording as it stands."""
        sealed_bytes = sum(line.entry.size_bytes for line in self._lines)
        return RecordingFacts(
            recording_id=self._folder.recording_id,
            session_id=self.begun.order.session_id,
            status=self.status,
            started_at_ms=self.begun.started_wall_ms,
            ended_at_ms=self._ended_ms,
            duration_ms=(self._end_ns if self._ended_ms else self.now_ns) // _NS_PER_MS,
            size_bytes=sealed_bytes + (self._synced_bytes if self._writer else 0),
            segment_count=self._next_number + (self._writer is not None),
            sealed_count=len(self._lines),
            head=self._lines[-1].entry.head if self._lines else None,
            notified=self._notified,
            error=self.error or self._paused,
            gaps=sum(len(line.gaps) for line in self._lines),
            late_frames=self.late_frames,
            dropped_events=self._dropped,
        )

    def report(self) -> None:
        """Tell the agent how the recording stands."""
        self._reported_ns = self._desk.clock.monotonic_ns()
        self._desk.report(self.facts())

    def stall(self, why: str) -> None:
        """The screen cannot be seen for now, so nothing is being recorded."""
        if self.status == "recording":
            _log.warning("recording stalled", **self._named, reason=why)
            self.status = "starting"
            self.report()

    def pause(self, why: str) -> None:
        """There is no room: nothing is recorded until a segment is begun, which says so."""
        if self._paused is None:
            _log.error("recording paused", recording=self._folder.recording_id, reason=why)
            self._paused = why
            self.begin_gap(self.now_ns, SPOOL_FULL, why)
            self.seal()
            self.status = "starting"
            self.report()

    def fail(self, error: str) -> None:
        """The recording cannot go on; `on_failure` is told."""
        if self.error is None:
            _log.error("recording failed", **self._named, error=error)
            self.error = error
            self.status = "failed"
            self.report()
            if self.on_failure is not None:
                self.on_failure()

    def _disk_failed(self, error: OSError) -> None:
        if error.errno in NO_ROOM and self.on_failure is not None:
            self.out_of_room = True
            self._desk.room.failed()
            self.on_failure()
            return
        self.fail(f"the spool cannot be written: {error}")

    # --- bytes to the disk ----------------------------------------------------------------------

    def _take(self, data: bytes) -> None:
        if data:
            self._unwritten.append(data)
            self._backlog_bytes += len(data)

    def _changed(self) -> None:
        """Something was written: it must be on the disk soon, and quiet begins anew."""
        loop = asyncio.get_running_loop()
        self._changed_ns = self._desk.clock.monotonic_ns()
        if sum(map(len, self._unwritten)) >= FLUSH_AT_BYTES:
            self._flush()
        elif self._flush_timer is None:
            self._flush_timer = loop.call_later(FLUSH_AFTER_S, self._flush)
        if self._quiet_timer is None:
            self._quiet_timer = loop.call_later(SEGMENT_QUIET_NS / _NS_PER_S, self._look_for_quiet)

    def _look_for_quiet(self) -> None:
        left_ns = self._changed_ns + SEGMENT_QUIET_NS - self._desk.clock.monotonic_ns()
        if left_ns > 0:
            loop = asyncio.get_running_loop()
            self._quiet_timer = loop.call_later(left_ns / _NS_PER_S, self._look_for_quiet)
        else:
            self.seal()

    def _flush(self) -> None:
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None
        if self._writer is None:
            return
        self._take(self._writer.flush())
        data, self._unwritten = b"".join(self._unwritten), []
        self._desk.room.wrote(len(data))
        self._lane.put(
            partial(self._append, data), partial(self._flushed, self._next_number, len(data))
        )

    def _cancel_timers(self) -> None:
        for timer in (self._flush_timer, self._quiet_timer):
            if timer is not None:
                timer.cancel()
        self._flush_timer = self._quiet_timer = None

    # Jobs, run in threads, one at a time.

    def _write_manifest(self, reason: str, end_ns: int) -> None:
        if self._file is not None:  # the disk failed: what was flushed before is sealed after all
            self._file.close()
            self._lines = recover(self._desk, self._folder).lines
        open_gap: Gap | None = None
        if self._gap is not None:
            from_ns, cause, _ = self._gap
            open_gap = Gap(from_ns=from_ns, to_ns=max(from_ns, end_ns), cause=cause)
        manifest = manifest_of(
            self.begun,
            self._lines,
            open_gap=open_gap,
            certificate=self._desk.certificate,
            ended_ms=self._ended_ms or 0,
            end_ns=end_ns,
            end_reason=reason,
            state="failed" if self.error else "completed",
        )
        self._folder.write_manifest(sign_manifest(self._desk.key, manifest))

    def _open_file(self, number: int, begun: Begun | None) -> None:
        if begun is not None:
            self._folder.write_begun(begun)
        self._file = SegmentFile(self._folder.path, number)

    def _append(self, data: bytes) -> None:
        assert self._file is not None
        self._file.append(data)

    def _finish_file(self, data: bytes, sealed: SealedSegment) -> None:
        assert self._file is not None
        self._file.append(data)
        self._folder.append_journal(journal_line(sealed))
        self._file.finish()
        self._file = None

    # What follows them, in the loop.

    def _flushed(self, number: int, size: int) -> None:
        self._written(size)
        is_new = number == self._next_number and self._synced_bytes == 0
        if number == self._next_number:
            self._synced_bytes += size
        quiet_ns = self._desk.clock.monotonic_ns() - self._reported_ns
        if self.status == "starting":
            self.status = "recording"
            self.report()
        elif is_new or quiet_ns >= GROWTH_REPORT_NS:
            self.report()

    def _segment_sealed(self, size: int, sealed: SealedSegment) -> None:
        self._written(size)
        self._lines.append(journal_line(sealed))
        self.report()

    def _written(self, size: int) -> None:
        was_clogged = self.clogged
        self._backlog_bytes -= size
        if was_clogged and not self.clogged and self.on_disk_ready is not None:
            self.on_disk_ready()


async def open_reel(desk: Desk, order: BeginRecording, lost: str = "recorder-lost") -> Reel:
    """The recording's reel: new, or with what an earlier one left in the spool made whole and the gap since then
    begun, of the cause `lost` unless it was suspended. Raises OSError when the spool cannot be written."""
    folder = SpoolFolder(desk.spool / order.recording_id)
    loop = asyncio.get_running_loop()
    begun = await loop.run_in_executor(desk.pool, folder.read_begun)
    if begun is None:
        begun = Begun(order=order, machine_boot=desk.machine_boot)
        await loop.run_in_executor(desk.pool, partial(folder.create, begun))
        reel = Reel(desk, folder, begun, Progress([]))
        reel.event(
            "recording-started",
            {
                "reason": order.reason,
                "orderedBy": order.ordered_by,
                "notify": order.notify,
                "userName": order.user_name,
                "machineName": order.machine_name,
                "resourceName": order.resource_name,
            },
        )
        return reel
    begun = msgspec.structs.replace(begun, order=order)
    progress = await loop.run_in_executor(desk.pool, partial(recover, desk, folder))
    reel = Reel(desk, folder, begun, progress)
    cause = begun.suspended.cause if begun.suspended else lost
    from_ns = max(begun.suspended.at_ns if begun.suspended else 0, progress.end_ns)
    reel.begin_gap(from_ns, cause)
    reel.event("recording-resumed", {"cause": cause})
    return reel
