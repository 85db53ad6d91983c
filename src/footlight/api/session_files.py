"""Files of a session's drop folder: list, download, upload, delete.

They are the session's own user's; others need a permission of its own. Each transfer is in the audit log when it
begins and when it ends; refusals are written by the witness.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import quote

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from sqlalchemy import Connection

from footlight.api.body_pieces import body_pieces
from footlight.api.byte_range import byte_range
from footlight.api.errors import Refused, http_problem
from footlight.api.file_stream import FileStream, refusal, too_large
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.protocol import HANG_UP
from footlight.api.routing import Routes
from footlight.api.session_views import V1, no_session
from footlight.api.tokens import page_limit
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import FootlightError, Forbidden, Invalid, Unavailable
from footlight.log import get_logger
from footlight.sessions import queries
from footlight.sessions.paging import damaged, read_sealed, write_sealed
from footlight.site import access_rules
from footlight.tasks import spawn
from footlight.wire.file_names import name_problem
from footlight.wire.files import FileOrder, FileSpan
from footlight.wire.own import FilePage, FileStored, FileView
from footlight.wire.rest.dates import rfc3339_of

_log = get_logger(__name__)
routes = Routes(cvad=False)
FILES = V1 + "/sessions/{id}/files"
FILE = FILES + "/{name}"
OCTETS = "application/octet-stream"
LIST_NAME = "files"
HUNG_UP_WITHIN_S = 5.0
LOOK_AT_RIGHTS_EACH_S = 5.0
_NEEDS = {"get": ("out", "both"), "put": ("in", "both"), "delete": ("in", "both"),
          "list": ("in", "out", "both")}  # fmt: skip
Do = Literal["list", "get", "put", "delete"]
Call = Request[Caller, object, State]


@dataclass(frozen=True)
class _Granted:
    """A right that was looked at: whose session, where, and what to tell its host."""

    user_name: str
    machine_id: str
    order: FileOrder


@routes.add("GET", FILES, statuses=(200, 400, 401, 403, 404, 409, 429, 503))
async def list_files(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> FilePage:
    """The files of a running session's drop folder, by name."""
    size = page_limit(limit, 100, 1000)
    after = _after(parts, continuationToken) if continuationToken else ""
    granted = await _grant(parts, caller, id, "list")
    order = msgspec.structs.replace(granted.order, after=after, count=size)
    stream = await FileStream.open(parts.bus, granted.machine_id, order)
    await stream.close()
    entries = stream.head.entries
    token = None
    if stream.head.more and entries:
        token = write_sealed(parts.site.token_key, LIST_NAME, entries[-1].name.encode())
    return FilePage(
        items=[
            FileView(
                name=one.name,
                size_bytes=one.size_bytes,
                modified_at=rfc3339_of(one.modified_at_ms),
            )
            for one in entries
        ],
        continuation_token=token,
        allowed=order.allowed,
        limit_bytes=order.limit_bytes,
    )


@routes.add(
    "GET",
    FILE,
    answer="any",
    gives=OCTETS,
    statuses=(200, 206, 400, 401, 403, 404, 409, 416, 429, 503),
    reads=("Range", "If-Range"),
)
async def get_file(
    request: Call, caller: GivenCaller, parts: GivenParts, id: FromPath[str], name: FromPath[str]
) -> Stream:
    """A file of a running session's drop folder, by a range if asked. A body that is shorter than its
    `Content-Length` was cut off."""
    granted = await _grant(parts, caller, id, "get", decode_parameter(name))
    stream = await FileStream.open(parts.bus, granted.machine_id, granted.order)
    try:
        file = stream.head.file
        if file is None:
            raise Unavailable("The host answers something else.")
        mark = f'"{stream.head.mark}"'
        asked = request.headers.get("range")
        if request.headers.get("if-range") not in (None, mark):
            asked = None
        first, last = byte_range(asked, file.size_bytes)
        if asked is not None and first >= file.size_bytes:
            beyond = {"content-range": f"bytes */{file.size_bytes}"}
            raise Refused(http_problem(416, "The range is past the end.", beyond))
        await _note(parts, caller, granted, "Begin to download", {})
    except BaseException:
        await stream.close()
        raise
    headers = {
        **_download_headers(file.name),
        "content-length": str(last - first),
        "accept-ranges": "bytes",
        "etag": mark,
    }
    if asked is not None:
        headers["content-range"] = f"bytes {first}-{last - 1}/{file.size_bytes}"
    span = FileSpan(first=first, length=last - first)
    body = _body(request, parts, caller, granted, stream, span)
    return Stream(
        body, status_code=200 if asked is None else 206, headers=headers, media_type=OCTETS
    )


