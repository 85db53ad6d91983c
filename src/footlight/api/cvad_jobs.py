"""Jobs on the wire: what `async=true` has begun, and our own. Source: rest-api.md sections 1.10 and 6.1."""

from __future__ import annotations

import struct
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery
from sqlalchemy import Row

from footlight.api import background
from footlight.api.door import entry_of
from footlight.api.errors import Refused, http_problem
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.broker import action as actions
from footlight.caller import Caller
from footlight.errors import Conflict, NotFound
from footlight.sessions.paging import damaged, read_sealed, write_sealed
from footlight.wire.rest.dates import both
from footlight.wire.rest.job import JOB_TYPES, Job, JobStatus, JobType
from footlight.wire.rest.paging import DEFAULT_LIMIT, MAXIMUM_LIMIT, Collection
from footlight.wire.rest.reference import NameValue

routes = Routes(cvad=True)

Call = Request[Caller, object, State]
_STATUS: dict[str, JobStatus] = {"done": "Complete", "failed": "Failed", "cancelled": "Canceled"}
_POSITION = struct.Struct(">Q16s")  # of a page token: created_at_ms, id
_WITHOUT_BODY = ("LogoffSessions", "HideSession", "UnhideSession")  # 204 when called synchronously


@routes.add("GET", "/Jobs", statuses=(200, 400, 401))
async def list_jobs(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[Job]:
    """The caller's jobs, running and ended in the last 48 h, the newest first."""
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    key, name = parts.site.token_key, f"jobs-of:{caller.account_id}"
    after = _read_position(key, name, continuationToken) if continuationToken else None
    rows, total = await parts.jobs.page(caller.account_id, size + 1, after)
    more, shown = len(rows) > size, rows[:size]
    base = entry_of(request.scope).base_url
    beneath = await parts.jobs.parts(shown)
    return Collection(
        items=[_job(row, parts.jobs.progress(row), base, beneath.get(row.id)) for row in shown],
        continuation_token=_write_position(key, name, shown[-1]) if more else None,
        total_items=total,
    )


def _write_position(key: bytes, name: str, row: Row[Any]) -> str:
    return write_sealed(key, name, _POSITION.pack(row.created_at_ms, UUID(row.id).bytes))


def _read_position(key: bytes, name: str, token: str) -> tuple[int, str]:
    body = read_sealed(key, name, token)
    if len(body) != _POSITION.size:
        raise damaged()
    at_ms, raw = _POSITION.unpack(body)
    return at_ms, str(UUID(bytes=raw))


@routes.add("GET", "/Jobs/{id}", statuses=(200, 401, 404))
async def get_job(request: Call, caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Job:
    """One of the caller's jobs."""
    row, progress = await _found(caller, parts, id)
    beneath = (await parts.jobs.parts([row])).get(row.id)
    return _job(row, progress, entry_of(request.scope).base_url, beneath)


@routes.add("DELETE", "/Jobs/{id}", status=204, statuses=(204, 401, 404, 409))
async def delete_job(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> None:
    """Forget an ended job."""
    row, _ = await _found(caller, parts, id)
    await parts.jobs.delete(row)


@routes.add("GET", "/Jobs/{id}/Results", statuses=(200, 303, 401, 404, 409))
async def get_job_results(
    request: Call, caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> Response[bytes]:
    """What the synchronous call would have answered, or the way to the object that it would have shown."""
    row, _ = await _found(caller, parts, id)
    if row.state != "done":
        reason = row.error or "it has not ended"
        raise Conflict(f"The job has no result: {reason}", entityType="Job", id=row.id)
    base = entry_of(request.scope).base_url
    if row.kind in _WITHOUT_BODY:
        return Response(b"", media_type="application/json")
    if row.action is not None:
        return _see(f"{base}/Sessions/{row.object_id}")
    if row.kind not in JOB_TYPES:
        return _see(f"{_origin(base)}/footlight/v1/jobs/{row.id}/result")
    try:
        result = await background.kept(parts.jobs, row.id)
    except NotFound:
        raise _no_job(row.id) from None
    if result.location is not None:
        return _see(result.location)
    return Response(result.body, media_type="application/json")


@routes.add("POST", "/Jobs/{id}/$cancel", statuses=(200, 401, 404, 409))
async def cancel_job(
    request: Call, caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> Job:
    """Take back what a job has not done yet; one that has ended stays as it is."""
    row, _ = await _found(caller, parts, id)
    if row.action is not None:
        await parts.actions.cancel(caller, row)
    else:
        await parts.jobs.cancel(row)
    row, progress = await _found(caller, parts, id)
    return _job(row, progress, entry_of(request.scope).base_url)


@routes.add("POST", "/Jobs/{id}/$SkipRemaining", statuses=(401, 404, 501))
async def skip_remaining(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Job:
    """No job here has parts that can be skipped."""
    row, _ = await _found(caller, parts, id)
    raise Refused(
        http_problem(
            501, "This job has nothing to skip.", None, {"entityType": "Job", "id": row.id}
        )
    )


def _job(row: Row[Any], progress: float, base: str, beneath: list[Row[Any]] | None = None) -> Job:
    created, formatted_created = both(row.created_at_ms)
    started, formatted_started = both(row.started_at_ms)
    ended, formatted_ended = both(row.ended_at_ms)
    parameters: dict[str, str] = msgspec.json.decode(row.parameters)
    status = _STATUS.get(row.state) or ("InProgress" if row.started_at_ms else "NotStarted")
    failed = row.state == "failed"
    return Job(
        id=row.id,
        type=cast(JobType, row.kind if row.kind in JOB_TYPES else "Unknown"),
        overall_progress_percent=int(progress * 100),
        is_cancellable=row.ended_at_ms is None and _recallable(row),
        parameters=[NameValue(name=name, value=value) for name, value in parameters.items()],
        sub_jobs=None if beneath is None else [_job(one, _progress(one), base) for one in beneath],
        status=status,
        result_location=f"{base}/Jobs/{row.id}/Results" if row.state == "done" else None,
        error_string=row.error,
        error_code=(row.error_code or "UnknownError") if failed else None,
        error_parameters=[NameValue(name="ErrorDetails", value=row.error)] if failed else None,
        creation_time=created,
        formatted_creation_time=formatted_created,
        start_time=started,
        formatted_start_time=formatted_started,
        end_time=ended,
        formatted_end_time=formatted_ended,
    )


def _progress(part: Row[Any]) -> float:
    return 1.0 if part.state == "done" else 0.0


def _recallable(row: Row[Any]) -> bool:
    if row.action is None:
        return row.parent_id is None
    try:
        return actions.decode(row.action).recallable
    except ValueError:
        return False


async def _found(caller: Caller, parts: Parts, id: str) -> tuple[Row[Any], float]:
    job_id = decode_parameter(id)
    found = await parts.jobs.find(caller.account_id, job_id)
    if found is None:
        raise _no_job(job_id)
    return found


def _no_job(job_id: str) -> NotFound:
    return NotFound("There is no such job.", entityType="Job", id=job_id)


def _see(url: str) -> Response[bytes]:
    return Response(b"", status_code=303, headers={"location": url}, media_type="application/json")


def _origin(base: str) -> str:
    scheme, _, rest = base.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
