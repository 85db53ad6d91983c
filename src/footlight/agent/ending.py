"""How a recording ended: its manifest, and the facts that a manifest tells later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import msgspec

from footlight.agent.spool import Begun, SealedLine, SpoolFolder
from footlight.recording.chain import Certificate, Encryption, Gap, Manifest, read_manifest
from footlight.recording.cipher import CIPHER_NAME
from footlight.wire.host import RecordingFacts

_NS_PER_MS = 1_000_000


def manifest_of(
    begun: Begun,
    lines: list[SealedLine],
    *,
    open_gap: Gap | None,
    certificate: Certificate | None,
    ended_ms: int,
    end_ns: int,
    end_reason: str,
    state: Literal["completed", "failed"],
) -> Manifest:
    """The manifest, not yet signed (format.md section 7). open_gap: one after which no picture came."""
    order = begun.order
    gaps = [gap for line in lines for gap in line.gaps]
    if open_gap is not None:
        gaps.append(open_gap)
    started_ms = begun.started_wall_ms
    return Manifest(
        recording_id=order.recording_id,
        session_id=order.session_id,
        site_id=order.site_id,
        user_name=order.user_name,
        machine_name=order.machine_name,
        resource_name=order.resource_name,
        reason=order.reason,
        ordered_by=order.ordered_by,
        notify=order.notify,
        started_at=_rfc3339(started_ms if started_ms is not None else ended_ms),
        ended_at=_rfc3339(ended_ms),
        duration_ms=end_ns // _NS_PER_MS,
        end_reason=end_reason,
        state=state,
        segments=[line.entry for line in lines],
        event_count=sum(line.event_count for line in lines),
        gaps=gaps,
        head=lines[-1].entry.head if lines else "",
        certificate=certificate,
        encryption=None
        if order.key is None
        else Encryption(cipher=CIPHER_NAME, wrapped_key=order.key.wrapped),
    )


def finish(folder: SpoolFolder, begun: Begun, signed_manifest: bytes) -> None:
    """Write the manifest. Nothing is left to be sealed then: the host forgets the key. Raises OSError."""
    folder.write_manifest(signed_manifest)
    order = msgspec.structs.replace(begun.order, key=None)
    folder.write_begun(msgspec.structs.replace(begun, order=order))


def finished_facts(folder: SpoolFolder) -> RecordingFacts | None:
    """How a recording ended, out of its manifest; None while it has none. Raises FormatError."""
    data = folder.manifest()
    if data is None:
        return None
    manifest = read_manifest(data).manifest
    return RecordingFacts(
        recording_id=manifest.recording_id,
        session_id=manifest.session_id,
        status="completed" if manifest.state == "completed" else "failed",
        started_at_ms=_ms(manifest.started_at),
        ended_at_ms=_ms(manifest.ended_at),
        duration_ms=manifest.duration_ms,
        size_bytes=sum(segment.size_bytes for segment in manifest.segments),
        segment_count=len(manifest.segments),
        sealed_count=len(manifest.segments),
        head=manifest.head or None,
        last_gap=manifest.gaps[-1].cause if manifest.gaps else None,
        error=None if manifest.state == "completed" else manifest.end_reason,
    )


def dormant_facts(folder: SpoolFolder, begun: Begun) -> RecordingFacts:
    """A recording that was begun and is neither running nor finished."""
    lines = folder.journal()
    return RecordingFacts(
        recording_id=folder.recording_id,
        session_id=begun.order.session_id,
        status="starting",
        started_at_ms=begun.started_wall_ms,
        duration_ms=lines[-1].entry.end_ns // _NS_PER_MS if lines else 0,
        size_bytes=sum(line.entry.size_bytes for line in lines),
        segment_count=len(lines),
        sealed_count=len(lines),
        head=lines[-1].entry.head if lines else None,
    )


def _rfc3339(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)
