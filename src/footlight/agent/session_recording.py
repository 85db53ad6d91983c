"""What of a session is recorded: the one recording that runs, its events and its notice on the screen.

At a hand-over there are two for a moment: the one that runs, and the one that is to follow it (`coming`). The first
ends only after the first key frame of its follower is on the disk.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from footlight.agent.notice import TEXT, Notice, text_of
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.surroundings import Surroundings
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import spawn
from footlight.wire.host import MarkRecording, RecordingFacts, SessionOrder

_log = get_logger(__name__)

FINAL = ("completed", "failed")


class SessionRecording:
    """The recording of one session, none most of the time. `running` is one begun and not yet ended by us; `coming`
    one begun beside it."""

    def __init__(
        self,
        folder: Path,
        around: Surroundings,
        changed: Callable[[], None],
        offered_to: Callable[[], list[str]] = list,
    ) -> None:
        """`offered_to`: names of the viewers who are told of what is copied inside."""
        self.running: RecordingFacts | None = None
        self.coming: RecordingFacts | None = None
        self._folder = folder
        self._around = around
        self._on_shown = changed
        self._offered_to = offered_to
        self._notice: Notice | None = None
        self._pre_roll: tuple[str, int] | None = None  # session and seconds that are kept
        self._included_s = 0  # of them, in the recording that runs

    def best(self) -> RecordingFacts | None:
        """The one that records now, if any does; else the one that is wanted."""
        for one in (self.coming, self.running):
            if one is not None and one.status == "recording" and one.gap is None:
                return one
        return self.coming or self.running

    def facts(self) -> RecordingFacts | None:
        """How it stands, with whether the notice is on the screen."""
        best = self.best()
        if best is None:
            return None
        shown = self._notice is not None and self._notice.shown
        return msgspec.structs.replace(best, notified=shown)

    def take(self, facts: RecordingFacts) -> bool:
        """The recorder's word on a recording of this session; whether it is one that counts."""
        if self.running is not None and facts.recording_id == self.running.recording_id:
            self.running = facts
        elif self.coming is not None and facts.recording_id == self.coming.recording_id:
            self.coming = facts
        else:
            return False
        return True

    def note(self, kind: str, members: dict[str, object]) -> None:
        """Put an event into the recording, if one runs, at a hand-over into both; else into what is kept."""
        if self._listeners():
            spawn(f"event {kind}", self.tell(kind, members))

    async def tell(self, kind: str, members: dict[str, object]) -> None:
        """As `note`, and it has been told on return: before what is told to the recorder then."""
        for one in self._listeners():
            await self._around.recorders.event(one, kind, members)

    def _listeners(self) -> list[str]:
        """By what name the recorder knows whatever holds events of this session."""
        into = [one.recording_id for one in (self.running, self.coming) if one is not None]
        if self._pre_roll is not None:
            into.append(self._pre_roll[0])
        return into

    def mark(self, marker: MarkRecording) -> None:
        """Put somebody's marker into the recording, if it is one of these."""
        if marker.recording_id in self._listeners():
            members: dict[str, object] = {
                "markerId": marker.marker_id,
                "kind": marker.kind,
                "text": marker.text,
                "author": marker.author,
            }
            told = self._around.recorders.event(marker.recording_id, "marker", members)
            spawn("event marker", told)

    async def keep_pre_roll(self, order: SessionOrder, seconds: int) -> None:
        """Keep the last seconds in memory while nothing is recorded; 0: keep nothing."""
        wanted = (order.session_id, seconds) if seconds and self.running is None else None
        if wanted == self._pre_roll:
            return
        self._pre_roll = wanted
        if self.running is None:  # a recording that begins takes what is kept
            path = f"{self._folder}/x/rfb"
            await self._around.recorders.keep_pre_roll(order.session_id, path, seconds)
            self._watch_sources(order)

    async def begin(self, order: SessionOrder, trace: str | None = None) -> None:
        """Begin, or go on with, the recording that the order wants, beside the one that runs. `trace`: the span
        that this belongs to."""
        wanted = order.recording
        assert wanted is not None
        launch = order.launch
        starting = RecordingFacts(
            recording_id=wanted.recording_id, session_id=order.session_id, status="starting"
        )
        if self.running is None:
            kept_s = 0 if self._pre_roll is None else self._pre_roll[1]
            self._included_s = min(kept_s, wanted.pre_roll_s)
            self.running, self._pre_roll = starting, None
        else:
            self.coming = starting
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
                bytes_per_s=wanted.bytes_per_s,
                key=wanted.key,
                content=wanted.content,
                pre_roll_s=wanted.pre_roll_s,
                transaction=order.transaction,
                trace=trace,
            )
        )
        for known in recorders.facts():
            self.take(known)
        self._watch_sources(order)

    async def end(self, reason: str, *, even_unheard: bool) -> None:
        """End the one that runs; without one that follows the notice goes. Raises Unavailable when the recorder is
        silent, unless its answer does not matter: it then ends the recording from its spool when it is back."""
        recording = self.running
        assert recording is not None
        await self._end_one(recording, reason, even_unheard=even_unheard)
        self.running, self.coming = self.coming, None
        if self.running is None:
            self._leave_sources(recording.session_id)
            await self.remove_notice()

    async def drop_coming(self, reason: str) -> None:
        """End the one that was to follow: another is, or none. Raises Unavailable."""
        assert self.coming is not None
        await self._end_one(self.coming, reason, even_unheard=False)
        self.coming = None

    async def _end_one(self, recording: RecordingFacts, reason: str, *, even_unheard: bool) -> None:
        try:
            if recording.status not in FINAL:
                await self._around.recorders.end(recording.recording_id, reason)
        except Unavailable as silence:
            if not even_unheard:
                raise
            _log.warning(
                "recording not ended yet", recording=recording.recording_id, error=str(silence)
            )

    async def suspend(self, cause: str) -> None:
        """Seal it, to be resumed by the next agent."""
        for one in (self.running, self.coming):
            if one is not None:
                self._leave_sources(one.session_id)
            if one is not None and one.status not in FINAL:
                with contextlib.suppress(Unavailable):
                    await self._around.recorders.suspend(one.recording_id, cause)

    def _happened(self, kind: str, members: dict[str, object]) -> None:
        """A source of events tells something. What is copied inside is offered to viewers at once."""
        if kind == "clipboard" and (offered := self._offered_to()):
            members = {**members, "offeredTo": offered}
        self.note(kind, members)

    def _watch_sources(self, order: SessionOrder) -> None:
        """Have events told as long as something holds them, first how things are now."""
        sources = self._around.sources
        if sources is None:
            return
        if self._listeners():
            sources.begin(self._folder, self._around.cgroup_of(self._folder), order, self._happened)
        else:
            sources.end(order.session_id)

    def _leave_sources(self, session_id: str) -> None:
        if self._around.sources is not None:
            self._around.sources.end(session_id)

    def show_notice(self, display: str) -> None:
        """Say on the screen that it is recorded, until the recording ends or is followed by one without."""
        if self._notice is not None:
            return
        with contextlib.suppress(OSError):
            cookie = (self._folder / "cookie").read_bytes()
            self._notice = Notice(
                display, self._folder, cookie, self._shown, text_of(self._included_s)
            )

    def show_again(self, viewer: str) -> None:
        """To a viewer who has just come."""
        if self._notice is not None:
            self._notice.again(viewer)

    def _shown(self, viewer: str) -> None:
        text = TEXT if self._notice is None else self._notice.text
        self.note("notice-shown", {"text": text, "viewer": viewer})
        self._on_shown()

    async def remove_notice(self) -> None:
        """Take the notice off the screen."""
        if self._notice is not None:
            notice, self._notice = self._notice, None
            await notice.stop()