@routes.add(
    "PUT",
    FILE,
    status=201,
    body="stream",
    statuses=(201, 400, 401, 403, 404, 408, 409, 413, 429, 503),
)
async def put_file(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    name: FromPath[str],
    overwrite: FromQuery[bool] = False,
) -> FileStored:
    """Put the body as a file into a running session's drop folder. It is seen once it is whole; one that is there is
    replaced with `overwrite=true` only."""
    granted = await _grant(parts, caller, id, "put", decode_parameter(name), overwrite=overwrite)
    order = granted.order
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > order.limit_bytes:
        raise too_large(order.limit_bytes)
    stream = await FileStream.open(parts.bus, granted.machine_id, order)
    size = 0
    try:
        await _note(parts, caller, granted, "Begin to upload", {})
        look = _Look(parts, caller, granted)
        async for piece in body_pieces(request):
            size += len(piece)
            if size > order.limit_bytes:
                raise too_large(order.limit_bytes)
            await look.again()
            await stream.write(piece)
        end = await stream.finish()
    except BaseException:
        _note_later(parts, caller, granted, "Upload of", {"Bytes": str(size)}, succeeded=False)
        raise
    finally:
        await stream.close()
    what = {"Bytes": str(end.size_bytes), "Sha256": end.sha256}
    await _note(parts, caller, granted, "Upload", what)
    return FileStored(name=order.name, size_bytes=end.size_bytes, sha256=end.sha256)


@routes.add("DELETE", FILE, status=204, statuses=(204, 400, 401, 403, 404, 409, 429, 503))
async def delete_file(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], name: FromPath[str]
) -> None:
    """Delete a file of a running session's drop folder."""
    granted = await _grant(parts, caller, id, "delete", decode_parameter(name))
    stream = await FileStream.open(parts.bus, granted.machine_id, granted.order)
    await stream.close()
    await _note(parts, caller, granted, "Delete", {})


async def _grant(
    parts: Parts, caller: Caller, id: str, do: Do, name: str = "", *, overwrite: bool = False
) -> _Granted:
    """The order for the host, if the caller may give it. Raises Invalid, NotFound, Forbidden, Conflict."""
    session_id = decode_parameter(id)
    problem = name_problem(name) if do != "list" else None
    if problem is not None:
        raise Invalid(problem, name="name")

    def look(connection: Connection) -> _Granted:
        row = queries.get(connection, caller, session_id)
        if row is None:
            raise no_session(session_id)
        own = row.account_id == caller.account_id
        if not own and not queries.may(connection, caller, row.id, Permission.TRANSFER_FILES):
            raise Forbidden(f"This needs the permission {Permission.TRANSFER_FILES}.")
        rules = access_rules.of_session(connection, row.id)
        order = FileOrder(
            session_id=row.id,
            do=do,
            allowed=rules.files,
            user_name=caller.user_name,
            address=caller.address,
            name=name,
            overwrite=overwrite,
            limit_bytes=parts.config.file_limit_mib * 1024**2,
        )
        if rules.files not in _NEEDS[do]:
            raise refusal("policy", order)
        if row.phase != "running":
            raise refusal("not-running", order)
        return _Granted(row.user_name, row.machine_id, order)

    return await parts.store.read(look)


