"""Recordings: list, look, fetch, verify, export."""

from __future__ import annotations

from footlight.sdk.collection import item
from footlight.sdk.errors import BadAnswer
from footlight.sdk.flow import Flow, ask, ask_bytes
from footlight.sdk.operation import Resource, S, listing, operation
from footlight.sdk.pages import Listing
from footlight.sdk.requests import own
from footlight.sdk.types.own import Recording, Verification


class Recordings(Resource[S]):
    """`client.recordings`."""

    @listing
    def list(
        self,
        *,
        session_id: str | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
    ) -> Listing[Recording]:
        """All recordings that the caller may see, or those of one session."""
        return Listing(own.recordings(session_id, limit, timeout_s))

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
    events = item("GET /footlight/v1/recordings/{id}/events", "Its event track.")

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
    def start_export(self, recording_id: str) -> Flow[str]:
        """Begin an export to MP4; the id of its job (follow it with `client.jobs`)."""
        answer = yield from ask(own.export(recording_id))
        if not isinstance(answer, dict) or not isinstance(job_id := answer.get("jobId"), str):
            raise BadAnswer("the site named no job for the export")
        return job_id
