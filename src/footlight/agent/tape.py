"""One recording's life: connected to a session's screen, key frames, gaps, the end.

    connect > key frame > updates ... > (bounds or quiet: sealed) > key frame > updates ... > end

A segment opens with an update that covers the whole screen and never without one. An update that
comes while none is open says only that something changed: it is dropped and all is asked for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from footlight.agent.desk import Desk
from footlight.agent.feed import Feed, connect, covers, first_of
from footlight.agent.gaps import DISCONNECTED, SPOOL_FULL, X_FROZEN
from footlight.agent.pace import UPDATE_INTERVAL_S, Pace
from footlight.agent.pre_roll import Kept, PreRoll
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.reel import RETRIED, Reel
from footlight.agent.reel_opening import open_reel
from footlight.agent.x_pulse import XPulse
from footlight.log import get_logger
from footlight.recording.writer import Members
from footlight.rfb.client import Rectangle

_log = get_logger(__name__)

GONE_AFTER_S = 1.0  # of refused connections: the session has ended
RETRY_S = 0.1
LAST_LOOK_TIMEOUT_S = 1.0
SHORT_CONNECTION_S = 1.0  # repeatedly thrown out within it: wait before the next try
THROWN_OUT_WAIT_S = (
    0.03  # it is back within 0.2 s, however often; each try costs the X server a picture
)
TAMPERING_TIMES, TAMPERING_WITHIN_S = 3, 10.0  # so many interruptions are no accident
TAMPERING_LASTS_S = 5.0  # after the last of them
ROOM_LOOK_S = 1.0


class Tape:
    """Records one session. `run` lasts until the recording is finished or suspended."""

    def __init__(self, desk: Desk, order: BeginRecording, pre_roll: PreRoll | None = None) -> None:
        self.order = order
        self._pre_roll = pre_roll
        self._kept: list[Kept] = []
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
        self._pulse: XPulse | None = None  # of the feed
        self._frozen_s = 0.0  # as of the last round
        self._interrupted: deque[float] = deque(maxlen=TAMPERING_TIMES)
        self._calm: asyncio.TimerHandle | None = None
        self._pace = Pace(order.bytes_per_s)
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

    def look(self) -> None:
        """In each round: room in the spool, the machine's clock, whether the X server answers."""
        self.look_at_room()
        self._look_at_clock()
        self._look_at_pulse()

    def look_at_room(self) -> None:
        """Where the spool is full (SpoolRoom) the recording pauses; it goes on with a key frame."""
        if self._reel is None or self._held == bool(self._desk.room.full):
            return
        self._held = not self._held
        self._all_asked = False
        if self._held:
            self._reel.pause(self._desk.room.full)
        elif self.order.content == "events":
            self._go_on_with_events(self._reel)
        else:
            self._ask_for_all()

    def _look_at_clock(self) -> None:
        """Tell when the machine's clock was set, soon after."""
        if self._reel is not None and not self._held and not self._reel.look_at_clock():
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
        self._desk.rounds.join(self.look)
        try:
            await self._run()
        finally:
            self._desk.rounds.leave(self.look)

    async def _run(self) -> None:
        lost = "recorder-lost"
        if self._pre_roll is not None:
            self._kept = await self._pre_roll.take(self.order.pre_roll_s)
        while True:
            try:
                reel = await open_reel(self._desk, self.order, lost, self._kept)
            except OSError as error:
                if error.errno not in RETRIED or self._stop.done():
                    raise
                self._desk.room.failed(error)
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
                if not broken.done():  # writing and sealing may both have found the disk full
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
        if self.order.content == "events":
            self._go_on_with_events(reel)
            await first_of(self._stop, broken)
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

    def _go_on_with_events(self, reel: Reel) -> None:
        """No picture is asked for: events open the segments, and one that is there already waits for the next."""
        if not self._held and not reel.writing:
            reel.begin_segment(0, 0, [])

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
            self._interruption(reel, DISCONNECTED)
            reel.seal()
            reel.begin_gap(lost_ns, DISCONNECTED, reason)
            self._lost = None
        self._ask_for_all()
        assert self._broken is not None
        self._pulse, self._frozen_s = XPulse(feed, asyncio.get_running_loop().time), 0.0
        await first_of(feed.lost, self._stop, self._broken)
        self._pulse = None
        if not feed.lost.done():
            return
        self._feed = None
        self._lost = reel.now_ns, feed.lost.result()
        reel.miss(self._lost[0], DISCONNECTED)
        recording_id, reason = self.order.recording_id, feed.lost.result()
        _log.warning("recorder disconnected", recording=recording_id, reason=reason)
        lasted_s = asyncio.get_running_loop().time() - began
        self._disconnects = self._disconnects + 1 if lasted_s < SHORT_CONNECTION_S else 0
        if self._disconnects > 1:
            await asyncio.wait([self._stop], timeout=THROWN_OUT_WAIT_S)

    def _look_at_pulse(self) -> None:
        """An X server that does not answer is a gap until it does."""
        reel, pulse = self._reel, self._pulse
        if reel is None or pulse is None or self._held or reel.clogged:
            return
        pulse.look()
        frozen_s, self._frozen_s = self._frozen_s, pulse.frozen_s
        if pulse.frozen_s and not frozen_s:
            self._freeze(reel, pulse.frozen_s)
        elif frozen_s and not pulse.frozen_s:
            reel.event("x-frozen", {"lastedMs": round(frozen_s * 1000)})
            self._interruption(reel, X_FROZEN)
            self._all_asked = False
            self._ask_for_all()

    def _freeze(self, reel: Reel, silent_s: float) -> None:
        _log.warning("the X server does not answer", recording=self.order.recording_id)
        reel.seal()
        reel.begin_gap(reel.now_ns - round(silent_s * 1e9), X_FROZEN)
        reel.report()

    def _interruption(self, reel: Reel, how: str) -> None:
        """Somebody may have done it; who does it again and again is tampering."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._interrupted.append(now)
        if (
            len(self._interrupted) < TAMPERING_TIMES
            or now - self._interrupted[0] > TAMPERING_WITHIN_S
        ):
            return
        if self._calm is not None:
            self._calm.cancel()
        self._calm = loop.call_later(TAMPERING_LASTS_S, self._calmed, reel)
        if not reel.gaps.tampering:
            _log.error("recorder is tampered with", recording=self.order.recording_id, how=how)
            reel.gaps.tampering = True
            reel.gaps.tampered += 1
            reel.event("tampering", {"how": how, "times": len(self._interrupted)})
        reel.report()

    @staticmethod
    def _calmed(reel: Reel) -> None:
        reel.gaps.tampering = False
        reel.report()

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
        if self._calm is not None:
            self._calm.cancel()
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
        else:
            self._feed.ask_now(full=True)  # now, whatever the budget says
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
        waited_for = self._looked is not None or self._all_asked
        if self._pulse is not None and self._pulse.is_answer(rectangles) and not waited_for:
            self._ask_next()
            return
        if reel.writing:
            reel.update(rectangles)
        elif covers(rectangles, *self._feed.size):
            self._all_asked = False
            reel.begin_segment(*self._feed.size, rectangles)
        elif self._all_asked:
            self._feed.ask(full=True)  # sent before ours was read; asked again only if none comes
            return
        else:
            self._ask_for_all()
            return
        taken_bytes = sum(len(rectangle.body) for rectangle in rectangles)
        now_s = asyncio.get_running_loop().time()
        self._feed.wait_until(self._pace.spent(now_s, taken_bytes, reel.take_stored_bytes()))
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
            self._all_asked = True
            if self._feed is not None and not self._held:
                # Of many in a row not each gets a picture; budgets don't keep one from being seen.
                self._feed.ask(full=True, within_s=UPDATE_INTERVAL_S)

    def _ask_next(self) -> None:
        if self._feed is not None and not self._held:
            self._feed.ask(full=self._all_asked)

    def _ask_for_all(self) -> None:
        if self._feed is not None and not self._all_asked and not self._held:
            self._all_asked = True
            self._feed.ask_now(full=True)
