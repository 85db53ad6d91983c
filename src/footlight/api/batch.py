"""`$batch`: its items go through the whole door, side by side, each with its own rights. Source: rest-api.md
section 6.2."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import msgspec
from litestar import Request, Response
from litestar.datastructures import State

from footlight.api import background
from footlight.api.asgi import App, Scope
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.inner import Answered, answered
from footlight.api.json_body import json_body
from footlight.api.parts import Parts
from footlight.api.paths import Matched, RouteTable
from footlight.api.routing import Routes
from footlight.caller import Caller
from footlight.errors import FootlightError, Invalid
from footlight.jobs.jobs import BATCH, Progress
from footlight.jobs.ledger import NewJob
from footlight.wire.rest.batch import Batch, BatchAnswer, BatchAnswerItem, BatchItem
from footlight.wire.rest.error import Error
from footlight.wire.rest.reference import NameValue

MAX_ITEMS = 500
AT_ONCE = 8
ITEM_TIMEOUT_S = 90.0
_REFERENCE = re.compile(r"[-_0-9A-Za-z]{1,64}")
_METHODS = ("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE")
_BODILESS = ("GET", "HEAD", "DELETE")
# Of the outer request: what belongs to its own body and connection.
_NOT_INHERITED = (b"content-length", b"content-type", b"transfer-encoding", b"accept-encoding",
                  b"connection", b"expect", b"range")  # fmt: skip
_SHOWN = {"location": "Location", "content-type": "Content-Type", "etag": "ETag",
          "retry-after": "Retry-After", "citrix-transactionid": "Citrix-TransactionId"}  # fmt: skip

routes = Routes(cvad=True)


@dataclass(frozen=True)
class _Call:
    """An item that can be sent: its scope for the door, and the kind of job that its route is."""

    reference: str
    scope: Scope
    body: bytes
    kind: str


@routes.add("POST", "/$batch", takes=Batch, gives=BatchAnswer, statuses=(200, 202, 400, 401, 415))
async def run_batch(
    request: Request[Caller, object, State], caller: GivenCaller, parts: GivenParts
) -> Response[bytes]:
    """Run the items; with `async=true` as a job with one sub-job for each."""
    given = await json_body(request, Batch)
    in_background = background.flag(request.scope)
    calls = _calls(given.items, cast(Scope, request.scope), request.app.state.table)
    door: App = request.app.state.door
    if not in_background:
        return _json(BatchAnswer(items=await _run(door, calls)))
    job_id = await _begin(parts, caller, door, calls)
    location = f"{entry_of(request.scope).base_url}/Jobs/{job_id}"
    return Response(
        b"", status_code=202, headers={"location": location}, media_type="application/json"
    )


async def _begin(parts: Parts, caller: Caller, door: App, calls: list[_Call]) -> str:
    named: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def work(folder: Path, progress: Progress) -> None:
        new = [
            NewJob(call.kind, caller.account_id, parameters={"Reference": call.reference})
            for call in calls
        ]
        part_ids = await parts.jobs.open_parts(await named, new)
        by_reference = {call.reference: part for call, part in zip(calls, part_ids, strict=True)}
        ended = 0

        async def each(item: BatchAnswerItem) -> None:
            nonlocal ended
            await parts.jobs.end_part(by_reference[item.reference], *_error(item))
            ended += 1
            progress(ended / len(calls))

        answer = BatchAnswer(items=await _run(door, calls, each))
        await asyncio.to_thread(background.keep, folder, msgspec.json.encode(answer))

    job_id = await parts.jobs.begin(NewJob(BATCH, caller.account_id), work, heavy=False)
    named.set_result(job_id)
    return job_id


async def _run(
    door: App, calls: list[_Call], each: Callable[[BatchAnswerItem], Any] | None = None
) -> list[BatchAnswerItem]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(call: _Call) -> BatchAnswerItem:
        async with slots:
            item = await _send(door, call)
        if each is not None:
            await each(item)
        return item

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(call), name="batch item") for call in calls]
    return [task.result() for task in tasks]


async def _send(door: App, call: _Call) -> BatchAnswerItem:
    try:
        got = await answered(door, call.scope, call.body, timeout_s=ITEM_TIMEOUT_S)
    except (TimeoutError, FootlightError):
        return BatchAnswerItem(reference=call.reference, code=503)
    return BatchAnswerItem(
        reference=call.reference, code=got.status, headers=_headers_of(got), body=_text_of(got)
    )


def _headers_of(got: Answered) -> list[NameValue]:
    return [
        NameValue(name=shown, value=got.headers[name])
        for name, shown in _SHOWN.items()
        if name in got.headers
    ]


def _text_of(got: Answered) -> str | None:
    return got.body.decode("utf-8", "replace") if got.body else None


def _error(item: BatchAnswerItem) -> tuple[str | None, str | None]:
    if item.code < 400:
        return None, None
    try:
        error = msgspec.json.decode(item.body or "", type=Error)
    except msgspec.DecodeError:
        return f"The item was answered with {item.code}.", "UnknownError"
    return error.error_message, error.sdk_error_id


def _calls(items: list[BatchItem], outer: Scope, table: RouteTable) -> list[_Call]:
    """The items as requests. Raises Invalid naming the first that can't be one."""
    if len(items) > MAX_ITEMS:
        raise Invalid(f"A batch has at most {MAX_ITEMS} items.", name="Items", problem="outOfRange")
    calls = [_call(item, f"Items[{at}]", outer, table) for at, item in enumerate(items)]
    if len({call.reference for call in calls}) < len(calls):
        raise Invalid("Each item of a batch has a reference of its own.", name="Reference")
    return calls


