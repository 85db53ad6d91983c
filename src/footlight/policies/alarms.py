"""What of a recording's interruptions goes to the audit log: tampering, and sessions that are covered."""

from __future__ import annotations

from typing import Any

from footlight.audit.log import Act
from footlight.wire.host import RecordingFacts

TAMPERING = ("tampering", "x-frozen")  # causes of gaps that are somebody's doing
COVERED = "covered"
KINDS = (*TAMPERING, COVERED)
_TEXTS = {
    "tampering": "The recorder is interrupted again and again",
    "x-frozen": "The X server does not answer its recorder",
}


def of_gap(row: Any, facts: RecordingFacts) -> Act | None:
    """When a gap that is somebody's doing is first heard of. `row`: of recording_reasons, before it is changed."""
    if facts.gap not in TAMPERING:
        return None
    known = row.late_at_ms is not None and row.late_reason == facts.gap
    if known or (row.health == "delayed" and row.health_reason == facts.gap):
        return None
    return _act(row, _TEXTS[facts.gap], facts.gap)


def of_cover(row: Any, *, covered: bool, cause: str) -> Act | None:
    """When a session is covered, and when it no longer is."""
    if bool(row.covered) == covered:
        return None
    text = "The session is covered: it is not recorded and must be"
    return _act(row, text if covered else "The session is not covered any more", cause)


def _act(row: Any, text: str, cause: str) -> Act:
    return Act(
        text=text,
        kind="AdminActivity",
        target_type="Session",
        object_id=row.session_id,
        parameters={"Cause": cause},
        succeeded=False,
    )
