"""One recording's life: connected to a session's screen, key frames, gaps, the end.

    connect > key frame > updates ... > (bounds or quiet: sealed) > key frame > updates ... > end

A segment opens with an update that covers the whole screen and never without one. An update that
comes while none is open says only that something changed: it is dropped and all is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from footlight.agent.desk import Desk
from footlight.agent.feed import Feed, connect, first_of
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.reel import NO_ROOM, SPOOL_FULL, Reel, open_reel
from footlight.log import get_logger
from footlight.recording.format import Encoding
from footlight.recording.writer import Members
from footlight.rfb.client import Rectangle

_log = get_logger(__name__)

GONE_AFTER_S = 1.0  # of refused connections: the session has ended
RETRY_S = 0.1
LAST_LOOK_TIMEOUT_S = 1.0
SHORT_CONNECTION_S = 1.0  # repeatedly thrown out within it: wait a little before the next try
MAX_RECONNECT_WAIT_S = 2.0
ROOM_LOOK_S = 1.0

_PICTURE_ENCODINGS = (Encoding.RAW, Encoding.ZRLE)


class Tape:
    """Records one session. `run` lasts until the recording is finished or suspended."""

    def __init__(self, desk: Desk, order: BeginRecording) -> None:
        self.order = order
        self._desk = desk
        self._reel: Reel | None = None
        self._feed: Feed | None = None
        self._all_asked = False  # a full update is on its way
        self._looked: asyncio.Future[None] | None = None
        self._stop: asyncio.Future[tuple[bool, str]] = (
            asyncio.get_running_loop().create_future()
        )  # (finish, why)
        self._early: list[tuple[str, Members]] = []  # events before the reel is there
        self._disconnects = 0
        self._lost: tuple[int, str] | None = None  # since when, why
        self._held = False  # there is no room: nothing is asked for
        self._broken: asyncio.Future[None] | None = None  # of the reel: the disk was full

    # --- what the recorder asks -----------------------------------------------------------------

    def end(self, reason: str) -> None:
        """Finish the recording; `run` returns once the manifest is written."""
        self._ask_to_stop(True, reason)

    def suspend(self, cause: str) -> None:
        """Seal and leave it to be resumed; `run` returns once that is done."""
        self._ask_to_stop(False, cause)

    def event(self, kind: str, members: Members) -> None:
        """Put an event into the recording. One that comes in quiet asks for a key frame."""
        if self._reel is None:
            self._early.append((kind, members))
        elif not self._reel.event(kind, members):
            self._ask_for_all()

    def look_at_room(self) -> None:
        """Where the spool is full (SpoolRoom) the recording pauses; it goes on with a key frame."""
        if self._reel is None or self._held == bool(self._desk.room.full):
            return
        self._held = not self._held
        self._all_asked = False
        if self._held:
            self._reel.pause(self._desk.room.full)
        else:
            self._ask_for_all()

    def report(self) -> None:
        """Tell the agent how the recording stands."""
        if self._reel is not None:
            self._reel.report()

    def _ask_to_stop(self, finish: bool, why: str) -> None:
        if not self._stop.done():
            self._stop.set_result((finish, why))

    # --- life -----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Record until told to stop, until the session is gone, or until the disk fails. While the disk is full
        the recording waits for room."""
        lost = "recorder-lost"
        while True:
            try:
                reel = await open_reel(self._desk, self.order, lost)
            except OSError as error:
                if error.errno not in NO_ROOM or self._stop.done():
                    raise
                self._desk.room.failed()
            else:
                if await self._run_reel(reel):
                    return
            lost = SPOOL_FULL
            while self._desk.room.full and not self._stop.done():
                await asyncio.wait([self._stop], timeout=ROOM_LOOK_S)
            if self._stop.done():
                finish, why = self._stop.result()
                if finish:
                    await self.close_lost(why)
                return

    async def _run_reel(self, reel: Reel) -> bool:
        """Whether the recording is finished or suspended; if not, the disk was full and the reel is let go of."""
        broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def failed() -> None:
            if reel.out_of_room:
                broken.set_result(None)
            else:
                self._ask_to_stop(True, "failed")

        self._reel, self._broken, self._held, self._lost = reel, broken, False, None
        reel.on_disk_ready, reel.on_failure = self._ask_next, failed
        for kind, members in self._early:
            reel.event(kind, members)
        self._early.clear()
        self.look_at_room()
        reel.report()
        while not self._is_over():
            feed = await self._connect(reel)
            if feed is None:
                if not self._is_over():
                    reel.event("recording-stopped", {"reason": "session-ended"})
                    await reel.complete("session-ended")
                    return True
                break
            await self._record(reel, feed)
        if not broken.done():
            await self._finish(reel, *self._stop.result())
            return True
        self._reel = None
        self._let_go_of_feed()
        await reel.abandon(self._desk.room.full)
        return False

    def _is_over(self) -> bool:
        return self._stop.done() or (self._broken is not None and self._broken.done())

    async def close_lost(self, reason: str) -> None:
        """Finish, without a further look, a recording whose session is gone."""
        reel = await open_reel(self._desk, self.order)
        await reel.complete(reason, at_last_change=True)

    async def _connect(self, reel: Reel) -> Feed | None:
        """A connection past its handshake; None when stopped or when the session is gone."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not self._is_over():
            try:
                return await connect(self.order.rfb_path, self)
            except (OSError, TimeoutError) as error:
                gone = isinstance(error, ConnectionRefusedError | FileNotFoundError)
                if loop.time() - began >= GONE_AFTER_S:
                    if gone:
                        return None
                    reel.stall(f"the screen is not reached: {error}")
            await asyncio.wait([self._stop], timeout=RETRY_S)
        return None

    async def _record(self, reel: Reel, feed: Feed) -> None:
        """One connection, until it is lost or the recording is to stop."""
        began = asyncio.get_running_loop().time()
        self._feed = feed
        self._all_asked = False
        if self._lost is not None:
            lost_ns, reason = self._lost
            reel.event("recorder-disconnected", {"cause": reason})
            reel.seal()
            reel.begin_gap(lost_ns, "disconnected", reason)
            self._lost = None
        self._ask_for_all()
        assert self._broken is not None
        await first_of(feed.lost, self._stop, self._broken)
        if not feed.lost.done():
            return
        self._feed = None
        self._lost = reel.now_ns, feed.lost.result()
        recording_id, reason = self.order.recording_id, feed.lost.result()
        _log.warning("recorder disconnected", recording=recording_id, reason=reason)
        lasted_s = asyncio.get_running_loop().time() - began
        self._disconnects = self._disconnects + 1 if lasted_s < SHORT_CONNECTION_S else 0
        if self._disconnects > 1:
            wait_s = min(RETRY_S * 2**self._disconnects, MAX_RECONNECT_WAIT_S)
            await asyncio.wait([self._stop], timeout=wait_s)

    async def _finish(self, reel: Reel, finish: bool, why: str) -> None:
        if reel.error is None:
            if finish:
                self.event("recording-stopped", {"reason": why})
            await self._look_once_more(reel)
        self._let_go_of_feed()
        if finish:
            await reel.complete(why)
        else:
            await reel.suspend(why)

    def _let_go_of_feed(self) -> None:
        if self._feed is not None:
            self._feed.close()
            self._feed = None

    async def _look_once_more(self, reel: Reel) -> None:
        """Record what changed since the last update, so that nothing inside the pause is missed."""
        if self._feed is None or not self._feed.live or self._held:
            return
        self._looked = asyncio.get_running_loop().create_future()
        if reel.writing:
            self._feed.ask_for_answer()
        elif not self._all_asked:
            return  # quiet, and nothing waits to be written
        await first_of(self._looked, self._feed.lost, timeout_s=LAST_LOOK_TIMEOUT_S)

    # --- what the screen does -------------------------------------------------------------------

    def on_update(self, rectangles: Sequence[Rectangle]) -> None:
        """An update came (FeedListener)."""
        reel = self._reel
        if reel is None or self._feed is None or reel.error is not None:
            return
        self.look_at_room()
        if self._held:
            return
        if reel.writing:
            reel.update(rectangles)
        elif self._covers_all(rectangles):
            self._all_asked = False
            reel.begin_segment(*self._feed.size, rectangles)
        elif self._all_asked:
            self._feed.ask(full=True)  # sent before ours was read; asked again only if none comes
            return
        else:
            self._ask_for_all()
            return
        if self._looked is not None and not self._looked.done():
            self._looked.set_result(None)
            return
        if reel.full:
            reel.seal()
            self._all_asked = True
        if reel.clogged:
            reel.late_frames += 1
        else:
            self._ask_next()

    def on_resize(self) -> None:
        """The screen changed its size (FeedListener)."""
        if self._reel is not None:
            self._reel.seal()
            self._all_asked = False
            self._ask_for_all()

    def _ask_next(self) -> None:
        if self._feed is not None and not self._held:
            self._feed.ask(full=self._all_asked)

    def _ask_for_all(self) -> None:
        if self._feed is not None and not self._all_asked and not self._held:
            self._all_asked = True
            self._feed.ask_now(full=True)

    def _covers_all(self, rectangles: Sequence[Rectangle]) -> bool:
        """Rectangles of one update don't overlap, so their areas add up."""
        assert self._feed is not None
        width, height = self._feed.size
        area = sum(r.width * r.height for r in rectangles if r.encoding in _PICTURE_ENCODINGS)
        return area >= width * height
