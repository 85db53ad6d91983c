"""Reports to the server: everything at first, then what has changed.

Reports are posted: the bus keeps them while no server runs. Each is answered, and answers may be lost: beats, which
are questions and are not kept, ask again. Few reports are posted ahead of their answers; what changes meanwhile
goes together in the next.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable

from footlight.bus import subjects
from footlight.bus.bus import Bus, Registration
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.ids import new_guid
from footlight.log import bind, get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import (
    HostFacts,
    HostFigures,
    HostReport,
    LoadFacts,
    RecordingFacts,
    ReportTaken,
    SessionFacts,
    SpoolFacts,
    decode,
    encode,
)

_log = get_logger(__name__)

HEARTBEAT_S = 5.0
ANSWER_S = 5.0
BEAT_ANSWER_S = 4.0  # there before the next one is due
LAST_S = 3.0
PACE_S = 0.01  # between reports: a change goes at once, a burst of them together
MOST_UNANSWERED = 4
FIRST_RETRY_S = 0.1
LONGEST_RETRY_S = 2.0
_FINAL = ("completed", "failed")

Facts = SessionFacts | RecordingFacts


class Reporter:
    """Posts one report at a time; what changes meanwhile goes with the next.

    `sessions` and `recordings` give all facts now, `load` how busy the host is, `spool` what it holds
    of recordings, `figures` what it counts; `forget` is told what the server has for good. Figures are those of now:
    they go with beats, never with what may reach the server late."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        host: Callable[[], HostFacts],
        sessions: Callable[[], Iterable[SessionFacts]],
        recordings: Callable[[], Iterable[RecordingFacts]],
        forget: Callable[[ReportTaken], None],
        load: Callable[[], LoadFacts],
        spool: Callable[[], SpoolFacts | None] = lambda: None,
        figures: Callable[[], HostFigures | None] = lambda: None,
    ) -> None:
        self._refused = ""  # why, as the site said last
        self.boot_id = new_guid()
        self._bus = bus
        self._clock = clock
        self._host = host
        self._sessions = sessions
        self._recordings = recordings
        self._forget = forget
        self._load = load
        self._spool = spool
        self._figures = figures
        self._told: HostFigures | None = None  # what the server has
        self._machine_id = host().machine_id
        self._sequence = 0
        self._answered = 0  # the last report that was
        self._answered_at = 0.0
        self._stuck_at: int | None = None  # how far the server was by the last beat
        self._full = True
        self._full_sequence = 0  # of the last full report
        self._known: dict[str, Facts] = {}  # as the server will have them once it has taken all
        self._named: set[str] = set()  # what the server has said we may forget
        self._unkept: bytes | None = None  # a report of which the bus has not said that it has it
        self._news = False
        self._stirred = asyncio.Event()
        self._served: Registration | None = None
        self._task: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with a full report."""
        self.changed()
        self._task = spawn("host reports", self._run())

    def changed(self) -> None:
        """Something may differ from the last report."""
        self._news = True
        self._stirred.set()

    async def stop(self) -> None:
        """One last report, taken if a server is there, then silence."""
        await cancel(self._task, self._beating)
        try:
            async with asyncio.timeout(LAST_S):
                if self._unkept is not None:
                    await self._post()
                await self._post()
                await self._beat(asked=True)  # at once Unavailable where nobody is
                while self._answered < self._sequence:
                    self._stirred.clear()
                    await self._stirred.wait()
        except (Unavailable, TimeoutError) as silence:
            _log.info("last report not taken", reason=str(silence))
        if self._served is not None:
            await self._served.close()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        bind(host=self._machine_id)
        self._served = await self._bus.serve(subjects.taken(self._machine_id), self._hear)
        retry_s, beat_at = FIRST_RETRY_S, _next_beat(loop.time())
        while True:
            try:
                async with asyncio.timeout_at(beat_at):
                    await self._stirred.wait()
            except TimeoutError:
                pass
            self._stirred.clear()
            try:
                if self._news and self._sequence - self._answered < MOST_UNANSWERED:
                    await self._post()
                    retry_s = FIRST_RETRY_S
                if loop.time() >= beat_at:
                    beat_at = _next_beat(loop.time())
                    self._begin_beat()
                await asyncio.sleep(PACE_S)
            except Unavailable as silence:
                _log.debug("the bus does not take a report", reason=silence.message)
                await asyncio.sleep(retry_s)
                retry_s = min(retry_s * 2, LONGEST_RETRY_S)
                self.changed()

    async def _post(self) -> None:
        """Post what is new, or again what may not have been kept. Raises Unavailable."""
        if self._unkept is None:
            self._news = False
            self._unkept = self._report()
            if self._unkept is None:
                return
        else:
            self._news = True  # what has changed since goes behind it
            self._stirred.set()
        subject = subjects.of_host(self._machine_id, subjects.REPORTS)
        await self._bus.post(subject, self._unkept, ANSWER_S)
        self._unkept = None

    def _report(self) -> bytes | None:
        """The next report; None when there is nothing new."""
        full = self._full
        sessions = {facts.session_id: facts for facts in self._sessions()}
        recordings = {facts.recording_id: facts for facts in self._recordings()}
        if full:
            self._known = {}
        new_sessions = [f for i, f in sessions.items() if self._known.get(i) != f]
        new_recordings = [f for i, f in recordings.items() if self._known.get(i) != f]
        if not (full or new_sessions or new_recordings):
            return None
        self._sequence += 1
        if full:
            self._full, self._full_sequence = False, self._sequence
        self._named.difference_update(f.session_id for f in new_sessions)
        self._named.difference_update(f.recording_id for f in new_recordings)
        self._known = {**sessions, **recordings}
        return self._message(new_sessions, new_recordings, full=full)

    def _message(
        self,
        sessions: list[SessionFacts],
        recordings: list[RecordingFacts],
        *,
        full: bool = False,
        beat: bool = False,
        figures: HostFigures | None = None,
    ) -> bytes:
        host = self._host()
        report = HostReport(
            machine_id=host.machine_id,
            boot_id=self.boot_id,
            sequence=self._sequence,
            full=full,
            at_ms=self._clock.now_ms(),
            host=host if full else None,
            sessions=sessions,
            recordings=recordings,
            load=self._load(),
            spool=self._spool(),
            beat=beat,
            figures=figures,
        )
        return encode(report)

    def _begin_beat(self) -> None:
        """Not waited for: it may ask a server that is frozen, and what is new is not to wait for that."""
        if self._beating is None or self._beating.done():
            self._beating = spawn("beat", self._beat())

    async def _beat(self, *, asked: bool = False) -> None:
        """Say that we live, and ask how far the server is and what it has. Silence is no failure, but where an answer
        is `asked` for: then it raises Unavailable."""
        sessions, recordings = self._untold()
        # Not by the last beat: then each second one would be left out.
        heard_lately = asyncio.get_running_loop().time() - self._answered_at < HEARTBEAT_S / 2
        idle = self._sequence == self._answered and not sessions and not recordings
        figures = self._new_figures()
        if self._sequence == 0 or (heard_lately and idle and figures is None):
            return
        subject = subjects.of_host(self._machine_id, subjects.BEATS)
        try:
            payload = self._message(sessions, recordings, beat=True, figures=figures)
            answer = decode(ReportTaken, await self._bus.request(subject, payload, BEAT_ANSWER_S))
        except (Unavailable, ValueError) as silence:
            _log.debug("a beat is not answered", reason=str(silence))
            if asked:
                raise Unavailable(str(silence)) from None
            return
        if figures is not None and answer.boot_id == self.boot_id and answer.sequence > 0:
            self._told = figures  # with 0 it was put aside
        self._take_beat(answer)

    def _new_figures(self) -> HostFigures | None:
        """Those that differ from what the server has."""
        figures = self._figures()
        return None if figures == self._told else figures

    def _untold(self) -> tuple[list[SessionFacts], list[RecordingFacts]]:
        """What is over, was reported, and has not been named by an answer."""

        def waits(id: str, facts: Facts) -> bool:
            return id not in self._named and self._known.get(id) == facts

        return (
            [f for f in self._sessions() if f.phase == "ended" and waits(f.session_id, f)],
            [f for f in self._recordings() if f.status in _FINAL and waits(f.recording_id, f)],
        )

    async def _hear(self, payload: bytes) -> bytes:
        """The answer to a report."""
        answer = decode(ReportTaken, payload)
        if answer.boot_id != self.boot_id:
            return b""
        if answer.want_full and answer.sequence >= self._full_sequence:
            self._say_all()
        self._take(answer)
        return b""

    def _take_beat(self, answer: ReportTaken) -> None:
        if answer.boot_id != self.boot_id:
            return
        on_the_way = self._sequence - max(answer.sequence, self._answered)
        moves = answer.sequence != self._stuck_at
        self._stuck_at = answer.sequence if on_the_way > 0 else None
        if (answer.want_full and on_the_way <= 0) or (on_the_way > 0 and not moves):
            # What was posted is lost.
            self._answered, self._stuck_at = self._sequence, None
            self._say_all()
        self._take(answer)

    def _say_all(self) -> None:
        self._full, self._told = True, None
        self.changed()

    def _take(self, answer: ReportTaken) -> None:
        if answer.refused and answer.refused != self._refused:
            _log.error("the site takes no reports of this host", reason=answer.refused)
        if not answer.want_full:  # which is no word on who the host is
            self._refused = answer.refused
        self._answered = max(self._answered, answer.sequence)
        self._answered_at = asyncio.get_running_loop().time()
        self._named.intersection_update(self._known)
        self._named.update(answer.forget_sessions, answer.forget_recordings)
        self._forget(answer)
        self._stirred.set()


def _next_beat(now_s: float) -> float:
    """When to beat next. Hosts that have come back together with the bus must not go on beating together."""
    return now_s + HEARTBEAT_S * random.uniform(0.8, 1.0)
