"""What a stand-in site offers: a simulated fleet, and faults on purpose."""

from __future__ import annotations

from footlight.sdk.flow import Flow, ask
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import stand_in
from footlight.sdk.types.stand_in import Faults, FaultSwitches
from footlight.sdk.types.stand_in import Simulation as SimulationState


class Simulation(Resource[S]):
    """`client.simulation`. Each raises Conflict where the site was not started as a stand-in."""

    @operation
    def show(self) -> Flow[SimulationState]:
        """The simulated fleet as it is."""
        return ask(stand_in.simulation())

    @operation
    def start(
        self, machines: int, sessions: int, *, churn: float = 0.0, seed: int = 1
    ) -> Flow[SimulationState]:
        """Start a fleet, or make the one that runs so; returns when its sessions are up. `churn`: session changes
        per second."""
        return ask(stand_in.start_simulation(machines, sessions, churn, seed))

    @operation
    def stop(self) -> Flow[None]:
        """End the fleet and remove all that it has made."""
        return ask(stand_in.stop_simulation())


class FaultsOnPurpose(Resource[S]):
    """`client.faults`. Each raises Conflict where the site was not started as a stand-in."""

    @operation
    def show(self) -> Flow[Faults]:
        """The switches as they stand, and what they have done."""
        return ask(stand_in.faults())

    @operation
    def set(self, switches: FaultSwitches) -> Flow[Faults]:
        """Set all switches; those that are absent are off."""
        return ask(stand_in.set_faults(switches))

    @operation
    def clear(self) -> Flow[None]:
        """Switch all off."""
        return ask(stand_in.clear_faults())
