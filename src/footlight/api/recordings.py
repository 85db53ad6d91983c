"""Recordings: list, manifest, segments, events, verification, pictures, export."""

from __future__ import annotations

import asyncio
import io
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream

from footlight.api.byte_range import byte_range, range_start
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.recording_views import (
    BASE,
    PLAYER,
    duration_ms,
    look,
    moment,
    opened,
    read_recording,
    recorded,
    seen,
    view,
)
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.archive import listing, markers
from footlight.archive.listing import Place, Wanted
from footlight.caller import Caller
from footlight.errors import Invalid, NotFound
from footlight.playback.kept import KeptSource
from footlight.playback.timeline import read_timeline
from footlight.recording.cipher import CIPHER_NAME
from footlight.recording.source import Source
from footlight.recording.verify import Verdict, verify_recording
from footlight.sessions.paging import read_sealed, write_sealed
from footlight.wire.own import RecordingPage, RecordingView
from footlight.wire.recordings import DataKeyView

T = TypeVar("T")
Call = Request[Caller, object, State]
routes = Routes(cvad=False)
CHUNK_BYTES = 256 * 1024
MAX_WAIT_S = 20


@routes.add("GET", BASE, statuses=(200, 400, 401))
async def list_recordings(
    caller: GivenCaller,
    parts: GivenParts,
    sessionId: FromQuery[str | None] = None,
    user: FromQuery[str | None] = None,
    machine: FromQuery[str | None] = None,
    resource: FromQuery[str | None] = None,
    in_state: Annotated[str | None, QueryParameter(name="state")] = None,
    since: FromQuery[str | None] = None,
    until: FromQuery[str | None] = None,
    reason: FromQuery[str | None] = None,
    retentionClass: FromQuery[str | None] = None,
    held: FromQuery[bool | None] = None,
    text: FromQuery[str | None] = None,
    sort: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> RecordingPage:
    """Recordings that have begun, newest first unless `sort` names a member (`-sizeBytes`: the largest first).
    `since` and `until` choose those that ran then; `text` looks in all members."""
    size = page_limit(limit, 100, 1000)
    wanted = Wanted(
        session_id=sessionId,
        user=user,
        machine=machine,
        resource=resource,
        state=in_state,
        since_ms=moment(since, "since"),
        until_ms=moment(until, "until"),
        reason=reason,
        retention_class=retentionClass,
        held=held,
        text=text,
    )
    key, name = parts.site.token_key, f"recordings:{sort}:{wanted.name}"
    after = Place.read(read_sealed(key, name, continuationToken)) if continuationToken else None
    rows, following = await parts.store.read(
        lambda c: listing.page(c, caller, wanted, sort, size, after)
    )
    token = write_sealed(key, name, msgspec.msgpack.encode(following)) if following else None
    return RecordingPage(items=[view(parts, row) for row in rows], continuation_token=token)


@routes.add("GET", BASE + "/{id}", statuses=(200, 401, 404))
async def get_recording(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> RecordingView:
    """One recording."""
    return view(parts, await seen(caller, parts, id))


@routes.add("GET", BASE + "/{id}/manifest", gives=dict[str, Any], statuses=(200, 401, 403, 404))
async def get_manifest(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> Response[bytes]:
    """Segments, markers and damage as they are now; with `signed` once the recording has ended."""
    row, reason = await opened(caller, parts, id)
    await parts.openings.note(caller, look(row, PLAYER, reason))
    marked = await parts.store.read(lambda c: markers.every(c, row.id))

    def read(source: KeptSource) -> dict[str, Any]:
        timeline = read_timeline(source, source.indexes)
        signed = source.manifest()
        built = msgspec.to_builtins(timeline)
        built.pop("events")
        return {
            "id": row.id,
            "sessionId": row.session_id,
            "open": not timeline.complete,
            "durationMs": max(timeline.duration_ns // 1_000_000, duration_ms(parts, row)),
            **built,
            "markers": [
                {
                    "id": one.id,
                    "atMs": one.at_ms,
                    "kind": one.kind,
                    "text": one.text,
                    "author": one.author,
                }
                for one in marked
            ],
            "signed": msgspec.Raw(signed) if signed is not None else None,
        }

    return _json(await read_recording(parts, row, read))


@routes.add(
    "GET",
    BASE + "/{id}/segments/{number}",
    answer="any",
    gives="application/octet-stream",
    statuses=(200, 206, 400, 401, 403, 404, 416),
    reads=("Range",),
)
async def get_segment(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    number: FromPath[str],
    wait: FromQuery[float] = 0.0,
) -> Stream:
    """The stored bytes of a segment, by ranges if asked; an open one is given as far as it goes. With `wait`, seconds
    up to 20, an open one that does not reach the range's beginning yet is waited for."""
    row, reason = await opened(caller, parts, id)
    if not number.isdecimal() or len(number) > 6:
        raise NotFound("There is no such segment.", entityType="Segment", id=number)
    await parts.openings.note(caller, look(row, PLAYER, reason, at=int(number)))
    if not 0 <= wait <= MAX_WAIT_S:
        raise Invalid(f"wait is 0 to {MAX_WAIT_S} seconds.", name="wait", problem="outOfRange")
    begins = range_start(request.headers.get("range"))
    if wait and begins is not None:
        await parts.kept.grown(recorded(row), int(number), begins, wait)
    async with parts.kept.segment(recorded(row), int(number)) as (path, is_open):
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


@routes.add("GET", BASE + "/{id}/key", gives=DataKeyView, statuses=(200, 401, 403, 404))
async def get_key(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Response[bytes]:
    """The key that its sealed segments are decrypted with, for players; noted as an opening."""
    row, reason = await opened(caller, parts, id)
    await parts.openings.note(caller, look(row, "key", reason))
    key = parts.recording_keys.data_key(row.id)
    view = DataKeyView(
        cipher=CIPHER_NAME, data_key=b64encode(key.secret).decode(), wrapped_key=key.wrapped
    )
    return Response(
        msgspec.json.encode(view),
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


@routes.add("GET", BASE + "/{id}/verification", statuses=(200, 401, 404))
async def get_verification(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Verdict:
    """What verify says of it, against this site's key and the last head that the catalogue knows."""
    row = await seen(caller, parts, id)
    return await read_recording(
        parts, row, lambda source: verify_recording(source, parts.site_public_key, row.head)
    )


@routes.add(
    "GET", BASE + "/{id}/frame", answer="any", gives="image/png", statuses=(200, 400, 401, 403, 404)
)
async def get_frame(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], at: FromQuery[float] = 0.0
) -> Response[bytes]:
    """The picture at `at` seconds of recording time, as PNG."""
    row, reason = await opened(caller, parts, id)
    if not 0 <= at < 1e9:
        raise Invalid("at is seconds since the start.", name="at", problem="outOfRange")
    await parts.openings.note(caller, look(row, "frame", reason, "Seconds", int(at)))

    def draw(source: Source) -> bytes | None:
        # Imported where pictures are made: their libraries are a sixth of a server's start.
        from footlight.playback.render import Renderer

        picture = Renderer(source).picture(round(at * 1e9))
        return None if picture is None else png(picture.image())

    data = await read_recording(parts, row, draw)
    if data is None:
        raise _no_picture(row)
    return Response(data, media_type="image/png")


@routes.add(
    "GET",
    BASE + "/{id}/contact-sheet",
    answer="any",
    gives="image/png",
    statuses=(200, 400, 401, 403, 404),
)
async def get_contact_sheet(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], count: FromQuery[int] = 12
) -> Response[bytes]:
    """Pictures of `count` moments on one sheet, as PNG."""
    row, reason = await opened(caller, parts, id)
    if not 1 <= count <= 48:
        raise Invalid("count is 1 to 48.", name="count", problem="outOfRange")
    await parts.openings.note(caller, look(row, "contact sheet", reason))

    def draw(source: Source) -> bytes | None:
        from footlight.playback.contact import contact_sheet

        return contact_sheet(source, count)

    sheet = await read_recording(parts, row, draw)
    if sheet is None:
        raise _no_picture(row)
    return Response(sheet, media_type="image/png")


def png(image: Any) -> bytes:
    """The image as PNG bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _no_picture(row: Any) -> NotFound:
    return NotFound("The recording has no picture yet.", entityType="Recording", id=row.id)


def _json(value: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json")
