"""Jobs of our own API and what they have made; CVAD's view of the same jobs is in cvad_jobs.py."""

from __future__ import annotations

from typing import Any

from litestar.params import FromPath
from litestar.response import Stream

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.recording_exports import EVIDENCE, MOVIE
from footlight.api.routing import Routes
from footlight.archive import catalogue
from footlight.audit.openings import Looked
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, NotFound
from footlight.wire.own import JobView

routes = Routes(cvad=False)
V1 = "/footlight/v1"
# By kind of job: the file that it makes, its media type, and how its name ends. An evidence file is never shown as a
# page of the site.
RESULTS = {
    "export": (MOVIE, "video/mp4", "mp4"),
    "evidence": (EVIDENCE, "application/octet-stream", "html"),
}


@routes.add("GET", V1 + "/jobs/{id}", statuses=(200, 401, 404))
async def get_job(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> JobView:
    """One of the caller's jobs."""
    row, progress = await _job(caller, parts, id)
    done = row.state == "done"
    return JobView(
        id=row.id,
        kind=row.kind,
        object_id=row.object_id,
        state=row.state,
        progress=progress,
        error=row.error,
        result_path=f"{V1}/jobs/{row.id}/result" if done and row.kind in RESULTS else None,
    )


@routes.add(
    "GET",
    V1 + "/jobs/{id}/result",
    answer="any",
    gives="video/mp4",
    statuses=(200, 401, 403, 404, 409),
)
async def get_job_result(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Stream:
    """What the job has made."""
    row, _ = await _job(caller, parts, id)
    # What was exported stays a recording: who has lost the permission since does not get it any more.
    if not await parts.store.read(
        lambda c: catalogue.may(c, caller, row.object_id, Permission.EXPORT_RECORDINGS)
    ):
        raise Forbidden(f"This needs the permission {Permission.EXPORT_RECORDINGS}.", id=row.id)
    if row.state != "done" or row.kind not in RESULTS:
        raise Conflict("The job has no result.", id=row.id)
    name, media_type, ending = RESULTS[row.kind]
    try:
        size = await parts.jobs.result_size(row.id, name)
    except NotFound:
        raise Conflict("The job has no result.", id=row.id) from None
    exported = await parts.store.read(lambda c: catalogue.row(c, row.object_id))
    if exported is not None:
        look = Looked(exported.id, exported.session_id, exported.user_name, "export file")
        await parts.openings.note(caller, look)
    headers = {
        "content-length": str(size),
        "content-disposition": f'attachment; filename="{row.object_id}.{ending}"',
    }
    pieces = parts.jobs.result_pieces(row.id, name, size)
    return Stream(pieces, media_type=media_type, headers=headers)


async def _job(caller: Caller, parts: Parts, id: str) -> tuple[Any, float]:
    job_id = decode_parameter(id)
    found = await parts.jobs.find(caller.account_id, job_id)
    if found is None:
        raise NotFound("There is no such job.", entityType="Job", id=job_id)
    return found
