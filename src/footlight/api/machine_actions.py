"""Actions on a whole machine: on all of its sessions, and on its power. Source: rest-api.md section 7.1."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from footlight.api import machines
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.broker.action import Action, Disconnect, LogOff
from footlight.caller import Caller, Permission
from footlight.errors import Conflict
from footlight.site import held, machine_rows
from footlight.wire.rest.machine import Machine, MachineDetail

routes = Routes(cvad=True)

_STATUSES = (200, 401, 403, 404, 503)


@routes.add(
    "POST",
    "/Machines/{nameOrId}/$logoff",
    job="LogoffMachineSessions",
    gives=MachineDetail,
    statuses=_STATUSES,
)
async def log_off_machine(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    detailResponseRequired: FromQuery[bool] = True,
) -> Response[bytes]:
    """End all sessions on the machine that the caller may end; answers once its host has begun with each."""
    return await _act(caller, parts, nameOrId, LogOff(), detailResponseRequired)


@routes.add(
    "POST",
    "/Machines/{nameOrId}/$disconnect",
    job="DisconnectSessions",
    gives=MachineDetail,
    statuses=_STATUSES,
)
async def disconnect_machine(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    detailResponseRequired: FromQuery[bool] = True,
) -> Response[bytes]:
    """Close the viewers of all sessions on the machine; the sessions stay."""
    return await _act(caller, parts, nameOrId, Disconnect(), detailResponseRequired)


async def _act(
    caller: Caller, parts: Parts, name_or_id: str, action: Action, whole: bool
) -> Response[bytes]:
    name = decode_parameter(name_or_id)

    def permitted(connection: Connection) -> str:
        machine = machine_rows.get(connection, caller, name)
        held.machine(connection, caller, action.needs, machine.id)
        return str(machine.id)

    machine_id = await parts.store.read(permitted)
    await parts.actions.perform_on_machine(caller, machine_id, action)

    def read(connection: Connection) -> Machine:
        row = machine_rows.get(connection, caller, machine_id)
        if whole:
            return machines.detailed(connection, caller, row)
        return machines.rendered(caller, None)(connection, [row])[0]

    shown = await parts.store.read(read)
    return Response(msgspec.json.encode(shown), media_type="application/json")


async def _no_power(caller: Caller, parts: Parts, name_or_id: str) -> Any:
    """Raises Conflict: hosts here are started and ended by those who own them."""
    name = decode_parameter(name_or_id)

    def permitted(connection: Connection) -> str:
        machine = machine_rows.get(connection, caller, name)
        held.machine(connection, caller, Permission.MACHINE_EDIT, machine.id)
        return str(machine.id)

    machine_id = await parts.store.read(permitted)
    raise Conflict(
        "The machine's power is not managed by this site; start, stop and restart it where it runs.",
        code="PowerActionsNotSupported",
        entityType="Machine",
        id=machine_id,
    )


_POWER_STATUSES = (401, 403, 404, 409)


@routes.add("POST", "/Machines/{nameOrId}/$start", gives=MachineDetail, statuses=_POWER_STATUSES)
async def start_machine(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """No machine here is power-managed: always refused."""
    await _no_power(caller, parts, nameOrId)


@routes.add("POST", "/Machines/{nameOrId}/$shutdown", gives=MachineDetail, statuses=_POWER_STATUSES)
async def shut_machine_down(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """No machine here is power-managed: always refused."""
    await _no_power(caller, parts, nameOrId)


@routes.add("POST", "/Machines/{nameOrId}/$reboot", gives=MachineDetail, statuses=_POWER_STATUSES)
async def reboot_machine(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """No machine here is power-managed: always refused."""
    await _no_power(caller, parts, nameOrId)


@routes.add("POST", "/Machines/{nameOrId}/$suspend", gives=MachineDetail, statuses=_POWER_STATUSES)
async def suspend_machine(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """No machine here is power-managed: always refused."""
    await _no_power(caller, parts, nameOrId)


@routes.add("POST", "/Machines/{nameOrId}/$resume", gives=MachineDetail, statuses=_POWER_STATUSES)
async def resume_machine(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """No machine here is power-managed: always refused."""
    await _no_power(caller, parts, nameOrId)
