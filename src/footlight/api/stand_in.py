"""What a stand-in site offers to people who test their automations: a simulated fleet, and faults on purpose."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response
from litestar.params import JSONBody

from footlight.api.faults import Faults
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict
from footlight.simulation.simulation import Simulation
from footlight.wire.stand_in import FaultsView, FaultSwitches, SimulationOrder, SimulationView

routes = Routes(cvad=False)
V1 = "/footlight/v1"
_STATUSES = (200, 401, 403, 409)


@routes.add("GET", V1 + "/faults", statuses=_STATUSES)
async def show_faults(caller: GivenCaller, parts: GivenParts) -> FaultsView:
    """The switches as they stand, and what they have done."""
    return _faults(caller, parts).view()


@routes.add("PUT", V1 + "/faults", statuses=(*_STATUSES, 400, 415))
async def set_faults(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[FaultSwitches]
) -> FaultsView:
    """Set all switches; those that are absent are off."""
    faults = _faults(caller, parts)
    before = faults.view().switches
    await _tell(caller, parts, "Set faults on purpose", {"Faults": (_plain(before), _plain(data))})
    faults.set(data)
    return faults.view()


@routes.add("DELETE", V1 + "/faults", status=204, statuses=(204, 401, 403, 409))
async def clear_faults(caller: GivenCaller, parts: GivenParts) -> Response[None]:
    """Switch all off."""
    faults, off = _faults(caller, parts), FaultSwitches()
    before = faults.view().switches
    await _tell(caller, parts, "Clear faults on purpose", {"Faults": (_plain(before), _plain(off))})
    faults.set(off)
    return Response(None, status_code=204)


@routes.add("GET", V1 + "/simulation", statuses=_STATUSES)
async def show_simulation(caller: GivenCaller, parts: GivenParts) -> SimulationView:
    """The simulated fleet as it is."""
    return _simulation(caller, parts).view()


@routes.add("POST", V1 + "/simulation", statuses=(*_STATUSES, 400, 415))
async def start_simulation(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[SimulationOrder]
) -> SimulationView:
    """Start a simulated fleet, or make the one that runs so; answered when its sessions are up."""
    simulation = _simulation(caller, parts)
    await _tell(caller, parts, "Start a simulated fleet", {"Simulation": (None, _plain(data))})
    return await simulation.start(data)


@routes.add("DELETE", V1 + "/simulation", status=204, statuses=(204, 401, 403, 409))
async def stop_simulation(caller: GivenCaller, parts: GivenParts) -> Response[None]:
    """End the simulated fleet and remove all that it has made."""
    simulation = _simulation(caller, parts)
    await _tell(caller, parts, "End the simulated fleet", {})
    await simulation.stop()
    return Response(None, status_code=204)


def _simulation(caller: Caller, parts: Parts) -> Simulation:
    caller.require(Permission.SITE_CONFIGURE)
    if parts.simulation is None:
        raise not_a_stand_in()
    return parts.simulation


def _faults(caller: Caller, parts: Parts) -> Faults:
    caller.require(Permission.SITE_CONFIGURE)
    if parts.faults is None:
        raise not_a_stand_in()
    return parts.faults


async def _tell(caller: Caller, parts: Parts, text: str, changes: dict[str, Any]) -> None:
    """Before it is done: nothing of this is in the database, so that there is no transaction to be one with."""
    act = Act(text=text, target_type="Site", object_id=parts.site.id, changes=changes)
    await parts.store.write(lambda tx: record(tx, caller, act))


def _plain(order: FaultSwitches | SimulationOrder) -> Any:
    return msgspec.to_builtins(order)


def not_a_stand_in() -> Conflict:
    """What a real site answers."""
    return Conflict("The site was not started with --stand-in, --sim or --fault.")
