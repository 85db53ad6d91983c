"""The last seconds of a session's screen, kept in memory while nothing of it is recorded.

What is kept is whole open segments of a recording that has no id yet: a key frame each KEY_FRAME_NS of change, so that
what is older can be dropped. Nothing goes to the disk before a recording begins. It is then cut to the seconds that
are wanted, so that no more is recorded than the notice says, and written as the recording's first segments.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING

from footlight.agent.feed import Feed, connect, covers, first_of
from footlight.clock import Clock
from footlight.log import get_logger
from footlight.recording.format import (
    NO_HEAD,
    SKIPPABLE_HEADER,
    Encoding,
    RecordKind,
    skippable_frame,
    unpack_screen,
)
from footlight.recording.header import Header
from footlight.recording.reader import Record, SegmentReader, read_event
from footlight.recording.reader import rectangles as rectangles_of
from footlight.recording.writer import Members, SegmentWriter
from footlight.rfb.client import Rectangle
from footlight.tasks import spawn

if TYPE_CHECKING:
    from footlight.rfb.framebuffer import Framebuffer

_log = get_logger(__name__)

KEY_FRAME_NS = 20_000_000_000
MAX_BYTES = 16 * 1024 * 1024  # of one session
MAX_ALL_BYTES = 256 * 1024 * 1024  # of a host
RETRY_S = 0.5
DRAWING = "footlight.rfb.decoding"
_NOBODY = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Place:
    """The recording that kept segments become part of; `zero_ns` is the monotonic time of its time 0."""

    zero_ns: int
    recording_id: str = _NOBODY
    session_id: str = _NOBODY
    signer: bytes = bytes(32)
    boot_id: bytes = bytes(8)


@dataclass(frozen=True)
class Kept:
    """A segment in memory: its records, compressed. Times are CLOCK_MONOTONIC in nanoseconds."""

    begun_ns: int
    end_ns: int
    wall_ms: int  # when it began
    body: bytes

    def open_file(self, number: int, place: Place) -> bytes:
        """As an open segment of that recording."""
        return skippable_frame(SKIPPABLE_HEADER, header_of(self, number, place).pack()) + self.body


def header_of(kept: Kept, number: int, place: Place) -> Header:
    """Of a kept segment as one of that recording."""
    return Header(
        number=number,
        recording_id=place.recording_id,
        session_id=place.session_id,
        anchor_monotonic_ns=kept.begun_ns,
        anchor_wall_ns=kept.wall_ms * 1_000_000,
        start_ns=kept.begun_ns - place.zero_ns,
        previous_head=NO_HEAD,
        signer=place.signer,
        boot_id=place.boot_id,
    )


class Memory:
    """How many bytes all sessions of a host keep."""

    def __init__(self) -> None:
        self.used_bytes = 0


class _Open:
    """The segment that is written to."""

    def __init__(self, monotonic_ns: int, wall_ms: int, width: int, height: int) -> None:
        empty = Kept(monotonic_ns, monotonic_ns, wall_ms, b"")
        self._begun = empty
        self.writer = SegmentWriter(header_of(empty, 0, Place(0)), width, height)
        head = len(empty.open_file(0, Place(0)))
        self._pieces = [self.writer.begin()[head:]]

    @property
    def due(self) -> bool:
        """Whether the next key frame is."""
        writer = self.writer
        return writer.full or writer.end_ns - writer.header.start_ns >= KEY_FRAME_NS

    def take(self, data: bytes) -> None:
        self._pieces.append(data)

    def close(self) -> Kept:
        tail, closed = self.writer.close()
        body = b"".join([*self._pieces, tail])
        return replace(self._begun, end_ns=closed.end_ns, body=body)


class PreRoll:
    """Of one session. `run` lasts until `stop`, or until the session is gone."""

    def __init__(self, clock: Clock, memory: Memory, rfb_path: str, seconds: int) -> None:
        self.seconds = seconds
        self._clock = clock
        self._memory = memory
        self._rfb_path = rfb_path
        self._kept: deque[Kept] = deque()
        self._open: _Open | None = None
        self._feed: Feed | None = None
        self._all_asked = False
        self._stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Keep what the screen shows."""
        # Now: whoever takes what was kept would wait for that.
        spawn("load drawing", asyncio.to_thread(import_module, DRAWING))
        while not self._stop.done():
            try:
                self._feed = feed = await connect(self._rfb_path, self)
            except (ConnectionRefusedError, FileNotFoundError):
                break
            except (OSError, TimeoutError):
                await asyncio.wait([self._stop], timeout=RETRY_S)
                continue
            self._ask_for_all()
            await first_of(feed.lost, self._stop)
            feed.close()
            self._feed = None
            if not self._stop.done():  # what was kept would not be the last seconds without a break
                self._forget()
        self.stop()
        self._forget()

    @property
    def over(self) -> bool:
        """Whether nothing is kept any more."""
        return self._stop.done()

    def stop(self) -> None:
        """Keep nothing any more; `run` returns."""
        if not self._stop.done():
            self._stop.set_result(None)

    def event(self, kind: str, members: Members) -> None:
        """Keep an event, too."""
        if self._open is not None:
            self._open.take(self._open.writer.event(self._clock.monotonic_ns(), kind, members))

    async def take(self, seconds: int) -> list[Kept]:
        """What was kept of so many last seconds, oldest first; nothing is kept any more."""
        if self._feed is not None:
            self._feed.close()
        self._close()
        kept = list(self._kept)
        self.stop()
        cut_ns = self._clock.monotonic_ns() - min(seconds, self.seconds) * 1_000_000_000
        while len(kept) > 1 and kept[1].begun_ns <= cut_ns:
            kept.pop(0)
        if kept and kept[0].begun_ns < cut_ns:
            kept[0] = await asyncio.to_thread(cut, kept[0], cut_ns)
        return kept

    # --- what the screen does (FeedListener) ---

    def on_update(self, rectangles: Sequence[Rectangle]) -> None:
        """An update came."""
        if self._feed is None or self._stop.done():
            return
        now_ns = self._clock.monotonic_ns()
        if self._all_asked and covers(rectangles, *self._feed.size):
            self._close()
            self._all_asked = False
            self._open = _Open(now_ns, self._clock.now_ms(), *self._feed.size)
        if self._open is None:
            self._ask_for_all()
            return
        self._open.take(self._open.writer.update(now_ns, rectangles))
        self._drop_old(now_ns)
        if self._open is None or self._open.due:
            self._all_asked = True
        self._feed.ask(full=self._all_asked)

    def on_resize(self) -> None:
        """The screen has another size."""
        self._close()
        self._ask_for_all()

    def _ask_for_all(self) -> None:
        self._all_asked = True
        if self._feed is not None:
            self._feed.ask_now(full=True)

    # --- what is kept ---

    def _close(self) -> None:
        if self._open is not None:
            kept, self._open = self._open.close(), None
            self._kept.append(kept)
            self._memory.used_bytes += len(kept.body)

    def _drop_old(self, now_ns: int) -> None:
        """What nobody can want any more, and what there is no room for."""
        cut_ns = now_ns - self.seconds * 1_000_000_000
        following = list(self._kept)[1:]
        while self._kept and self._next_begun_ns(following) <= cut_ns:
            self._drop()
            following = following[1:]
        open_bytes = 0 if self._open is None else self._open.writer.stored_bytes
        while self._kept and self._over(open_bytes):
            self._drop()
        if self._over(open_bytes) and self._open is not None:
            _log.warning("pre-roll begins anew: there is no room for it")
            self._open = None

    def _next_begun_ns(self, following: Sequence[Kept]) -> int:
        if following:
            return following[0].begun_ns
        assert self._open is not None
        return self._open.writer.header.start_ns

    def _over(self, open_bytes: int) -> bool:
        own = open_bytes + sum(len(kept.body) for kept in self._kept)
        return own > MAX_BYTES or self._memory.used_bytes + open_bytes > MAX_ALL_BYTES

    def _drop(self) -> None:
        self._memory.used_bytes -= len(self._kept.popleft().body)

    def _forget(self) -> None:
        self._open = None
        while self._kept:
            self._drop()


