"""Recordings: list, look, fetch, mark, verify, export."""

from __future__ import annotations

from footlight.sdk.collection import (
    action,
    change,
    creation,
    item,
    member_action,
    pages,
    pages_of,
)
from footlight.sdk.errors import BadAnswer
from footlight.sdk.flow import Flow, ask, ask_bytes
from footlight.sdk.operation import Resource, S, listing, operation
from footlight.sdk.pages import Listing
from footlight.sdk.requests import own
from footlight.sdk.types.own import (
    DataKey,
    Marker,
    Markers,
    Recording,
    RecordingEvent,
    Verification,
)
from footlight.sdk.types.recordings import Tombstone


class RecordingMarkers(Resource[S]):
    """`client.recordings.markers`."""

    @operation
    def list(self, recording_id: str) -> Flow[Markers]:
        """Markers and comments of a recording, by their moments. Raises NotFound."""
        return ask(own.recording(recording_id, "markers"))

    @operation
    def add(
        self, recording_id: str, text: str, *, at_ms: int | None = None, kind: str = "marker"
    ) -> Flow[Marker]:
        """Mark a moment of recording time, or, of a recording that runs, this one. `kind`: marker or comment. Raises
        NotFound, Invalid."""
        return ask(own.add_marker(recording_id, {"text": text, "atMs": at_ms, "kind": kind}))

    @operation
    def change(self, recording_id: str, marker_id: str, text: str) -> Flow[Marker]:
        """Another text for a marker of one's own. Raises NotFound, Forbidden."""
        return ask(own.change_marker(recording_id, marker_id, text))

    @operation
    def delete(self, recording_id: str, marker_id: str) -> Flow[None]:
        """Remove a marker: one's own, or with the right to delete the recording anybody's. Raises NotFound,
        Forbidden."""
        return ask(own.delete_marker(recording_id, marker_id))


