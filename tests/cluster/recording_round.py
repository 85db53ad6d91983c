"""One fault of what records: what is on the disk before it, and what must be so after."""

from __future__ import annotations

import base64
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.cluster.flushed import BothPlaces, Flushed, events_in_order, flushed_now, lost
from tests.cluster.ground import until
from tests.cluster.recorded_site import CALLED, EVENTS, Acted, RecordedSite
from tests.cluster.recording_faults import RecordingFault, RecordingMishap
from tests.cluster.scene import REFUSED

from footlight.recording.frames import read_header
from footlight.sdk import Footlight
from footlight.sdk.errors import BadRequest

SOON_S = 60.0
# What a recording of the screen must have a gap of, by kind of fault.
GAPS = {
    "site kill": {"agent-lost", "recorder-lost"},
    "recorder kill": {"recorder-lost"},
    "disk fill": {"spool-full"},
}
FINAL = ("completed", "failed")
_SEARCHED_BYTES = 64 * 1024 * 1024


@dataclass
class RecordingOutcome:
    """Of one round. `back_s`: from the repair, or from a kill that is mended by the site itself, until the recording
    of the session called for went on; None where it was not interrupted. `gap_s`: its longest gap."""

    fault: RecordingFault
    wrong: list[str] = field(default_factory=list)
    back_s: float | None = None
    gap_s: float = 0.0
    flushed: int = 0  # records that were on the disk


