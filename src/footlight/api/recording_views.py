"""Recordings as routes show them, and how they find the one that they are asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC
from typing import Any, TypeVar

from sqlalchemy import Connection, Row

from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.archive import activity, catalogue, leaves, listing
from footlight.audit.openings import Looked
from footlight.caller import Caller, Permission
from footlight.errors import Forbidden, Invalid, NotFound
from footlight.playback.kept import KeptSource, Recorded
from footlight.wire.own import ActivityView, RecordingView
from footlight.wire.rest.dates import read_date, rfc3339

T = TypeVar("T")
BASE = "/footlight/v1/recordings"
PLAYER = "player"  # the way by which manifest, events and segments are looked at


async def seen(caller: Caller, parts: Parts, id: str) -> Row[Any]:
    """The recording of a path, as listing.described. Raises NotFound."""
    recording_id = decode_parameter(id)
    row = await parts.store.read(lambda c: listing.one(c, caller, recording_id))
    if row is None:
        raise NotFound("There is no such recording.", entityType="Recording", id=recording_id)
    return row


async def opened(caller: Caller, parts: Parts, id: str) -> tuple[Row[Any], str]:
    """The recording of a path, of which the caller is about to be shown something, and the reason that was given for
    it. Raises NotFound, Forbidden (ReasonWanted)."""
    recording_id, now_ms = decode_parameter(id), parts.clock.now_ms()

    def read(connection: Connection) -> tuple[Row[Any], str] | None:
        row = listing.one(connection, caller, recording_id)
        if row is None:
            return None
        return row, leaves.reason_for(connection, caller, parts.config, row.id, now_ms)

    found = await parts.store.read(read)
    if found is None:
        raise NotFound("There is no such recording.", entityType="Recording", id=recording_id)
    return found


def look(row: Any, way: str, reason: str, unit: str = "Segments", at: int | None = None) -> Looked:
    """An opening of the recording in that way, as `parts.openings` notes it."""
    return Looked(row.id, row.session_id, row.user_name, way, unit, at, reason)


def recorded(row: Any) -> Recorded:
    """Where the recording is, for who reads its bytes."""
    return Recorded(row.id, row.machine_id, row.status in catalogue.FINAL)


async def read_recording(parts: Parts, row: Any, work: Callable[[KeptSource], T]) -> T:
    """The result of a blocking reader over the recording as it is now."""
    async with parts.kept.whole(recorded(row)) as source:
        return await asyncio.to_thread(work, source)


async def allowed(caller: Caller, parts: Parts, id: str, permission: Permission) -> Row[Any]:
    """The recording of a path on which the caller has the permission, too. Raises NotFound, Forbidden."""
    row = await seen(caller, parts, id)
    may = await parts.store.read(lambda c: catalogue.may(c, caller, row.id, permission))
    if not may:
        raise Forbidden(f"This needs the permission {permission}.", id=row.id)
    return row


def moment(text: str | None, name: str) -> int | None:
    """A time in RFC 3339 as ms since 1970 UTC. Raises Invalid."""
    if text is None:
        return None
    at_ms = read_date(text, UTC)
    if at_ms is None:
        raise Invalid(f"{name} is a time in RFC 3339.", name=name, value=text[:64])
    return at_ms


def duration_ms(parts: Parts, row: Any) -> int:
    """Of a live recording until now: its time goes on while nothing changes on the screen."""
    if row.status != "recording":
        return int(row.duration_ms)
    return max(int(row.duration_ms), parts.clock.now_ms() - int(row.started_at_ms))


def view(parts: Parts, row: Any) -> RecordingView:
    """A row of listing.described."""
    final = row.status in catalogue.FINAL
    strip = activity.read(row.activity)
    return RecordingView(
        id=row.id,
        session_id=row.session_id,
        user_name=row.user_name,
        machine_name=row.machine_name,
        resource_name=row.resource_name,
        reason=row.reason,
        ordered_by=row.ordered_by,
        started_at=rfc3339(row.started_at_ms),
        ended_at=rfc3339(row.ended_at_ms),
        state=row.status if final else "recording",
        live=row.status == "recording",
        size_bytes=row.size_bytes,
        duration_ms=duration_ms(parts, row),
        segment_count=row.segment_count,
        error=row.error,
        retention_class=row.class_name,
        expires_at=rfc3339(row.expires_at_ms),
        held=row.is_held,
        activity=ActivityView(seconds=strip.seconds, pixels=list(strip.pixels))
        if row.activity is not None
        else None,
    )
