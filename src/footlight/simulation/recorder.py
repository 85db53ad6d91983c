"""The fleet's recorder: the agent's own recorder and uploader, one for all simulated hosts, started when needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from footlight.agent.recorder_link import Recorders
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.recorder_process import RecorderConfig
from footlight.agent.session_recording import FINAL
from footlight.agent.uploader import Uploader
from footlight.log import get_logger
from footlight.objects.objects import Objects
from footlight.wire.host import ReadSegment, RecordingFacts, SegmentPiece

_log = get_logger(__name__)

MOST_AT_ONCE = 50
DRAIN_S = 3.0
TOO_MANY = f"a simulated fleet records {MOST_AT_ONCE} sessions at once"


class FleetRecorder:
    """As agent/recorder_link.py Recorders. A recording above MOST_AT_ONCE fails at its beginning and says why."""

    def __init__(
        self,
        config: RecorderConfig,
        objects: Objects,
        on_change: Callable[[RecordingFacts], None],
    ) -> None:
        self._config = config
        self._on_change = on_change
        self._uploader = Uploader(config.spool, objects)
        self._recorders = Recorders(config, self._changed)
        self._refused: dict[str, RecordingFacts] = {}
        self._starting = asyncio.Lock()
        self._started = False

    async def start(self) -> None:
        """Take up what an earlier run has left; nothing runs if that was nothing."""
        if _holds_recordings(self._config.spool):
            await self._start()

    async def stop(self) -> None:
        """Finish uploading, at most DRAIN_S; the rest waits in the spool."""
        if not self._started:
            return
        await self._recorders.stop()
        try:
            async with asyncio.timeout(DRAIN_S):
                await self._uploader.drain()
        except TimeoutError:
            _log.warning("segments left in the spool of the simulation")
        await self._uploader.stop()

    @property
    def running(self) -> int:
        """How many recordings are not finished."""
        return sum(facts.status not in FINAL for facts in self._recorders.facts())

    async def begin(self, order: BeginRecording) -> None:
        if self.running >= MOST_AT_ONCE:
            self._refused[order.recording_id] = RecordingFacts(
                recording_id=order.recording_id,
                session_id=order.session_id,
                status="failed",
                error=TOO_MANY,
            )
            return
        await self._start()
        await self._recorders.begin(order)

    async def end(self, recording_id: str, reason: str) -> None:
        if recording_id not in self._refused:
            await self._recorders.end(recording_id, reason)

    async def suspend(self, recording_id: str, cause: str) -> None:
        await self._recorders.suspend(recording_id, cause)

    async def keep_pre_roll(self, session_id: str, rfb_path: str, seconds: int) -> None:
        """Nothing: of a screen that is drawn anew for each look nothing is kept."""

    async def event(self, recording_id: str, kind: str, members: dict[str, object]) -> None:
        await self._recorders.event(recording_id, kind, members)

    def facts(self) -> list[RecordingFacts]:
        return [*self._recorders.facts(), *self._refused.values()]

    def forget(self, recording_id: str) -> None:
        if self._refused.pop(recording_id, None) is None:
            self._recorders.forget(recording_id)

    async def read(self, wanted: ReadSegment) -> SegmentPiece:
        return await self._recorders.read(wanted)

    async def _start(self) -> None:
        async with self._starting:
            if not self._started:
                self._config.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
                await self._uploader.start()
                await self._recorders.start()
                self._started = True

    def _changed(self, facts: RecordingFacts) -> None:
        self._uploader.nudge(facts.recording_id)
        self._on_change(facts)


def _holds_recordings(spool: Path) -> bool:
    return spool.is_dir() and any(path.is_dir() for path in spool.iterdir())
