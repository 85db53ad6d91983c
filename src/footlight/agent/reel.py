"""A recording's durable side: segments written, synced and sealed in the spool, at last a manifest.

The order on the disk, so that a crash at any point loses at most the last second:
1. appended bytes are synced within a second of the change that they hold;
2. a closed segment is whole on the disk, then sealed into a file of its own (sealing.py);
3. the manifest comes last of all.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import msgspec

from footlight.agent.desk import Desk
from footlight.agent.ending import finish, manifest_of
from footlight.agent.gaps import SPOOL_FULL, Gaps
from footlight.agent.recording_time import RecordingTime
from footlight.agent.recovery import Progress, recover
from footlight.agent.reel_disk import ReelDisk
from footlight.agent.reel_timers import ReelTimers
from footlight.agent.sealing import Sealing
from footlight.agent.spool import Begun, SpoolFolder, Suspension
from footlight.agent.spool_room import NO_ROOM
from footlight.log import get_logger
from footlight.recording.chain import public_bytes, sign_manifest
from footlight.recording.format import NO_HEAD
from footlight.recording.header import Header
from footlight.recording.writer import Members, SegmentWriter, StoredRectangle
from footlight.wire.host import RecordingFacts

_log = get_logger(__name__)

LAST_GRACE_S = 1.0  # whoever ends a recording waits no longer for smaller segments
MAX_BACKLOG_BYTES = 32 * 1024 * 1024  # not yet on the disk; above it the screen has to wait
GROWTH_REPORT_NS = 2_000_000_000
MAX_PENDING_EVENTS = 256
LOOKED_AWAY_NS = 100_000_000
RETRIED = (*NO_ROOM, errno.EROFS, errno.EACCES, errno.EPERM)  # what may pass

_NS_PER_MS = 1_000_000

Status = Literal["starting", "recording", "completed", "failed"]


class Reel:
    """One recording's segments. Made by `reel_opening.open_reel`; used from one event loop."""

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
        self._end_ns = progress.end_ns
        self._next_number = len(progress.lines)
        self._time = RecordingTime(desk, begun, progress.end_ns)
        self._begun_saved = False
        self._writer: SegmentWriter | None = None
        self._was_clogged = False
        self._reported_ns = 0
        self._ended_ms: int | None = None
        self._notified = False
        self._dropped = 0
        self.late_frames = 0  # asked for later, since the disk was behind
        self.gaps = Gaps()
        self._paused: str | None = None
        self._events: list[tuple[int, str, Members]] = []
        self._disk = ReelDisk(desk, folder, self._disk_failed, self._come_forward)
        self._sealing = Sealing(desk, folder, begun.order, progress.lines, self._disk_failed)
        self._sealing.on_sealed = self._segment_sealed
        self._timers = ReelTimers(desk.clock, self._flush, self.seal)

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
        """Whether disk or sealing is so far behind that no update should be asked for."""
        return self._disk.backlog_bytes > MAX_BACKLOG_BYTES or self._sealing.full

    def begin_segment(self, width: int, height: int, rectangles: Sequence[StoredRectangle]) -> None:
        """Open a segment with this key frame, behind it the events that waited for one. One of width 0 is of
        events only."""
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
            previous_head=NO_HEAD,  # known when it is sealed
            signer=public_bytes(self._desk.key),
            boot_id=self._desk.boot_id,
        )
        writer = SegmentWriter(header, width, height)
        self._writer = writer
        if self._paused is not None:
            _log.info("recording goes on", recording=self._folder.recording_id)
            self._paused = None
        begun = None if self._begun_saved else self.begun
        self._begun_saved = True
        self._disk.open(header.number, begun)
        self._disk.take(writer.begin())
        if (ended := self.gaps.end(start_ns)) is not None:
            self._disk.take(writer.gap(start_ns, *ended))
        if rectangles:
            self._disk.take(writer.update(start_ns, rectangles))
        if (step := self._time.step(monotonic_ns, header.anchor_wall_ns)) is not None:
            self._disk.take(writer.event(self.now_ns, "clock-step", step))
        for at_ns, kind, members in self._events:
            self._disk.take(writer.event(at_ns, kind, members))
        self._events.clear()
        self._changed()
        if self.status == "starting":
            self._flush()

    def take_stored_bytes(self) -> int:
        """How many bytes have gone to the disk since this was last asked."""
        return self._disk.take_new_bytes()

    def update(self, rectangles: Sequence[StoredRectangle]) -> None:
        """Add an update to the open segment."""
        assert self._writer is not None
        self._disk.take(self._writer.update(self.now_ns, rectangles))
        self._changed()

    def event(self, kind: str, members: Members) -> bool:
        """Add an event. False: it waits for a segment, which a key frame must open, if there are pictures."""
        if kind in ("notice-shown", "notice-removed"):
            self._notified = kind == "notice-shown"
        if self._writer is not None:
            self._disk.take(self._writer.event(self.now_ns, kind, members))
            self._changed()
            if self._writer.full and self.begun.order.content == "events":
                self.seal()
            return True
        if len(self._events) < MAX_PENDING_EVENTS:
            self._events.append((self.now_ns, kind, members))
        else:
            self._dropped += 1
            _log.warning("event dropped", **self._named, kind=kind)
        return self._go_on_without_picture()

    def _go_on_without_picture(self) -> bool:
        """A recording of events only opens its segments by itself, as soon as it has been begun."""
        if self.begun.order.content != "events" or self._time.zero_ns is None or self._paused:
            return False
        self.begin_segment(0, 0, [])
        return True

    def look_at_clock(self) -> bool:
        """Tell when the machine's wall clock was set. False: the event waits for a segment."""
        clock = self._desk.clock
        monotonic_ns, wall_ms = clock.monotonic_ns(), clock.now_ms()
        if clock.monotonic_ns() - monotonic_ns > LOOKED_AWAY_NS:
            return True  # stopped between the two: they are not of one moment
        step = self._time.step(monotonic_ns, wall_ms * _NS_PER_MS)
        return step is None or self.event("clock-step", step)

    def begin_gap(self, from_ns: int, cause: str, detail: str = "") -> None:
        """From that time on nothing was observed; ends with the next key frame. A gap that began
        earlier and is still open goes on."""
        if self._time.zero_ns is not None:
            self.gaps.begin(from_ns, cause, detail)

    def miss(self, from_ns: int, cause: str) -> None:
        """Nothing is observed since then; whether that is a gap or the end is not known yet."""
        if self.gaps.miss(from_ns, cause):
            self.report()

    def seal(self, *, last: bool = False) -> None:
        """Close the open segment, if there is one; it is sealed in its turn."""
        writer, self._writer = self._writer, None
        self._timers.stop()
        if writer is None:
            return
        tail, closed = writer.close()
        self._end_ns = closed.end_ns
        self._next_number += 1
        self._disk.take(tail)
        self._disk.close(partial(self._sealing.put, closed, writer.stored_bytes, last=last))

    # --- the recording's end --------------------------------------------------------------------

    async def suspend(self, cause: str) -> None:
        """Seal and leave the recording to be resumed. A gap that is open already goes on."""
        at_ns = self.now_ns
        if (gap := self.gaps.until(at_ns)) is not None:
            at_ns, cause = gap.from_ns, gap.cause
        self.seal()
        await self._settle()
        if self._time.zero_ns is not None:
            begun = msgspec.structs.replace(
                self.begun, suspended=Suspension(cause=cause, at_ns=at_ns)
            )
            await self._disk.lane.in_thread(partial(self._folder.write_begun, begun))
        if self.status == "recording":
            self.status = "starting"
        self.report()

    async def abandon(self, why: str) -> None:
        """Let go of it as it is on the disk; the next reel makes that whole. The disk takes nothing any more."""
        self._writer = None
        self._timers.stop()
        await self._settle()
        self._paused = why
        self.status = "starting"
        self.miss(self.now_ns, SPOOL_FULL)
        self.report()

    async def complete(self, reason: str, *, at_last_change: bool = False) -> None:
        """Seal, write the manifest; a recording without a picture, or with an error, has failed.
        at_last_change: it ended when it was last written to, not now."""
        end_ns = self._end_ns
        if not at_last_change:
            self._tell_what_waits()
            end_ns = self.now_ns
        self._ended_ms = self._desk.clock.now_ms()
        if at_last_change and self.begun.started_wall_ms is not None:
            self._ended_ms = self.begun.started_wall_ms + end_ns // _NS_PER_MS
        self.seal(last=True)
        await self._settle(LAST_GRACE_S)
        if not self._sealing.lines and self.error is None:
            self.error = "no picture was recorded"
        try:
            await self._disk.lane.in_thread(partial(self._write_manifest, reason, end_ns))
            self.status = "failed" if self.error else "completed"
        except OSError as error:  # left unfinished: the next start of the recorder tries again
            self.error = self.error or f"the manifest cannot be written: {error}"
            self.status = "failed"
        self._end_ns = end_ns
        self.report()

    def _tell_what_waits(self) -> None:
        """Events that waited for a key frame, which will not come any more, get a segment without pictures."""
        begun = self._time.zero_ns is not None
        if self._events and begun and not self.writing and not self._paused and self.error is None:
            self.begin_segment(0, 0, [])

    async def _settle(self, grace_s: float = 0.0) -> None:
        """Wait until the disk has everything and what was closed is sealed, as far as the disk works."""
        self._sealing.hurry(grace_s)
        await self._disk.settle()
        await self._sealing.settle()
        self._disk.let_go()

    def facts(self) -> RecordingFacts:
        """The recording as it stands."""
        lines = self._sealing.lines
        gap, gap_since_ms = self._gap_now()
        sealed_bytes = sum(line.entry.size_bytes for line in lines) + self._sealing.waiting_bytes
        return RecordingFacts(
            recording_id=self._folder.recording_id,
            session_id=self.begun.order.session_id,
            status=self.status,
            started_at_ms=self.begun.started_wall_ms,
            ended_at_ms=self._ended_ms,
            duration_ms=(self._end_ns if self._ended_ms else self.now_ns) // _NS_PER_MS,
            size_bytes=sealed_bytes + (self._disk.synced_bytes if self._writer else 0),
            segment_count=self._next_number + (self._writer is not None),
            sealed_count=len(lines),
            head=lines[-1].entry.head if lines else None,
            notified=self._notified,
            error=self.error or self._paused,
            gaps=sum(len(line.gaps) for line in lines),
            gap=gap,
            gap_since_ms=gap_since_ms,
            last_gap=self.gaps.last,
            tampered=self.gaps.tampered,
            late_frames=self.late_frames,
            dropped_events=self._dropped,
        )

    def _gap_now(self) -> tuple[str | None, int | None]:
        """Cause and beginning (ms since 1970) of a gap that lasts."""
        if self._ended_ms is not None:
            return None, None
        lacking = self.gaps.lacking()
        if lacking is None:
            return None, None
        cause, since_ns = lacking
        if since_ns is None:
            return cause, None
        return cause, (self.begun.started_wall_ms or 0) + since_ns // _NS_PER_MS

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
        if error.errno in RETRIED and self.on_failure is not None:
            self.out_of_room = True
            self._desk.room.failed(error)
            self.on_failure()
            return
        self.fail(f"the spool cannot be written: {error}")

    # --- bytes to the disk ----------------------------------------------------------------------

    def _changed(self) -> None:
        self._timers.changed(due=self._disk.due)

    def _flush(self) -> None:
        self._timers.flushed()
        if self._writer is None:
            return
        self._disk.take(self._writer.flush())
        self._disk.flush(partial(self._flushed, self._next_number))

    def _write_manifest(self, reason: str, end_ns: int) -> None:
        """Runs in a thread."""
        lines = self._sealing.lines
        if (
            self._folder.open_segments()
        ):  # the disk failed: what was flushed before is sealed after all
            lines = self._sealing.lines = recover(self._desk, self._folder, self.begun.order).lines
        manifest = manifest_of(
            self.begun,
            lines,
            open_gap=self.gaps.until(end_ns),
            certificate=self._desk.certificate,
            ended_ms=self._ended_ms or 0,
            end_ns=end_ns,
            end_reason=reason,
            state="failed" if self.error else "completed",
        )
        finish(self._folder, self.begun, sign_manifest(self._desk.key, manifest))

    def _flushed(self, number: int, size: int) -> None:
        is_new = number == self._next_number and self._disk.synced_bytes == 0
        if number == self._next_number:
            self._disk.synced_bytes += size
        quiet_ns = self._desk.clock.monotonic_ns() - self._reported_ns
        if self.status == "starting":
            self.status = "recording"
            self.report()
            self._desk.press.prepare()
        elif is_new or quiet_ns >= GROWTH_REPORT_NS:
            self.report()

    def _segment_sealed(self) -> None:
        self._come_forward()
        self.report()

    def _come_forward(self) -> None:
        """Disk or sealing has, or there is more for it."""
        before, self._was_clogged = self._was_clogged, self.clogged
        if before and not self._was_clogged and self.on_disk_ready is not None:
            self.on_disk_ready()
