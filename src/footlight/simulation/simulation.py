"""The simulation of one server: none, or one fleet."""

from __future__ import annotations

import asyncio

import msgspec

from footlight.log import get_logger
from footlight.simulation.fleet import Ground, RunningFleet
from footlight.simulation.plan import check
from footlight.wire.stand_in import SimulationOrder, SimulationView

_log = get_logger(__name__)


class Simulation:
    """Starts, changes and ends the fleet; one call at a time."""

    def __init__(self, ground: Ground, *, pace: float = 1.0) -> None:
        self._ground = ground
        self._pace = pace
        self._fleet: RunningFleet | None = None
        self._lock = asyncio.Lock()

    async def start(self, order: SimulationOrder) -> SimulationView:
        """Make the fleet so: with another churn only, the one that runs goes on; else it ends first. Returns when its
        sessions are up. Raises Invalid for a fleet that cannot be."""
        check(order)
        async with self._lock:
            if self._fleet is not None and _same_size(self._fleet.order, order):
                self._fleet.set_churn(order.churn)
                return self.view()
            await self._stop()
            fleet = RunningFleet(self._ground, order, pace=self._pace)
            self._fleet = fleet
            try:
                await fleet.start()
            except BaseException:
                await self._stop()
                raise
            view = self.view()
            _log.info("fleet is up", machines=view.machines, sessions=view.live_sessions)
            return view

    async def stop(self) -> None:
        """End the fleet, if there is one, and remove what it has made; also what a lost one has left."""
        async with self._lock:
            if self._fleet is None:
                await self._ground.site.remove()
            await self._stop()

    def view(self) -> SimulationView:
        """The fleet as it is."""
        fleet = self._fleet
        if fleet is None:
            return SimulationView(running=False)
        return SimulationView(
            running=True,
            machines=fleet.order.machines,
            sessions=fleet.order.sessions,
            churn=fleet.churn,
            seed=fleet.order.seed,
            live_sessions=fleet.live,
            changes=fleet.changes,
            recordings=fleet.recordings,
        )

    async def _stop(self) -> None:
        fleet, self._fleet = self._fleet, None
        if fleet is not None:
            await fleet.stop()


def _same_size(running: SimulationOrder, order: SimulationOrder) -> bool:
    return msgspec.structs.replace(running, churn=order.churn) == order
