"""Machines: lists, one machine, changes. Source: rest-api.md section 7.1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row

from footlight.api import listing, render_machines
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.moments import check_time_zone
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.errors import Invalid
from footlight.site import machine_changes, machine_facts, machine_rows
from footlight.store import schema
from footlight.wire.rest.machine import Machine, MachineDetail, SessionSupport
from footlight.wire.rest.machine_request import MACHINE_V2_FIELDS, UpdateMachineRequest
from footlight.wire.rest.paging import Collection, named_fields, projected

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
_SUPPORTS: dict[str, SessionSupport] = {
    "singlesession": "SingleSession",
    "multisession": "MultiSession",
}
Render = Callable[[Connection, Sequence[Row[Any]]], list[Machine]]


@routes.add(
    "GET",
    "/Machines",
    job="GetMachines",
    gives=Collection[Machine],
    statuses=(200, 202, 400, 401, 403),
    reads=("X-TimeZone",),
)
async def list_machines(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
    sessionSupport: FromQuery[str | None] = None,
    configured: FromQuery[bool] = True,
) -> Collection[Any]:
    """The machines that the caller sees, by uid; those in a catalog, or (`configured` false) those in none."""
    check_time_zone(request)
    wanted = _Wanted(sessionSupport, configured, limit, continuationToken, fields)
    return await _page(caller, parts, wanted, None)


@routes.add(
    "GET",
    "/MachinesV2",
    job="GetMachines",
    gives=Collection[Machine],
    statuses=(200, 400, 401, 403),
    reads=("X-TimeZone",),
)
async def list_machines_v2(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
    sessionSupport: FromQuery[str | None] = None,
    configured: FromQuery[bool] = True,
) -> Collection[Any]:
    """As `GET /Machines`; without `fields` only V2's own members."""
    check_time_zone(request)
    wanted = _Wanted(sessionSupport, configured, limit, continuationToken, fields)
    return await _page(caller, parts, wanted, MACHINE_V2_FIELDS)


class _Wanted(msgspec.Struct, frozen=True):
    """The query of a list."""

    support: str | None
    configured: bool
    limit: int | None
    token: str | None
    fields: str | None


async def _page(
    caller: Caller, parts: Parts, wanted: _Wanted, defaults: frozenset[str] | None
) -> Collection[Any]:
    caller.require(Permission.MACHINE_READ)
    query = machine_rows.seen(caller, machine_rows.configured(wanted.configured))
    support = _support(wanted.support)
    if support is not None:
        query = query.where(machine_rows.SESSION_SUPPORT.in_([support]))
    return await listing.page(
        parts,
        f"machines:{wanted.configured}:{support}",
        query,
        schema.machines.c.uid,
        rendered(caller, named_fields(wanted.fields) or defaults),
        limit=wanted.limit,
        token=wanted.token,
        fields=wanted.fields,
        default_fields=defaults,
    )


def rendered(caller: Caller, shown: frozenset[str] | None) -> Render:
    """Renders joined rows as list items of which only these members are looked at."""

    def render(connection: Connection, rows: Sequence[Row[Any]]) -> list[Machine]:
        facts = machine_facts.beside(connection, caller, rows, shown)
        return [render_machines.machine(row, facts[row.id]) for row in rows]

    return render


def detailed(connection: Connection, caller: Caller, row: Row[Any]) -> MachineDetail:
    """The whole machine of a joined row, as the caller sees it."""
    facts = machine_facts.beside(connection, caller, [row])
    return render_machines.detail(row, facts[row.id])


def _support(text: str | None) -> SessionSupport | None:
    """None for no filter. Raises Invalid."""
    if not text or text.lower() == "unknown":
        return None
    found = _SUPPORTS.get(text.lower())
    if found is None:
        raise Invalid(
            "sessionSupport is SingleSession or MultiSession.",
            name="sessionSupport",
            value=text[:64],
            problem="invalidEnum",
        )
    return found


@routes.add("GET", "/Machines/{nameOrId}", gives=MachineDetail, statuses=(200, 401, 403, 404))
async def get_machine(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    fields: FromQuery[str | None] = None,
) -> Response[bytes]:
    """One machine, also one that is in no catalog."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> MachineDetail:
        return detailed(connection, caller, machine_rows.get(connection, caller, name))

    shown = projected(await parts.store.read(read), named_fields(fields))
    return Response(msgspec.json.encode(shown), media_type="application/json")


@routes.add("HEAD", "/Machines/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def machine_exists(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Whether there is such a machine that the caller sees."""
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: machine_rows.get(c, caller, name))


@routes.add(
    "PATCH",
    "/Machines/{nameOrId}",
    status=204,
    job="UpdateMachineCatalogMachine",
    takes=UpdateMachineRequest,
    statuses=(204, 400, 401, 403, 404, 415),
)
async def update_machine(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Change what the body names; the rest stays."""
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, UpdateMachineRequest)
    await parts.store.write(
        lambda tx: machine_changes.change(
            tx, caller, machine_rows.get(tx.connection, caller, name), wanted, parts.site.name
        )
    )


@routes.add(
    "DELETE",
    "/Machines/{nameOrId}",
    status=204,
    job="DeleteMachine",
    statuses=(204, 401, 403, 404, 409),
)
async def delete_machine(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Forget a machine. `deleteVm`, `purgeDBOnly` and `deleteAccount` have no effect: there is no virtual machine
    and no account of it to delete."""
    name = decode_parameter(nameOrId)
    await parts.store.write(
        lambda tx: machine_changes.delete(tx, caller, machine_rows.get(tx.connection, caller, name))
    )