class _Look:
    """Right and rules of a transfer that takes its time, looked at again now and then."""

    def __init__(self, parts: Parts, caller: Caller, granted: _Granted) -> None:
        self._parts = parts
        self._caller = caller
        self._granted = granted
        self._at_s = asyncio.get_running_loop().time()

    async def again(self) -> None:
        """Raises what ends it."""
        now_s = asyncio.get_running_loop().time()
        if now_s - self._at_s < LOOK_AT_RIGHTS_EACH_S:
            return
        self._at_s = now_s
        order = self._granted.order
        access = self._parts.access

        def holder(connection: Connection) -> Caller | None:
            return access.holder(connection, self._caller.account_id)

        caller = await self._parts.store.read(holder)
        if caller is None:
            raise Forbidden("The right to this is gone.")
        await _grant(self._parts, caller, order.session_id, order.do, order.name)


async def _body(
    request: Call,
    parts: Parts,
    caller: Caller,
    granted: _Granted,
    stream: FileStream,
    span: FileSpan,
) -> AsyncIterator[bytes]:
    """The bytes of a download. One that is refused or fails in its midst ends with the connection: its status has
    been told already."""
    look = _Look(parts, caller, granted)
    size = 0
    whole = False
    try:
        async for piece in stream.read(span):
            await look.again()
            size += len(piece)
            yield piece
        whole = True
    except FootlightError as failure:
        _log.warning("download broken off", reason=failure.message, bytes=size)
        hang_up = cast(Callable[[], None], (request.scope["extensions"] or {})[HANG_UP])
        hang_up()
        await asyncio.sleep(HUNG_UP_WITHIN_S)  # until the server has seen it and cancels this
    finally:
        what = {"Bytes": str(size), "First": str(span.first)}
        if whole:
            what["Sha256"] = stream.end.sha256
        word = "Download" if whole else "Download of"
        _note_later(parts, caller, granted, word, what, succeeded=whole)
        await stream.close()


def _act(granted: _Granted, words: str, what: dict[str, str], *, succeeded: bool) -> Act:
    order = granted.order
    failed = "" if succeeded else " failed"
    return Act(
        text=f"{words} '{order.name}' in the session of {granted.user_name}{failed}",
        kind="FileTransferred",
        target_type="Session",
        object_id=order.session_id,
        object_name=granted.user_name,
        parameters={"Name": order.name, "Direction": _DIRECTIONS[order.do], **what},
        succeeded=succeeded,
    )


_DIRECTIONS = {"get": "out", "put": "in", "delete": "delete", "list": "list"}


async def _note(
    parts: Parts, caller: Caller, granted: _Granted, words: str, what: dict[str, str]
) -> None:
    act = _act(granted, words, what, succeeded=True)
    await parts.store.write(lambda tx: record(tx, caller, act))


def _note_later(
    parts: Parts,
    caller: Caller,
    granted: _Granted,
    words: str,
    what: dict[str, str],
    *,
    succeeded: bool,
) -> None:
    """Also when the request is given up at this moment."""
    act = _act(granted, words, what, succeeded=succeeded)
    spawn("transfer noted", _write(parts, caller, act))


async def _write(parts: Parts, caller: Caller, act: Act) -> None:
    try:
        await parts.store.write(lambda tx: record(tx, caller, act))
    except Unavailable as trouble:
        _log.warning("a transfer is not written", reason=trouble.message, text=act.text)


def _download_headers(name: str) -> dict[str, str]:
    """What keeps a browser from showing it as a page of this site."""
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
        "cache-control": "no-store",
    }


def _after(parts: Parts, token: str) -> str:
    try:
        return read_sealed(parts.site.token_key, LIST_NAME, token).decode()
    except UnicodeDecodeError:
        raise damaged() from None
