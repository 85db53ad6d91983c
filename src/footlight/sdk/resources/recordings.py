"""Recordings: list, look, fetch, verify, export."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from footlight.sdk.errors import BadAnswer
from footlight.sdk.pages import Pager
from footlight.sdk.requests import own
from footlight.sdk.sender import Progress, Sender
from footlight.sdk.types.own import Recording, Verification


class Recordings:
    """`client.recordings`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        session_id: str | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
    ) -> Pager[Recording]:
        """All recordings that the caller may see, or those of one session."""
        return Pager(own.recordings(session_id, limit, timeout_s), self._sender.send)

    def get(self, recording_id: str) -> Recording:
        """One recording. Raises NotFound."""
        return cast(Recording, self._sender.send(own.recording(recording_id)))

    def manifest(self, recording_id: str) -> dict[str, Any]:
        """Its segments, gaps and damage as they are now. Once it has ended, `signed` is the signed
        manifest (docs/format.md section 7), before that null."""
        return cast("dict[str, Any]", self._sender.send(own.recording(recording_id, "manifest")))

    def events(self, recording_id: str) -> Any:
        """Its event track."""
        return self._sender.send(own.recording(recording_id, "events"))

    def segment(
        self, recording_id: str, number: int, *, start: int = 0, end: int | None = None
    ) -> bytes:
        """Bytes `start` to before `end` of a segment."""
        return self._sender.fetch(own.segment_range(recording_id, number, start, end)).content

    def verification(self, recording_id: str, *, timeout_s: float = 600) -> Verification:
        """What the site finds when it verifies the recording against its own key."""
        request = own.recording(recording_id, "verification", timeout_s=timeout_s)
        return cast(Verification, self._sender.send(request))

    def frame(self, recording_id: str, at_s: float) -> bytes:
        """The picture at `at_s` seconds after the start, as PNG; after the end the last one."""
        request = own.recording(recording_id, "frame", {"at": at_s}, accept="image/png")
        return self._sender.fetch(request).content

    def contact_sheet(self, recording_id: str, *, count: int | None = None) -> bytes:
        """`count` pictures from all over the recording on one sheet, as PNG."""
        request = own.recording(
            recording_id, "contact-sheet", {"count": count}, accept="image/png", timeout_s=120
        )
        return self._sender.fetch(request).content

    def start_export(self, recording_id: str) -> str:
        """Begin an export to MP4; the id of its job (follow it with `client.jobs`)."""
        answer = self._sender.send(own.export(recording_id))
        if not isinstance(answer, dict) or not isinstance(answer.get("jobId"), str):
            raise BadAnswer("the site named no job for the export")
        return cast(str, answer["jobId"])

    def download(self, path: str, sink: BinaryIO, progress: Progress | None = None) -> int:
        """The bytes at a job's `resultPath`, written to `sink`; how many."""
        return self._sender.download(own.result(path), sink, progress)
