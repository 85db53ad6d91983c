"""Reports to the server: everything at first and after silence, then what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from footlight.bus import subjects
from footlight.bus.bus import Bus
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
    decode,
    encode,
)

_log = get_logger(__name__)

HEARTBEAT_S = 5.0
ANSWER_S = 5.0
FIGURES_APART_MS = 5_000
PACE_S = 0.01  # between reports: a change goes at once, a burst of them together
FIRST_RETRY_S = 0.1
LONGEST_RETRY_S = 5.0


class Reporter:
    """Sends one report at a time; what changes meanwhile goes with the next.

    `sessions` and `recordings` give all facts now, `load` how busy the host is; `forget` is told what the server has
    for good."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        host: Callable[[], HostFacts],
        sessions: Callable[[], Iterable[SessionFacts]],
        recordings: Callable[[], Iterable[RecordingFacts]],
        forget: Callable[[ReportTaken], None],
        load: Callable[[], LoadFacts],
        figures: Callable[[], HostFigures] | None = None,
    ) -> None:
        self.boot_id = new_guid()
        self._bus = bus
        self._clock = clock
        self._host = host
        self._sessions = sessions
        self._recordings = recordings
        self._forget = forget
        self._load = load
        self._figures = figures
        self._told: tuple[int, HostFigures] | None = None  # when, and what
        self._sequence = 0
        self._full = True
        self._known: dict[str, SessionFacts | RecordingFacts] = {}  # as the server has them
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with a full report."""
        self._changed.set()
        self._task = spawn("host reports", self._run())

    def changed(self) -> None:
        """Something may differ from the last report."""
        self._changed.set()

    async def stop(self) -> None:
        """One last report, if anybody takes it, then silence."""
        await cancel(self._task)
        try:
            await self._send()
        except (Unavailable, ValueError) as silence:
            _log.info("last report not taken", reason=str(silence))

    async def _run(self) -> None:
        retry_s = FIRST_RETRY_S
        bind(host=self._host().machine_id)
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            try:
                await self._send()
                retry_s = FIRST_RETRY_S
                await asyncio.sleep(PACE_S)
            except (Unavailable, ValueError) as silence:
                _log.debug("report not taken", reason=str(silence))
                self._full = True
                await asyncio.sleep(retry_s)
                retry_s = min(retry_s * 2, LONGEST_RETRY_S)
                self._changed.set()

    async def _send(self) -> None:
        self._sequence += 1
        full = self._full
        sessions = {facts.session_id: facts for facts in self._sessions()}
        recordings = {facts.recording_id: facts for facts in self._recordings()}
        now: dict[str, SessionFacts | RecordingFacts] = {**sessions, **recordings}
        host = self._host()
        figures = self._new_figures(full)
        report = HostReport(
            machine_id=host.machine_id,
            boot_id=self.boot_id,
            sequence=self._sequence,
            full=full,
            at_ms=self._clock.now_ms(),
            host=host if full else None,
            sessions=[f for i, f in sessions.items() if full or self._known.get(i) != f],
            recordings=[f for i, f in recordings.items() if full or self._known.get(i) != f],
            load=self._load(),
            figures=figures,
        )
        answer = await self._bus.request(subjects.REPORTS, encode(report), ANSWER_S)
        taken = decode(ReportTaken, answer)
        if figures is not None:
            self._told = self._clock.now_ms(), figures
        self._known = now
        self._full = taken.want_full
        if taken.want_full:
            self._changed.set()
        self._forget(taken)

    def _new_figures(self, full: bool) -> HostFigures | None:
        """Those that differ from what was told last, if that is not just now."""
        if self._figures is None:
            return None
        now = self._figures()
        if full or self._told is None:
            return now
        at_ms, told = self._told
        fresh = self._clock.now_ms() - at_ms < FIGURES_APART_MS
        return None if fresh or now == told else now