def _call(item: BatchItem, where: str, outer: Scope, table: RouteTable) -> _Call:
    reference = str(item.reference)
    method = (item.method or "GET").upper()
    if not _REFERENCE.fullmatch(reference):
        raise Invalid("A reference is 1 to 64 letters, digits, - or _.", name=f"{where}.Reference")
    if method not in _METHODS:
        raise Invalid("There is no such method.", name=f"{where}.Method", problem="invalidEnum")
    if item.body and method in _BODILESS:
        raise Invalid(f"{method} takes no body.", name=f"{where}.Body")
    path, _, query = item.relative_url.partition("?")
    found = _place(path, entry_of(outer).base_url, table)
    if found is not None and found[1].template.endswith("/$batch"):
        raise Invalid("A batch holds no batch.", name=f"{where}.RelativeUrl")
    # A path of no route goes to the door as well: its 404 is the item's.
    whole, matched = found if found is not None else (f"/cvad/manage/{path.lstrip('/')}", None)
    route = None if matched is None else matched.methods.get(method)
    body = (item.body or "").encode()
    return _Call(
        reference,
        {
            **{key: outer[key] for key in ("type", "asgi", "http_version", "scheme", "server")},
            "client": outer.get("client"),
            "root_path": "",
            "method": method,
            "path": whole,
            "raw_path": whole.encode(),
            "query_string": query.encode(),
            "headers": _headers(item, outer, body),
            "state": {},
        },
        body,
        (route.job if route is not None else None) or "Unknown",
    )


def _place(path: str, base_url: str, table: RouteTable) -> tuple[str, Matched] | None:
    """The whole path of an item and its route: whole already, relative to the outer request's base or to
    another prefix; None where nothing of CVAD's is there."""
    bare = path.lstrip("/")
    base = "/" + base_url.partition("://")[2].partition("/")[2]
    without_version = re.sub(r"^v\d+/", "", bare, flags=re.IGNORECASE)
    for whole in (
        f"/{bare}",
        f"{base}/{bare}",
        f"/cvad/manage/{bare}",
        f"/citrix/orchestration/api/{bare}",
        f"/citrix/orchestration/api/{without_version}",
    ):
        matched = table.match(whole.encode())
        if matched is not None and matched.cvad:
            return whole, matched
    return None


def _headers(item: BatchItem, outer: Scope, body: bytes) -> list[tuple[bytes, bytes]]:
    own = {
        header.name.lower().encode("latin-1", "replace"): (header.value or "").encode(
            "latin-1", "replace"
        )
        for header in item.headers or ()
        if header.name
    }
    if body:
        own.setdefault(b"content-type", b"application/json")
    inherited = [
        (name, value)
        for name, value in outer["headers"]
        if name.lower() not in own and name.lower() not in _NOT_INHERITED
    ]
    return inherited + list(own.items())


def _json(value: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json")
