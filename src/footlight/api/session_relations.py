"""What stands beside a session: its machine and applications, and the sessions of those.

Source: rest-api.md sections 3.5, 3.6 and 7.
"""

from __future__ import annotations

from litestar import Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, select

from footlight.api import halves, machines, render, render_applications
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.sessions import json_response, list_page, seen_session
from footlight.caller import Caller
from footlight.sessions import queries
from footlight.site import application_rows, machine_rows
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

    def read(connection: Connection) -> list[Application]:
        query = application_rows.rows().where(schema.resources.c.id.in_(named))
        rows = list(connection.execute(query))
        return render_applications.applications(connection, caller, rows)

    items = await parts.store.read(read)
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
    application_id = await parts.store.read(lambda c: _application_id(c, caller, name))
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


def _application_id(connection: Connection, caller: Caller, name: str) -> str:
    """The application of that name, which the caller sees, or runs in a session. Raises NotFound."""
    row = application_rows.find(connection, caller, name)
    if row is None and (found := application_rows.find(connection, None, name)) is not None:
        of = queries.of_application(found.id)
        row = found if queries.uids_of(connection, caller, of, 1, 0) else None
    if row is None:
        raise application_rows.no_application(name)
    return str(row.id)


async def _in_sight(caller: Caller, parts: Parts, machine_id: str) -> bool:
    chosen = schema.machines.c.id == machine_id
    query = select(schema.machines.c.id).where(chosen, sight.machines(caller))
    return await parts.store.read(lambda c: c.execute(query).first()) is not None
