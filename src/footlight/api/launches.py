"""What can be launched, and launching it."""

from __future__ import annotations

import asyncio
import re

from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from footlight.access import accounts
from footlight.access.accounts import Source
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.broker.decision import LaunchRequest
from footlight.caller import Caller
from footlight.errors import Invalid, NotFound
from footlight.site import entitlement, icons, offers, pictures
from footlight.site.entitlement import Person
from footlight.wire.own import LaunchedView, NewLaunch, ResourceList, ResourceView

Call = Request[Caller, object, State]
routes = Routes(cvad=False)
V1 = "/footlight/v1"
MAX_KEY_CHARS = 128


@routes.add("GET", V1 + "/resources", statuses=(200, 401))
async def list_resources(caller: GivenCaller, parts: GivenParts) -> ResourceList:
    """What the caller may launch."""
    person = await _person(parts, caller)
    found = await parts.store.read(lambda c: offers.listed(c, person))
    items = [
        ResourceView(
            id=one.id,
            name=one.published_name,
            kind=one.kind,
            description=one.description,
            icon_path=None if one.icon_uid is None else f"{V1}/resources/{one.id}/icon",
        )
        for one in found
    ]
    return ResourceList(items=items)


@routes.add(
    "GET",
    V1 + "/resources/{nameOrId}/icon",
    answer="any",
    gives="image/png",
    statuses=(200, 304, 401, 404),
    reads=("If-None-Match",),
)
async def get_resource_icon(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Response[bytes]:
    """The picture of something that the caller may launch: a PNG of 48 by 48."""
    person = await _person(parts, caller)
    wanted = decode_parameter(nameOrId).lower()

    def read(connection: Connection) -> icons.Icon | None:
        shown = {one.id: one.icon_uid for one in offers.listed(connection, person)}
        uid = shown.get(wanted)
        return None if uid is None else icons.get(connection, str(uid))

    icon = await parts.store.read(read)
    if icon is None:
        raise NotFound("There is nothing of that id for you, or it has no icon.", id=wanted[:64])
    tag = f'"{icon.uid}"'  # a picture is never changed
    headers = {"etag": tag, "cache-control": "private, max-age=3600"}
    if tag in (request.headers.get("if-none-match") or ""):
        return Response(b"", status_code=304, headers=headers)
    picture = await asyncio.to_thread(pictures.formatted, icon.raw, "image/png;48x48x32")
    return Response(picture, media_type="image/png", headers=headers)


async def _person(parts: Parts, caller: Caller) -> Person:
    """The caller by all names that rules may know it by."""

    def read(connection: Connection) -> tuple[Source, list[tuple[Source, str]]]:
        account = accounts.by_id(connection, caller.account_id)
        told = accounts.groups_of(connection, caller.account_id)
        return ("site" if account is None else account.source), told

    source, told = await parts.store.read(read)
    return await asyncio.to_thread(entitlement.person, caller.name, source, told)


@routes.add(
    "POST",
    V1 + "/launches",
    status=201,
    gives=LaunchedView,
    statuses=(200, 201, 400, 401, 403, 404, 409, 503),
    reads=("Idempotency-Key",),
)
async def launch(
    request: Call, caller: GivenCaller, parts: GivenParts, data: JSONBody[NewLaunch]
) -> Response[LaunchedView]:
    """Launch a resource: 201 with the new session, 200 with the running one that is taken up. `waitSeconds`: how long
    to wait for a machine when none is free, at most as long as the site lets one."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= MAX_KEY_CHARS:
        raise Invalid(
            f"Idempotency-Key is 1 to {MAX_KEY_CHARS} characters.", name="Idempotency-Key"
        )
    if data.wait_seconds is not None and data.wait_seconds < 0:
        raise Invalid("waitSeconds is 0 or more.", name="waitSeconds", problem="outOfRange")
    server = request.scope.get("server")

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            continue

    launched = await parts.launcher.launch(
        caller,
        LaunchRequest(
            resource=data.resource,
            machine=data.machine,
            user=data.user,
            new=data.new,
            key=key,
            wait_s=data.wait_seconds,
            via_ip=server[0] if server else None,
            via_host=_host_name(request.headers.get("host")),
        ),
        gone,
    )
    view = LaunchedView(
        session_id=launched.session_id,
        machine=launched.machine,
        display_path=f"/s/{launched.session_id}",
        notes=list(launched.notes),
    )
    return Response(view, status_code=201 if launched.created else 200)


def _host_name(header: str | None) -> str | None:
    """The name under which this server was called; None when it was called by its address."""
    name = re.sub(r":[0-9]+$", "", header or "")
    return name if re.search(r"[A-Za-z]", name) and not name.startswith("[") else None
