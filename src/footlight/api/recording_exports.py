"""Exports of recordings: a film, or an evidence file. Each is a job, whose result jobs.py gives out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection, Row, select

from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.recording_views import BASE, opened, recorded
from footlight.api.routing import Routes
from footlight.archive import catalogue
from footlight.audit.lines import Line, line
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.jobs.jobs import Progress, Work
from footlight.jobs.ledger import NewJob
from footlight.playback.evidence import Told, read_player, write_evidence
from footlight.store import schema
from footlight.wire.own import JobBegun
from footlight.wire.recordings import ExportWanted
from footlight.wire.rest.dates import rfc3339_of

routes = Routes(cvad=False)
Call = Request[Caller, object, State]
MOVIE, EVIDENCE = "recording.mp4", "evidence.html"
MAX_OPENINGS = 10_000  # in an evidence file, the newest
_a = schema.audit
_TOLD = ("RecordingViewed", "RecordingExported")


@routes.add(
    "POST",
    BASE + "/{id}/export",
    status=202,
    gives=JobBegun,
    statuses=(202, 400, 401, 403, 404, 409, 429),
)
async def export_recording(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[ExportWanted | None] = None,
) -> Response[bytes]:
    """Begin an export: a job. `mp4` is a film; `evidence` one HTML file that holds an ended recording as it is stored,
    with all that is needed to check and to watch it."""
    row, reason = await opened(caller, parts, id)
    allowed = await parts.store.read(
        lambda c: catalogue.may(c, caller, row.id, Permission.EXPORT_RECORDINGS)
    )
    if not allowed:
        raise Forbidden(f"This needs the permission {Permission.EXPORT_RECORDINGS}.", id=row.id)
    kind = "mp4" if data is None else data.kind
    if kind == "evidence" and row.status not in catalogue.FINAL:
        raise Conflict("The recording has not ended.", code="RecordingRuns", id=row.id)
    act = Act(
        text=f"Export the recording of {row.user_name}" + (" as evidence" * (kind == "evidence")),
        kind="RecordingExported",
        target_type="Recording",
        object_id=row.id,
        object_name=row.user_name,
        parameters={
            "SessionId": row.session_id,
            "Kind": kind,
            **({"Reason": reason} if reason else {}),
        },
    )
    await parts.store.write(lambda tx: record(tx, caller, act))
    work = _film(parts, row) if kind == "mp4" else _evidence(parts, caller, row)
    name = "export" if kind == "mp4" else "evidence"
    job_id = await parts.jobs.begin(NewJob(name, caller.account_id, row.id, {"Id": row.id}), work)
    location = f"{entry_of(request.scope).base_url}/footlight/v1/jobs/{job_id}"
    return Response(
        msgspec.json.encode(JobBegun(job_id=job_id)),
        status_code=202,
        headers={"location": location},
        media_type="application/json",
    )


def _film(parts: Parts, row: Row[Any]) -> Work:
    async def work(folder: Path, progress: Progress) -> None:
        # Imported where films are made: its libraries are a sixth of a server's start.
        from footlight.playback.export import export_mp4

        async with parts.kept.whole(recorded(row)) as source:
            made = await asyncio.to_thread(export_mp4, source, folder / MOVIE, progress=progress)
            if made is None:
                raise NotFound("The recording has no picture yet.")

    return work


def _evidence(parts: Parts, caller: Caller, row: Row[Any]) -> Work:
    async def work(folder: Path, progress: Progress) -> None:
        player = await asyncio.to_thread(read_player, parts.console_dir)
        told = Told(
            recording_id=row.id,
            user_name=row.user_name,
            exported_at=rfc3339_of(parts.clock.now_ms()),
            exported_by=caller.user_name,
            site_name=parts.site.name,
            site_key=parts.site_public_key,
            data_key=parts.recording_keys.data_key(row.id).secret,
            openings=await parts.store.read(lambda c: _openings(c, row.id)),
        )
        async with parts.kept.whole(recorded(row)) as source:
            await asyncio.to_thread(
                write_evidence, source, folder / EVIDENCE, told, player, progress
            )

    return work


def _openings(connection: Connection, recording_id: str) -> list[Line]:
    """Who has seen or exported the recording, the oldest first."""
    query = select(_a).where(_a.c.object_id == recording_id, _a.c.kind.in_(_TOLD))
    newest = connection.execute(query.order_by(_a.c.seq.desc()).limit(MAX_OPENINGS))
    return [line(row) for row in newest][::-1]
