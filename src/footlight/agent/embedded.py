"""The agent as the embedded site runs it: every part built once and handed its neighbours."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from footlight.agent.events.sources import EventSources
from footlight.agent.facts import host_facts
from footlight.agent.figure_door import FigureDoor
from footlight.agent.host import Host, HostConfig
from footlight.agent.recorder_link import Recorders
from footlight.agent.recorder_process import RecorderConfig
from footlight.agent.run_folder import run_folder
from footlight.agent.spool_room import SpoolBounds
from footlight.agent.spool_watch import SpoolWatch
from footlight.agent.uploader import Target, Uploader
from footlight.agent.watched import BY_DEFAULT, Watched
from footlight.bus.bus import Bus
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import bind, get_logger
from footlight.telemetry.traces import OFF, Traces
from footlight.wire.host import HostFigures, RecordingFacts

_log = get_logger(__name__)

DRAIN_S = 3.0


@dataclass(frozen=True)
class AgentConfig:
    """Which host this is and where its things are. The key is an Ed25519 key in PEM."""

    site_id: str
    site_short_name: str
    machine_id: str
    machine_name: str  # DOMAIN\HOST
    data_dir: Path
    agent_key_path: Path
    certificate_path: Path
    version: str
    resources: Mapping[str, int] = field(
        default_factory=dict
    )  # of a session: resource_groups.limit
    desktop: str = "light"  # of published desktops that name none
    pam_service: str = ""  # of sign-ins with accounts of the host; "": footlight, or else login
    bounds: SpoolBounds = field(default_factory=SpoolBounds)
    watched: Watched = BY_DEFAULT
    run_base: Path | None = None  # None: /run/footlight or what takes its place


class Agent:
    """A running agent."""

    def __init__(
        self,
        host: Host,
        recorders: Recorders,
        sources: EventSources,
        uploader: Uploader,
        watch: SpoolWatch,
        figures: FigureDoor | None,
    ) -> None:
        self.host = host
        self.recorders = recorders
        self.sources = sources
        self._uploader = uploader
        self._watch = watch
        self._figures = figures

    async def stop(self, keep_sessions: bool = False) -> None:
        """Log all sessions off and finish their recordings, or leave the sessions and suspend the recordings.
        What could not be uploaded in DRAIN_S waits in the spool."""
        await self.host.stop(keep_sessions=keep_sessions)
        await self.sources.stop()
        await self.recorders.stop()
        await self._watch.stop()
        try:
            async with asyncio.timeout(DRAIN_S):
                await self._uploader.drain()
        except TimeoutError:
            _log.warning("segments left in the spool")
        await self._uploader.stop()
        if self._figures is not None:
            await self._figures.close()


async def start_agent(
    config: AgentConfig, bus: Bus, objects: Target, clock: Clock, traces: Traces = OFF
) -> Agent:
    """Start recorder, uploader and host; sessions of this site that still run are adopted. Returns once orders are
    served. Raises Invalid or Unavailable when the host can't be one."""

    async def start() -> Agent:
        bind(host=config.machine_id)
        return await _start(config, bus, objects, clock, traces)

    # What is started here, in the same process as a server, is the host's in the log.
    return await asyncio.get_running_loop().create_task(start(), name="start agent")


async def _start(
    config: AgentConfig, bus: Bus, objects: Target, clock: Clock, traces: Traces
) -> Agent:
    facts = await asyncio.to_thread(
        host_facts,
        machine_id=config.machine_id,
        machine_name=config.machine_name,
        version=config.version,
        key_path=config.agent_key_path,
    )
    spool = config.data_dir / "spool"
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    uploader = Uploader(spool, objects, clock)

    def recording_changed(changed: RecordingFacts) -> None:
        uploader.nudge(changed.recording_id)
        host.recording_changed(changed)

    recorders = Recorders(
        RecorderConfig(
            *(spool, config.agent_key_path, config.certificate_path, config.bounds),
            replace(config.watched, host=config.machine_id),
        ),
        recording_changed,
    )
    watch = SpoolWatch(
        spool, config.bounds, recorders, uploader, clock, lambda: host.spool_changed()
    )
    run_root = await asyncio.to_thread(run_folder, config.site_id, config.run_base)
    host_config = HostConfig(
        config.site_id,
        config.machine_id,
        run_root,
        config.data_dir / "outputs",
        config.resources,
        config.desktop,
        config.pam_service,
    )

    def recorded() -> HostFigures:
        spooled = watch.facts()
        return HostFigures(
            recorders=int(recorders.pid is not None),
            recordings=sum(one.status == "recording" for one in recorders.facts()),
            spool_bytes=spooled.size_bytes,
            spool_limit_bytes=spooled.limit_bytes,
            spool_oldest_ms=spooled.oldest_at_ms,
            spool_full=spooled.full is not None,
            uploads_failing_ms=spooled.failing_since_ms,
            late_frames=recorders.late_frames,
            dropped_events=recorders.dropped_events,
        )

    sources = EventSources()
    host = Host(
        *(host_config, bus, recorders, clock, lambda: facts, watch.facts, traces, recorded),
        sources=sources,
    )
    try:
        await recorders.start()
    except Unavailable as silence:
        # It is tried again in the background; sessions work without it.
        _log.error("no recorder yet", reason=silence.message)
    await uploader.start()
    watch.start()
    await host.start()
    figures = None
    if config.watched.metrics:
        figures = FigureDoor(host.figures)
        await figures.open(config.watched.metrics)
    return Agent(host, recorders, sources, uploader, watch, figures)
