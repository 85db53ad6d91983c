"""What stands beside a session: its machine and applications, and the sessions of those.

Source: rest-api.md sections 3.5, 3.6 and 7.
"""

from __future__ import annotations

from litestar import Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, select

from footlight.api import halves, machines, render, render_inventory
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.sessions import json_response, list_page, seen_session
from footlight.caller import Caller
from footlight.errors import NotFound
from footlight.sessions import queries
from footlight.site import machine_rows, resources
from footlight.store import schema, sight
from footlight.wire.rest.application import Application
from footlight.wire.rest.machine import MachineDetail
from footlight.wire.rest.paging import Collection, named_fields
from footlight.wire.rest.session import Session

routes = Routes(cvad=True)


@routes.add("GET", "/Sessions/{id}/Machine", statuses=(200, 401, 404))
async def machine_of_session(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> MachineDetail:
    """The machine that the session runs on."""
    row = await seen_session(caller, parts, decode_parameter(id))

    def read(connection: Connection) -> MachineDetail | None:
        machine = machine_rows.by_id(connection, row.machine_id)
        return None if machine is None else machines.detailed(connection, caller, machine)

    found = await parts.store.read(read)
    if found is None:
        raise machine_rows.no_machine(row.machine_id)
    return found


@routes.add(
    "GET", "/Sessions/{id}/Applications", job="GetSessionApplications", statuses=(200, 401, 404)
)
async def applications_of_session(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> Collection[Application]:
    """The applications that run in the session, not those that the user could start."""
    row = await seen_session(caller, parts, decode_parameter(id))
    named = [ref.id for ref in render.applications_in_use(row) if ref.id]
    found = await parts.store.read(lambda c: [resources.application(c, one) for one in named])
    items = [render_inventory.application(one) for one in found if one is not None]
    return Collection(items=items, total_items=len(items))


@routes.add(
    "GET", "/Machines/{nameOrId}/Sessions", gives=Collection[Session], statuses=(200, 401, 404)
)
async def sessions_of_machine(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    fields: FromQuery[str | None] = None,
) -> Response[bytes]:
    """All live sessions on a machine, in one answer."""
    name = decode_parameter(nameOrId)
    machine = await parts.store.read(lambda c: machine_rows.find(c, name))
    rows = (
        await parts.store.read(lambda c: queries.on_machine(c, caller, machine.id))
        if machine is not None
        else []
    )
    # A caller learns of a machine outside its scopes only through own sessions on it.
    if machine is None or not (rows or await _in_sight(caller, parts, machine.id)):
        raise machine_rows.no_machine(name)
    wanted = named_fields(fields)
    items = [halves.projected(halves.body(row), wanted) for row in rows]
    return json_response(halves.collection(items, None, len(items)))


@routes.add(
    "GET",
    "/Applications/{nameOrId}/Sessions",
    job="GetApplicationSessions",
    gives=Collection[Session],
    statuses=(200, 400, 401, 404),
)
async def sessions_of_application(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Response[bytes]:
    """The live sessions in which an application runs."""
    name = decode_parameter(nameOrId)
    found = await parts.store.read(lambda c: resources.application(c, name))
    if found is None:
        raise NotFound(
            "There is no such application.",
            code="UnknownApplication",
            entityType="Application",
            id=name,
        )
    application_id = found.resource.id
    body = await list_page(
        caller,
        parts,
        limit,
        continuationToken,
        None,
        name=f"sessions-of:{application_id}",
        of=queries.of_application(application_id),
    )
    return json_response(body)


async def _in_sight(caller: Caller, parts: Parts, machine_id: str) -> bool:
    chosen = schema.machines.c.id == machine_id
    query = select(schema.machines.c.id).where(chosen, sight.machines(caller))
    return await parts.store.read(lambda c: c.execute(query).first()) is not None