class RecordingRound:
    """`run` is one fault with all that is looked at."""

    def __init__(self, site: RecordedSite, number: int, fault: RecordingFault) -> None:
        self._site = site
        self._number = number
        self._fault = fault
        self.outcome = RecordingOutcome(fault)
        self._before: list[Flushed] = []
        self._marked: dict[str, list[str]] = {}
        self._called = ""

    def run(self) -> RecordingOutcome:
        """Never raises: what goes wrong stands in the outcome."""
        mishap = RecordingMishap(self._site, self._fault)
        try:
            self._prepare(self._site.client())
            mishap.begin()
            begun = self._wall_s()
            self._endure()
            mishap.repair()
            since = begun if self._fault.kind == "recorder kill" else self._wall_s()
            client = self._site.client()
            self._go_on(client)
            self._check(client, since)
        except Exception as error:
            self.outcome.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            mishap.repair()
        return self.outcome

    # --- before ---------------------------------------------------------------------------------

    def _prepare(self, client: Footlight) -> None:
        for user, acted in list(self._site.acted.items()):
            if not (acted.folder / "state.json").exists() or self._has_ended(client, acted):
                acted.drawing.kill()
                acted.drawing.wait(10)
                self._site.launch(client, user)
        called = self._site.acted[CALLED]
        client.sessions.start_recording(called.session_id, notify_user=False)
        self._called = self._running(client, called)
        for acted in self._site.acted.values():
            self._mark(client, acted, "before")
        time.sleep(self._fault.after_s)
        self._before = [
            flushed_now(one, self._site.spool, self._site.data / "recordings")
            for one in self._marked
        ]
        self.outcome.flushed = sum(len(one.records) for one in self._before)

    @staticmethod
    def _has_ended(client: Footlight, acted: Acted) -> bool:
        return str(client.sessions.view(acted.session_id)["state"]) == "Ended"

    @staticmethod
    def _is_recorded(client: Footlight, acted: Acted) -> bool:
        """What the status says; it is about pictures, so that of events only goes by its markers."""
        return acted.user == EVENTS or client.sessions.recording_status(acted.session_id)

    def _running(self, client: Footlight, acted: Acted) -> str:
        """The recording that runs there now."""

        def found() -> str:
            if not self._is_recorded(client, acted):
                return ""
            every = client.recordings.list(session_id=acted.session_id)
            return next((str(one["id"]) for one in every if one["state"] == "recording"), "")

        running: str = until(found, f"{acted.user} is recorded", SOON_S)
        return running

    def _mark(self, client: Footlight, acted: Acted, when: str) -> None:
        """A marker that is in the recording's events afterwards."""
        text = f"{when} {self._number}"

        def added() -> str:
            recording_id = self._running(client, acted)
            try:
                client.recordings.markers.add(recording_id, text)
            except BadRequest:  # it has just rolled over
                return ""
            return recording_id

        recording_id = until(added, f"a marker is put into {acted.user}'s recording", SOON_S)
        self._marked.setdefault(recording_id, []).append(text)

        def told() -> bool:
            events = list(client.recordings.events(recording_id))
            return any(e["type"] == "marker" and e["text"] == text for e in events)

        until(told, f"a marker in {acted.user}'s recording", SOON_S)

    # --- meanwhile ------------------------------------------------------------------------------

    def _endure(self) -> None:
        begun = time.monotonic()
        if self._fault.who == "disk":
            self._status_follows()
        time.sleep(max(0.0, self._fault.lasts_s - (time.monotonic() - begun)))

    def _status_follows(self) -> None:
        """While nothing can be written the status is false."""
        client, session_id = self._site.client(), self._site.acted[CALLED].session_id
        until(lambda: not client.sessions.recording_status(session_id), "the status says so", 10)

    # --- after ----------------------------------------------------------------------------------

    def _go_on(self, client: Footlight) -> None:
        """What was not hit for good is recorded again; the session whose X server is gone has ended."""
        for acted in self._site.acted.values():
            if self._fault.kind == "x kill" and acted.user == self._fault.user:
                until(lambda one=acted: self._has_ended(client, one), "the session ends", SOON_S)
            else:
                until(
                    lambda one=acted: self._is_recorded(client, one),
                    f"{acted.user} is recorded again",
                    SOON_S,
                )
                self._mark(client, acted, "after")

    def _check(self, client: Footlight, since: float) -> None:
        called = self._site.acted[CALLED]
        try:
            client.sessions.stop_recording(called.session_id)
        except REFUSED:
            if not self._has_ended(client, called):
                raise
        for before in self._before:
            self._look_at(client, before, since)

    def _look_at(self, client: Footlight, before: Flushed, since: float) -> None:
        recording_id = before.recording_id
        view = client.recordings.get(recording_id)
        over = recording_id == self._called or view["state"] in FINAL
        if over:
            until(
                lambda: (
                    client.recordings.get(recording_id)["state"] in FINAL
                    and not (self._site.spool / recording_id).exists()
                ),
                "it is closed and stored",
                SOON_S,
            )
        key = self._site.keys.data_key(recording_id)
        source = BothPlaces(
            self._site.spool / recording_id, self._site.data / "recordings" / recording_id, key
        )
        self._say(recording_id, lost(before, source))
        self._say(recording_id, events_in_order(source))
        if not over:
            return
        self._say(recording_id, self._unverified(client, recording_id))
        self._say(recording_id, self._in_the_clear(source, key.secret))
        self._say(recording_id, self._unmarked(client, recording_id))
        if recording_id == self._called:
            self._say(recording_id, self._without_gap(client, since))

    def _say(self, recording_id: str, found: Iterator[str]) -> None:
        self.outcome.wrong += [f"{recording_id[:8]}: {one}" for one in found]

    @staticmethod
    def _unverified(client: Footlight, recording_id: str) -> Iterator[str]:
        state = client.recordings.get(recording_id)["state"]
        found = client.recordings.verification(recording_id)
        if state != "completed" or found["status"] != "verified":
            yield f"{state}, {found}"

    def _unmarked(self, client: Footlight, recording_id: str) -> Iterator[str]:
        events = list(client.recordings.events(recording_id))
        told = Counter(e["text"] for e in events if e["type"] == "marker")
        for text in self._marked.get(recording_id, []):
            if told[text] != 1:
                yield f"the marker {text!r} is there {told[text]} times"
        if not any(e["type"] == "recording-stopped" for e in events):
            yield "no event says that it stopped"

    def _without_gap(self, client: Footlight, since: float) -> Iterator[str]:
        """What interrupted it is a gap of it, with its cause; from there `back_s` is taken."""
        manifest = client.recordings.manifest(self._called)
        gaps: list[dict[str, Any]] = manifest["gaps"]
        if any(not gap["cause"] for gap in gaps):
            yield f"a gap without a cause: {gaps}"
        wanted = GAPS.get(self._fault.kind)
        hits = [gap for gap in gaps if wanted is None or gap["cause"] in wanted]
        if wanted is not None and not hits:
            yield f"no gap of {sorted(wanted)}: {gaps}"
        if not hits:
            return
        spans = [(gap["toNs"] - gap["fromNs"]) / 1e9 for gap in hits]
        self.outcome.gap_s = round(max(spans), 2)
        started = self._started_s()
        back = max(started + gap["toNs"] / 1e9 for gap in hits) - since
        self.outcome.back_s = round(max(0.0, back), 2)

    def _started_s(self) -> float:
        """When (seconds since 1970) its recording time 0 was, by its first segment."""
        with (self._site.data / "recordings" / self._called / "000000.flseg").open("rb") as file:
            header, _ = read_header(file)
        return (header.anchor_wall_ns - header.start_ns) / 1e9

    def _in_the_clear(self, source: BothPlaces, secret: bytes) -> Iterator[str]:
        """Segments that are not encrypted, and files that hold the recording's key."""
        for one in source.segments():
            with source.open(one.number) as file:
                header, _ = read_header(file)
            if not header.wrapped_key:
                yield f"segment {one.number} is not encrypted"
        forms = {secret, secret.hex().encode(), base64.b64encode(secret)}
        for folder, _, names in os.walk(self._site.data):
            for name in names:
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        data = file.read(_SEARCHED_BYTES)
                except OSError:
                    continue
                if any(form in data for form in forms):
                    yield f"its key is in {folder}/{name}"

    @staticmethod
    def _wall_s() -> float:
        return time.time()


def closing(site: RecordedSite) -> list[str]:
    """What is wrong with all that remains after the rounds: recordings that have ended, the audit log."""
    client = site.client()
    wrong = []
    for one in client.recordings.list():
        if one["state"] in FINAL:
            found = client.recordings.verification(one["id"])
            if one["state"] != "completed" or found["status"] != "verified":
                wrong.append(f"{one['id'][:8]}: {one['state']}, {found}")
    found = client.audit.verification()
    if not found["whole"]:
        wrong.append(f"the audit log is not whole: {found}")
    return wrong
