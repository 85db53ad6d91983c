"""Recordings: list, manifest, segments, events, verification, pictures, export."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from footlight.api.byte_range import byte_range
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.archive import catalogue
from footlight.audit.log import Act, record
from footlight.audit.openings import Looked
from footlight.caller import Caller, Permission
from footlight.errors import Forbidden, Invalid, NotFound
from footlight.jobs.jobs import Progress
from footlight.jobs.ledger import NewJob
from footlight.playback.contact import contact_sheet
from footlight.playback.export import export_mp4
from footlight.playback.kept import KeptSource, Recorded
from footlight.playback.render import Renderer
from footlight.playback.timeline import read_timeline
from footlight.recording.source import Source
from footlight.recording.verify import Verdict, verify_recording
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.wire.own import JobBegun, RecordingPage, RecordingView
from footlight.wire.rest.dates import rfc3339

T = TypeVar("T")
Call = Request[Caller, object, State]
routes = Routes(cvad=False)
BASE = "/footlight/v1/recordings"
CHUNK_BYTES = 256 * 1024
PLAYER = "player"  # the way by which manifest, events and segments are looked at


@routes.add("GET", BASE, statuses=(200, 400, 401))
async def list_recordings(
    caller: GivenCaller,
    parts: GivenParts,
    sessionId: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> RecordingPage:
    """Recordings that have begun, newest first."""
    size = page_limit(limit, 100, 1000)
    key = parts.site.token_key
    before = read_token(key, "recordings", continuationToken) if continuationToken else None
    rows, more = await parts.store.read(
        lambda c: catalogue.page(c, caller, sessionId, size, before.after_uid if before else 0)
    )
    token = write_token(key, "recordings", PageToken(rows[-1].uid, 0)) if more else None
    return RecordingPage(items=[_view(parts, row) for row in rows], continuation_token=token)


@routes.add("GET", BASE + "/{id}", statuses=(200, 401, 404))
async def get_recording(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> RecordingView:
    """One recording."""
    return _view(parts, await _seen(caller, parts, id))


@routes.add("GET", BASE + "/{id}/manifest", gives=dict[str, Any], statuses=(200, 401, 404))
async def get_manifest(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> Response[bytes]:
    """Segments, events' span and damage as they are now; with `signed` once the recording has ended."""
    row = await _seen(caller, parts, id)
    await parts.openings.note(caller, _look(row, PLAYER))

    def read(source: KeptSource) -> dict[str, Any]:
        timeline = read_timeline(source, source.indexes)
        signed = source.manifest()
        built = msgspec.to_builtins(timeline)
        built.pop("events")
        return {
            "id": row.id,
            "sessionId": row.session_id,
            "open": not timeline.complete,
            "durationMs": max(timeline.duration_ns // 1_000_000, _duration_ms(parts, row)),
            **built,
            "signed": msgspec.Raw(signed) if signed is not None else None,
        }

    return _json(await _read(parts, row, read))


@routes.add("GET", BASE + "/{id}/events", gives=dict[str, Any], statuses=(200, 401, 404))
async def get_events(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Response[bytes]:
    """The event track: items with `atMs` of recording time."""
    row = await _seen(caller, parts, id)
    await parts.openings.note(caller, _look(row, PLAYER))
    events = await _read(parts, row, lambda source: read_timeline(source, source.indexes).events)
    items = [
        {"atMs": event["atNs"] // 1_000_000, **{k: v for k, v in event.items() if k != "atNs"}}
        for event in events
    ]
    return _json({"items": items})


@routes.add(
    "GET",
    BASE + "/{id}/segments/{number}",
    answer="any",
    gives="application/octet-stream",
    statuses=(200, 206, 400, 401, 404, 416),
    reads=("Range",),
)
async def get_segment(
    request: Call, caller: GivenCaller, parts: GivenParts, id: FromPath[str], number: FromPath[str]
) -> Stream:
    """The stored bytes of a segment, by ranges if asked; an open one is given as far as it goes."""
    row = await _seen(caller, parts, id)
    if not number.isdecimal() or len(number) > 6:
        raise NotFound("There is no such segment.", entityType="Segment", id=number)
    await parts.openings.note(caller, _look(row, PLAYER, at=int(number)))
    async with parts.kept.segment(_recorded(row), int(number)) as (path, is_open):
        size = path.stat().st_size if path.exists() else 0
        first, last = byte_range(request.headers.get("range"), size)
        # Opened while the copy is held: it may be evicted or replaced once this returns.
        file = await asyncio.to_thread(path.open, "rb") if size else None
    headers = {
        "content-length": str(last - first),
        "accept-ranges": "bytes",
        "x-footlight-open": "true" if is_open else "false",
        "cache-control": "no-store" if is_open else "private, max-age=86400, immutable",
    }
    partial = request.headers.get("range") is not None
    if partial:
        if first >= size:
            headers["content-range"] = f"bytes */{size}"
        else:
            headers["content-range"] = f"bytes {first}-{last - 1}/{size}"

    async def chunks() -> AsyncIterator[bytes]:
        if file is None:
            return
        try:
            await asyncio.to_thread(file.seek, first)
            left = last - first
            while left > 0:
                data = await asyncio.to_thread(file.read, min(left, CHUNK_BYTES))
                if not data:
                    return
                left -= len(data)
                yield data
        finally:
            file.close()

    status = 200 if not partial else 206 if first < size else 416
    return Stream(
        chunks(), status_code=status, headers=headers, media_type="application/octet-stream"
    )


@routes.add("GET", BASE + "/{id}/verification", statuses=(200, 401, 404))
async def get_verification(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Verdict:
    """What verify says of it, against this site's key and the last head that the catalogue knows."""
    row = await _seen(caller, parts, id)
    return await _read(
        parts, row, lambda source: verify_recording(source, parts.site_public_key, row.head)
    )


@routes.add(
    "GET", BASE + "/{id}/frame", answer="any", gives="image/png", statuses=(200, 400, 401, 404)
)
async def get_frame(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], at: FromQuery[float] = 0.0
) -> Response[bytes]:
    """The picture at `at` seconds of recording time, as PNG."""
    row = await _seen(caller, parts, id)
    if not 0 <= at < 1e9:
        raise Invalid("at is seconds since the start.", name="at", problem="outOfRange")
    await parts.openings.note(caller, _look(row, "frame", "Seconds", int(at)))

    def draw(source: Source) -> bytes | None:
        picture = Renderer(source).picture(round(at * 1e9))
        return None if picture is None else png(picture.image())

    data = await _read(parts, row, draw)
    if data is None:
        raise _no_picture(row)
    return Response(data, media_type="image/png")


@routes.add(
    "GET",
    BASE + "/{id}/contact-sheet",
    answer="any",
    gives="image/png",
    statuses=(200, 400, 401, 404),
)
async def get_contact_sheet(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], count: FromQuery[int] = 12
) -> Response[bytes]:
    """Pictures of `count` moments on one sheet, as PNG."""
    row = await _seen(caller, parts, id)
    if not 1 <= count <= 48:
        raise Invalid("count is 1 to 48.", name="count", problem="outOfRange")
    await parts.openings.note(caller, _look(row, "contact sheet"))
    sheet = await _read(parts, row, lambda source: contact_sheet(source, count))
    if sheet is None:
        raise _no_picture(row)
    return Response(sheet, media_type="image/png")


@routes.add(
    "POST", BASE + "/{id}/export", status=202, gives=JobBegun, statuses=(202, 401, 403, 404, 429)
)
async def export_recording(
    request: Call, caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> Response[bytes]:
    """Begin an export to MP4: a job."""
    row = await _seen(caller, parts, id)
    allowed = await parts.store.read(
        lambda c: catalogue.may(c, caller, row.id, Permission.EXPORT_RECORDINGS)
    )
    if not allowed:
        raise Forbidden(f"This needs the permission {Permission.EXPORT_RECORDINGS}.", id=row.id)
    recorded = _recorded(row)
    act = Act(
        text=f"Export the recording of {row.user_name}",
        kind="RecordingExported",
        target_type="Recording",
        object_id=row.id,
        object_name=row.user_name,
        parameters={"SessionId": row.session_id},
    )
    await parts.store.write(lambda tx: record(tx, caller, act))

    async def work(folder: Path, progress: Progress) -> None:
        async with parts.kept.whole(recorded) as source:
            made = await asyncio.to_thread(
                export_mp4, source, folder / "recording.mp4", progress=progress
            )
            if made is None:
                raise NotFound("The recording has no picture yet.")

    job_id = await parts.jobs.begin(
        NewJob("export", caller.account_id, row.id, {"Id": row.id}), work
    )
    location = f"{entry_of(request.scope).base_url}/footlight/v1/jobs/{job_id}"
    return Response(
        msgspec.json.encode(JobBegun(job_id=job_id)),
        status_code=202,
        headers={"location": location},
        media_type="application/json",
    )


def png(image: Any) -> bytes:
    """The image as PNG bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _no_picture(row: Any) -> NotFound:
    return NotFound("The recording has no picture yet.", entityType="Recording", id=row.id)


async def _seen(caller: Caller, parts: Parts, id: str) -> Any:
    recording_id = decode_parameter(id)
    row = await parts.store.read(lambda c: catalogue.get(c, caller, recording_id))
    if row is None:
        raise NotFound("There is no such recording.", entityType="Recording", id=recording_id)
    return row


def _look(row: Any, way: str, unit: str = "Segments", at: int | None = None) -> Looked:
    return Looked(row.id, row.session_id, row.user_name, way, unit, at)


def _recorded(row: Any) -> Recorded:
    return Recorded(row.id, row.machine_id, row.status in catalogue.FINAL)


async def _read(parts: Parts, row: Any, work: Callable[[KeptSource], T]) -> T:
    """The result of a blocking reader over the recording as it is now."""
    async with parts.kept.whole(_recorded(row)) as source:
        return await asyncio.to_thread(work, source)


def _duration_ms(parts: Parts, row: Any) -> int:
    """Of a live recording until now: its time goes on while nothing changes on the screen."""
    if row.status != "recording":
        return int(row.duration_ms)
    return max(int(row.duration_ms), parts.clock.now_ms() - int(row.started_at_ms))


def _view(parts: Parts, row: Any) -> RecordingView:
    final = row.status in catalogue.FINAL
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
        duration_ms=_duration_ms(parts, row),
        segment_count=row.segment_count,
        error=row.error,
    )


def _json(value: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json")
