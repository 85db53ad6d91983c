"""What the embedded site has beside a server: a session host in the same process, and simulated ones."""

from __future__ import annotations

import os
import socket
from importlib.metadata import version
from typing import TYPE_CHECKING

from footlight.agent.recorder_process import RecorderConfig
from footlight.agent.resource_groups import half_of_memory
from footlight.agent.spool_room import spool_bounds
from footlight.agent.watched import watched_of
from footlight.assembly import Ground, others_up
from footlight.broker.logons import FleetDoor
from footlight.log import get_logger
from footlight.sessions.watch import Watch
from footlight.simulation import fleet
from footlight.simulation.plan import read_size
from footlight.simulation.simulation import Simulation
from footlight.site import machines

if TYPE_CHECKING:  # a site without a host does without it
    from footlight.agent.embedded import Agent

_log = get_logger(__name__)

HOST_UP_WITHIN_S = 20.0


class Embedded:
    """The session host and the simulated fleet, as far as they are configured."""

    def __init__(self, ground: Ground, watch: Watch, simulation: Simulation | None) -> None:
        self._ground = ground
        self._watch = watch
        self._simulation = simulation
        self._agent: Agent | None = None

    async def start(self) -> None:
        """Returns when a launch can work. Raises Invalid for a fleet that cannot be."""
        config = self._ground.config
        order = read_size(config.sim, config.churn, config.sim_seed) if config.sim else None
        if config.agent:
            self._agent = await agent_on(self._ground)
            await _host_is_up(self._watch, self._ground.data.machine_id())
        if self._simulation is not None and order is not None:
            await self._simulation.start(order)

    async def stop(self) -> None:
        """End them, sessions too unless they are to be kept."""
        if self._simulation is not None:
            await self._simulation.stop()
        if self._agent is not None:
            await self._agent.stop(self._ground.config.keep_sessions)


async def forget_former(ground: Ground) -> None:
    """What an earlier start has left is not so any more: hosts that reported to it, and the simulated fleet of one
    that was killed. Where other servers are up, those hosts may be theirs."""
    store = ground.store
    if ground.role.alone:
        await store.write(machines.forget_all)
    elif ground.config.agent:
        machine_id = ground.data.machine_id()
        await store.write(lambda tx: machines.forget(tx, machine_id))
    if ground.role.alone or not await others_up(ground):
        await FleetDoor(store, ground.site.name).remove()


def simulation_on(ground: Ground) -> Simulation:
    """Simulated hosts, none at first."""
    folder = ground.data.fleet
    return Simulation(
        fleet.Ground(
            site_id=ground.site.id,
            version=version("footlight"),
            public_key=ground.data.certify_fleet(
                ground.site.id, ground.site.name, ground.clock.now_ms()
            ),
            recorder=RecorderConfig(
                folder / "spool",
                folder / "agent-key.pem",
                folder / "certificate.json",
                spool_bounds(ground.config),
                watched_of(ground.config),
            ),
            bus=ground.bus,
            clock=ground.clock,
            objects=ground.objects,
            site=FleetDoor(ground.store, ground.site.name),
            traces=ground.traces,
        )
    )


async def agent_on(ground: Ground) -> Agent:
    """The session host of this process."""
    from footlight.agent.embedded import AgentConfig, start_agent

    config, data, site = ground.config, ground.data, ground.site
    machine_id = data.machine_id()
    machine_name = f"{site.name}\\{socket.gethostname().partition('.')[0].upper()}"
    data.certify_agent(site.id, machine_id, machine_name, ground.clock.now_ms())
    if os.geteuid() != 0:
        _log.warning(
            "not run as root: all sessions are this user's own, and recordings are no evidence against it"
        )
    agent_config = AgentConfig(
        site_id=site.id,
        site_short_name=site.name,
        machine_id=machine_id,
        machine_name=machine_name,
        data_dir=data.root,
        agent_key_path=data.agent_key_file,
        certificate_path=data.certificate_file,
        version=version("footlight"),
        desktop=config.desktop,
        pam_service=config.pam_service,
        bounds=spool_bounds(config),
        resources={
            "memory_bytes": config.session_memory_mib * 1024**2 or half_of_memory(),
            "processes": config.session_processes,
            "cpu_weight": config.session_cpu_weight,
        },
        watched=watched_of(config),
    )
    return await start_agent(agent_config, ground.bus, ground.objects, ground.clock, ground.traces)


async def _host_is_up(watch: Watch, machine_id: str) -> None:
    """Ready means that a launch can work: wait for the host's first report."""

    def registered(connection):  # type: ignore[no-untyped-def]
        return (
            True
            if any(m.registered and m.id == machine_id for m in machines.every(connection))
            else None
        )

    if await watch.until(registered, HOST_UP_WITHIN_S) is None:
        _log.error("the session host has not reported; sessions cannot be launched yet")