class Recordings(Resource[S]):
    """`client.recordings`."""

    @listing
    def list(
        self,
        /,
        *,
        session_id: str | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
        **query: object,
    ) -> Listing[Recording]:
        """All recordings that the caller may see, or those that the parameters choose: `user`, `machine`, `resource`,
        `state`, `since`, `until`, `reason`, `retention_class`, `held`, `text`; `sort` names a member, `-` before it
        turns the order."""
        return Listing(own.recordings(session_id, limit, timeout_s, query))

    @operation
    def get(self, recording_id: str) -> Flow[Recording]:
        """One recording. Raises NotFound."""
        return ask(own.recording(recording_id))

    manifest = item(
        "GET /footlight/v1/recordings/{id}/manifest",
        "Its segments, gaps and damage as they are now. Once it has ended, `signed` is the signed "
        "manifest (docs/format.md section 7), before that null.",
        dict,
    )
    data_key = item(
        "GET /footlight/v1/recordings/{id}/key",
        "The key that its sealed segments are decrypted with (docs/format.md section 8); noted as an opening.",
        DataKey,
    )
    search = pages(
        "GET /footlight/v1/recordings/search",
        "Events that hold all words of `text`; `type`, `user`, `machine`, `since`, ... choose.",
    )
    delete = action(
        "DELETE /footlight/v1/recordings/{id}",
        "Delete an ended recording, for a `reason`; its tombstone.",
        Tombstone,
    )
    holds = pages_of("GET /footlight/v1/recordings/{id}/holds", "Its legal holds.")
    hold = change("POST /footlight/v1/recordings/{id}/holds", "Place a legal hold (`reason`).")
    release = member_action(
        "DELETE /footlight/v1/recordings/{id}/holds/{hold}", "Release one hold."
    )
    tombstones = pages("GET /footlight/v1/recordings/tombstones", "What is left of deleted ones.")
    tombstone = item(
        "GET /footlight/v1/recordings/tombstones/{id}",
        "What is left of one. Raises NotFound.",
        Tombstone,
    )
    open = change("POST /footlight/v1/recordings/{id}/openings", "Say why it is opened (`reason`).")
    link = change(
        "POST /footlight/v1/recordings/{id}/links",
        "A link to a moment (`atMs`), which expires (`expiresInS`).",
    )
    follow_link = item(
        "GET /footlight/v1/recordings/links/{token}", "Where a link leads. Raises NotFound."
    )
    markers: RecordingMarkers[S]

    def __init__(self, sender: S) -> None:
        super().__init__(sender)
        self.markers = RecordingMarkers(sender)

    @listing
    def events(
        self,
        recording_id: str,
        *,
        type: str | None = None,
        text: str | None = None,
        from_ms: int | None = None,
        to_ms: int | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
    ) -> Listing[RecordingEvent]:
        """What happened in it, with markers, in order. `type`: of one type, or of several with commas; `text`: with
        that text in some member; `from_ms`, `to_ms`: of recording time. Raises NotFound."""
        wanted = {"type": type, "text": text, "fromMs": from_ms, "toMs": to_ms, "limit": limit}
        return Listing(own.recording(recording_id, "events", wanted, timeout_s=timeout_s))

    @operation
    def segment(
        self, recording_id: str, number: int, *, start: int = 0, end: int | None = None
    ) -> Flow[bytes]:
        """Bytes `start` to before `end` of a segment."""
        return ask_bytes(own.segment_range(recording_id, number, start, end))

    @operation
    def verification(self, recording_id: str, *, timeout_s: float = 600) -> Flow[Verification]:
        """What the site finds when it verifies the recording against its own key."""
        request = own.recording(recording_id, "verification", timeout_s=timeout_s)
        return ask(request)

    @operation
    def frame(self, recording_id: str, at_s: float) -> Flow[bytes]:
        """The picture at `at_s` seconds after the start, as PNG; after the end the last one."""
        request = own.recording(recording_id, "frame", {"at": at_s}, accept="image/png")
        return ask_bytes(request)

    @operation
    def contact_sheet(self, recording_id: str, *, count: int | None = None) -> Flow[bytes]:
        """`count` pictures from all over the recording on one sheet, as PNG."""
        request = own.recording(
            recording_id, "contact-sheet", {"count": count}, accept="image/png", timeout_s=120
        )
        return ask_bytes(request)

    @operation
    def start_export(self, recording_id: str, *, kind: str = "mp4") -> Flow[str]:
        """Begin an export, as `mp4` or as an `evidence` file; the id of its job (follow it with `client.jobs`)."""
        answer = yield from ask(own.export(recording_id, kind))
        if not isinstance(answer, dict) or not isinstance(job_id := answer.get("jobId"), str):
            raise BadAnswer("the site named no job for the export")
        return job_id


class RetentionClasses(Resource[S]):
    """`client.retention_classes`: how long recordings are kept."""

    list = pages("GET /footlight/v1/retention-classes", "All classes.")
    get = item("GET /footlight/v1/retention-classes/{name}", "One class. Raises NotFound.")
    create = creation(
        "POST /footlight/v1/retention-classes", "A new class (`name`, `keepDays`, null: for ever)."
    )
    update = change(
        "PATCH /footlight/v1/retention-classes/{name}", "Keep its recordings otherwise."
    )
    delete = action(
        "DELETE /footlight/v1/retention-classes/{name}", "Remove one without recordings."
    )
    preview = creation(
        "POST /footlight/v1/recordings/retention/preview",
        "What would be deleted (`at`, `retentionClass`, `keepDays`, `limit`); nothing is.",
    )


class Reports(Resource[S]):
    """`client.reports`: problems in sessions, as people reported them."""

    list = pages("GET /footlight/v1/reports", "Reports, the newest first.")
    get = item("GET /footlight/v1/reports/{id}", "One report. Raises NotFound.")
    create = change(
        "POST /footlight/v1/sessions/{id}/reports",
        "Report a problem (`text`) in a session, which is recorded on where that may be.",
    )
