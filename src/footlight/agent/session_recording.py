"""What of a session is recorded: the one recording that runs, its events and its notice on the screen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from footlight.agent.notice import TEXT, Notice
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.surroundings import Surroundings
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import spawn
from footlight.wire.host import RecordingFacts, SessionOrder

_log = get_logger(__name__)

FINAL = ("completed", "failed")


class SessionRecording:
    """The recording of one session, none most of the time. `running` is one begun and not yet ended by us."""

    def __init__(self, folder: Path, around: Surroundings, changed: Callable[[], None]) -> None:
        self.running: RecordingFacts | None = None
        self._folder = folder
        self._around = around
        self._on_shown = changed
        self._notice: Notice | None = None

    def facts(self) -> RecordingFacts | None:
        """How it stands, with whether the notice is on the screen."""
        if self.running is None:
            return None
        shown = self._notice is not None and self._notice.shown
        return msgspec.structs.replace(self.running, notified=shown)

    def take(self, facts: RecordingFacts) -> bool:
        """The recorder's word on a recording of this session; whether it is the running one."""
        if self.running is None or facts.recording_id != self.running.recording_id:
            return False
        self.running = facts
        return True

    def note(self, kind: str, members: dict[str, object]) -> None:
        """Put an event into the recording, if one runs."""
        if self.running is not None:
            recording_id = self.running.recording_id
            spawn(f"event {kind}", self._around.recorders.event(recording_id, kind, members))

    async def begin(self, order: SessionOrder, trace: str | None = None) -> None:
        """Begin, or go on with, the recording that the order wants. `trace`: the span that this belongs to."""
        wanted = order.recording
        assert wanted is not None
        launch = order.launch
        self.running = RecordingFacts(
            recording_id=wanted.recording_id, session_id=order.session_id, status="starting"
        )
        recorders = self._around.recorders
        await recorders.begin(
            BeginRecording(
                recording_id=wanted.recording_id,
                session_id=order.session_id,
                rfb_path=f"{self._folder}/x/rfb",
                site_id=self._around.site_id,
                user_name=launch.user_name,
                machine_name=launch.machine_name,
                resource_name=launch.resource_name,
                reason=wanted.reason,
                ordered_by=wanted.ordered_by,
                notify=wanted.notify,
                transaction=order.transaction,
                trace=trace,
            )
        )
        for known in recorders.facts():
            if known.recording_id == wanted.recording_id:
                self.running = known

    async def end(self, reason: str, *, even_unheard: bool) -> None:
        """End it and take the notice off. Raises Unavailable when the recorder is silent, unless its answer
        does not matter: it then ends the recording from its spool when it is back."""
        recording = self.running
        assert recording is not None
        try:
            if recording.status not in FINAL:
                await self._around.recorders.end(recording.recording_id, reason)
        except Unavailable as silence:
            if not even_unheard:
                raise
            _log.warning(
                "recording not ended yet", recording=recording.recording_id, error=str(silence)
            )
        self.running = None
        await self.remove_notice()

    async def suspend(self, cause: str) -> None:
        """Seal it, to be resumed by the next agent."""
        if self.running is not None and self.running.status not in FINAL:
            with contextlib.suppress(Unavailable):
                await self._around.recorders.suspend(self.running.recording_id, cause)

    def show_notice(self, display: str) -> None:
        """Say on the screen that it is recorded, until the recording ends."""
        with contextlib.suppress(OSError):
            cookie = (self._folder / "cookie").read_bytes()
            self._notice = Notice(display, self._folder, cookie, self._shown)

    def show_again(self, viewer: str) -> None:
        """To a viewer who has just come."""
        if self._notice is not None:
            self._notice.again(viewer)

    def _shown(self, viewer: str) -> None:
        self.note("notice-shown", {"text": TEXT, "viewer": viewer})
        self._on_shown()

    async def remove_notice(self) -> None:
        """Take the notice off the screen."""
        if self._notice is not None:
            notice, self._notice = self._notice, None
            await notice.stop()
