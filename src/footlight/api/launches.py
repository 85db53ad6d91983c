"""What can be launched, and launching it."""

from __future__ import annotations

import asyncio
import re

from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import JSONBody

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.routing import Routes
from footlight.broker.decision import LaunchRequest
from footlight.caller import Caller
from footlight.errors import Invalid
from footlight.site import entitlement, offers
from footlight.wire.own import LaunchedView, NewLaunch, ResourceList, ResourceView

Call = Request[Caller, object, State]
routes = Routes(cvad=False)
V1 = "/footlight/v1"
MAX_KEY_CHARS = 128


@routes.add("GET", V1 + "/resources", statuses=(200, 401))
async def list_resources(caller: GivenCaller, parts: GivenParts) -> ResourceList:
    """What the caller may launch."""
    person = await asyncio.to_thread(entitlement.person, caller.name)
    found = await parts.store.read(lambda c: offers.listed(c, person))
    items = [ResourceView(id=r.id, name=r.published_name, kind=r.kind) for r in found]
    return ResourceList(items=items)


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
    )
    return Response(view, status_code=201 if launched.created else 200)


def _host_name(header: str | None) -> str | None:
    """The name under which this server was called; None when it was called by its address."""
    name = re.sub(r":[0-9]+$", "", header or "")
    return name if re.search(r"[A-Za-z]", name) and not name.startswith("[") else None
