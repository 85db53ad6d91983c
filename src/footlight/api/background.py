"""`async=true`: the layer between the door and the framework that makes a job of a call.

The handler runs as it would have run on the wire, its answer is kept in the job's folder, and `Jobs/{id}/Results`
gives it. Actions on sessions are not among them: their jobs are opened with the change that they track and outlive
the server (broker/settler.py). Source: rest-api.md section 1.10.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from footlight.api.asgi import App, Receive, Scope, Send
from footlight.api.door import Entry, entry_of
from footlight.api.errors import JSON_TYPE
from footlight.api.inner import Answered, answered
from footlight.api.paths import CVAD_PREFIX
from footlight.errors import FootlightError, Invalid, NotFound
from footlight.jobs.jobs import Jobs, Progress
from footlight.jobs.ledger import NewJob
from footlight.wire.rest.error import Error

WORK_TIMEOUT_S = 600.0
MAX_PARAMETER_CHARACTERS = 512
_BODY_FILE, _PLACE_FILE = "result.json", "location"
_FLAGS = {"true": True, "1": True, "false": False, "0": False, "": False}


@dataclass(frozen=True)
class Result:
    """What a job's call has answered: a body (b"" for none), or the place of the object that it made."""

    body: bytes = b""
    location: str | None = None


class Background:
    """The ASGI application that wraps the framework."""

    def __init__(self, app: App, jobs: Jobs) -> None:
        self._app = app
        self._jobs = jobs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_wanted(scope):
            await self._app(scope, receive, send)
            return
        entry = entry_of(scope)
        body = (await receive())["body"]
        job_id = await self._begin(scope, entry, body)
        headers = [
            (b"location", f"{entry.base_url}/Jobs/{job_id}".encode("latin-1")),
            (b"content-type", JSON_TYPE.encode()),
        ]
        await send({"type": "http.response.start", "status": 202, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _begin(self, scope: Scope, entry: Entry, body: bytes) -> str:
        assert entry.caller is not None
        assert entry.route.job is not None

        async def work(folder: Path, progress: Progress) -> None:
            got = await answered(self._app, scope, body, timeout_s=WORK_TIMEOUT_S)
            if got.status >= 400:
                raise _refusal(got)
            location = _location(got, _place(scope, entry))
            await asyncio.to_thread(keep, folder, got.body, location)

        parameters = _parameters(entry, body)
        new = NewJob(entry.route.job, entry.caller.account_id, parameters=parameters)
        return await self._jobs.begin(new, work, heavy=False)


async def kept(jobs: Jobs, job_id: str) -> Result:
    """What a job has made. Raises NotFound when it is gone, Unavailable."""
    body = await jobs.result(job_id, _BODY_FILE)
    try:
        return Result(body, (await jobs.result(job_id, _PLACE_FILE)).decode())
    except NotFound:
        return Result(body)


def flag(scope: Mapping[str, Any]) -> bool:
    """Whether the query says `async=true`. Raises Invalid for what is neither true nor false."""
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name == "async":
            if value.lower() not in _FLAGS:
                raise Invalid("async is true or false.", name="async", value=value[:64])
            return _FLAGS[value.lower()]
    return False


def _is_wanted(scope: Scope) -> bool:
    route = entry_of(scope).route
    return route.job is not None and (flag(scope) or route.always_job)


def keep(folder: Path, body: bytes, location: str | None = None) -> None:
    """Leave a result in a job's folder."""
    if location is not None:
        (folder / _PLACE_FILE).write_text(location)
    (folder / _BODY_FILE).write_bytes(body)


def _location(got: Answered, place: str | None) -> str | None:
    return None if got.body else got.headers.get("location") or place


def _place(scope: Scope, entry: Entry) -> str | None:
    """Where the object is that a PATCH or PUT without an answer has changed."""
    if scope["method"] not in ("PATCH", "PUT"):
        return None
    return entry.base_url + str(scope["path"]).removeprefix(CVAD_PREFIX)


def _parameters(entry: Entry, body: bytes) -> dict[str, str]:
    """The job's: those of the path, and the Name in the body; of a machine that is added, its name."""
    found = {name[:1].upper() + name[1:]: value for name, value in entry.parameters.items()}
    if body:
        try:
            given = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            given = None
        members = given.items() if isinstance(given, dict) else ()
        texts = {str(name).lower(): value for name, value in members if isinstance(value, str)}
        if "name" in texts:
            found.setdefault("Name", texts["name"])
        if "machinename" in texts:
            found["NameOrId"] = texts["machinename"]
    return {name: value[:MAX_PARAMETER_CHARACTERS] for name, value in found.items()}


def _refusal(got: Answered) -> FootlightError:
    try:
        error = msgspec.json.decode(got.body, type=Error)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return FootlightError(f"The call was answered with {got.status}.")
    return FootlightError(error.error_message, code=error.sdk_error_id)