def cut(kept: Kept, from_ns: int) -> Kept:
    """The same from that time on, with the picture of then as its key frame. Raises FormatError, Malformed."""
    # numpy: most recorders never draw.
    from footlight.rfb.decoding import draw
    from footlight.rfb.framebuffer import Framebuffer

    reader = SegmentReader(BytesIO(kept.open_file(0, Place(kept.begun_ns))))
    records = reader.records()
    picture = Framebuffer(*unpack_screen(next(records).payload))  # each begins with one
    made: _Open | None = None
    for record in records:
        at_ns = kept.begun_ns + record.at_ns
        if at_ns > from_ns:
            made = made or _key_frame(picture, kept, from_ns)
            _copy(record, at_ns, made)
        elif record.kind == RecordKind.UPDATE:
            for x, y, width, height, encoding, body in rectangles_of(record.payload):
                draw(picture, x, y, width, height, encoding, body)
    return (made or _key_frame(picture, kept, from_ns)).close()


def _key_frame(picture: Framebuffer, kept: Kept, at_ns: int) -> _Open:
    wall_ms = kept.wall_ms + (at_ns - kept.begun_ns) // 1_000_000
    made = _Open(at_ns, wall_ms, picture.width, picture.height)
    whole = (0, 0, picture.width, picture.height, int(Encoding.RAW), picture.pixels.tobytes())
    made.take(made.writer.update(at_ns, [whole]))
    return made


def _copy(record: Record, at_ns: int, into: _Open) -> None:
    if record.kind == RecordKind.UPDATE:
        found = [(*one[:5], bytes(one.body)) for one in rectangles_of(record.payload)]
        into.take(into.writer.update(at_ns, found))
    elif record.kind == RecordKind.EVENT:
        members = read_event(record.payload)
        into.take(into.writer.event(at_ns, members.pop("type"), members))
