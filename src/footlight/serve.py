"""The embedded site: builds every part once, hands each its neighbours, and runs until it is told to end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
from importlib.metadata import version
from pathlib import Path

import uvloop

from footlight import log
from footlight.access.access import Access
from footlight.access.host_accounts import HostAccounts
from footlight.access.lockout import Lockout
from footlight.access.oidc.provider import Provider
from footlight.access.oidc.settings import settings_of
from footlight.access.oidc.sign_in import OidcSignIn
from footlight.access.tokens import TokenPolicy
from footlight.agent.embedded import Agent, AgentConfig, start_agent
from footlight.agent.recorder_link import RecorderConfig
from footlight.agent.resource_groups import half_of_memory
from footlight.agent.watched import Watched
from footlight.api import halves
from footlight.api.faults import Faults
from footlight.api.parts import Parts
from footlight.audit.head import HeadFile, HeadKeeper
from footlight.audit.openings import Openings
from footlight.audit.stream import FileSink, Sink, Stream
from footlight.audit.syslog import SyslogSink, read_receiver
from footlight.broker.actions import Actions
from footlight.broker.broker import Broker
from footlight.broker.decision import Terms
from footlight.broker.launch import Launcher
from footlight.broker.load import Scale
from footlight.broker.logons import FleetDoor
from footlight.bus.bus import Bus
from footlight.bus.inprocess import InProcessBus
from footlight.bus.measured import MeasuredBus
from footlight.clock import Clock, SystemClock
from footlight.config import SiteConfig
from footlight.datadir import DataDir, database_of, write_json
from footlight.errors import Invalid, Unavailable
from footlight.first_start import ADMIN_NAME, Secrets, administrator, enter
from footlight.garbage import collect_seldom
from footlight.hooks.courier import Courier
from footlight.hooks.delivery import Post
from footlight.hooks.destination import Destinations
from footlight.jobs.jobs import Jobs
from footlight.listener import base_url, certificate_of, http_server, listen
from footlight.log import get_logger
from footlight.objects.folder import FolderObjects
from footlight.playback.kept import Kept
from footlight.sessions.pieces import Renderer
from footlight.sessions.watch import Watch
from footlight.simulation.fleet import Ground
from footlight.simulation.plan import read_size
from footlight.simulation.simulation import Simulation
from footlight.site import machines
from footlight.site.founding import Site
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.measured import MeasuredStore
from footlight.store.migrate import migrate
from footlight.store.store import Store
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import Traces, open_traces
from footlight.wire.fault_words import read_switches

_log = get_logger(__name__)

HOST_UP_WITHIN_S = 20.0
CONSOLE_DIR = Path(__file__).parent / "console_dist"


def run_site(config: SiteConfig) -> int:
    """Run the site in the foreground; 0 after a clean end. Raises Conflict when one runs on the data folder
    already, Invalid when something that it is given cannot be used."""
    log.configure(level=config.log_level, form=config.log_format)
    os.umask(0o077)
    data, database = DataDir(config.data_dir), database_of(config)
    data.lock()
    try:
        migrate(database)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_run(config, data, database))
    finally:
        data.unlock()


async def _run(config: SiteConfig, data: DataDir, database: Database) -> int:
    clock = SystemClock()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = listen(config)
    meters = Meters()
    traces = open_traces(config.traces, "footlight")
    store: Store = MeasuredStore(await open_store(database, clock), meters, traces)
    bus: Bus = MeasuredBus(InProcessBus(), meters, traces)
    site, secrets = await enter(store, config)
    hosts = HostAccounts(store, bus, config.os_accounts_group)
    access = Access(
        store,
        clock,
        site.name,
        site.token_key,
        _token_policy(config),
        _lockout(config),
        separate_duties=config.separate_duties,
        hosts=hosts if config.os_accounts else None,
    )
    oidc = _provider(config, store, access, clock, site)
    objects = FolderObjects(data.recordings)
    watch = Watch(store)
    terms = _terms(config)
    broker = Broker(
        store,
        bus,
        clock,
        site.name,
        terms.scale,
        visitor_disconnect_s=config.visitor_disconnect_seconds,
        meters=meters,
        traces=traces,
    )
    public_key = data.site_key().public_key().public_bytes_raw()
    parts = Parts(
        config=config,
        site=site,
        store=store,
        bus=bus,
        clock=clock,
        access=access,
        hosts=hosts,
        watch=watch,
        actions=Actions(store, watch, strict_recording_state=config.strict_recording_state),
        launcher=Launcher(store, watch, clock, site.name, terms, meters),
        kept=Kept(data.copies, objects, bus),
        jobs=Jobs(store, data.jobs, clock),
        openings=Openings(store, clock),
        courier=Courier(store, access.holder, clock, _post(config), config.webhook_days),
        audit_head=HeadFile(data.audit_head, site.id, public_key),
        console_dir=CONSOLE_DIR,
        site_public_key=public_key,
        secure=config.tls != "off",
        faults=Faults(read_switches(config.faults)) if config.is_stand_in else None,
        simulation=Simulation(
            _ground(data, site, store, bus, objects, clock, _watched(config), traces)
        )
        if config.is_stand_in
        else None,
        oidc=oidc,
        meters=meters,
        traces=traces,
        certificate=certificate_of(config, data),
    )
    order = read_size(config.sim, config.churn, config.sim_seed) if config.sim else None
    server, ca_file = http_server(config, data, parts)
    # A site that was killed has left its simulated fleet behind.
    await FleetDoor(store, site.name).remove()
    await store.write(machines.forget_all)
    await parts.kept.start()
    await parts.jobs.start()
    await parts.openings.start()
    head_keeper = HeadKeeper(store, parts.audit_head, data.site_key(), clock)
    await head_keeper.start()
    streams = _audit_streams(config, data, store)
    for stream in streams:
        await stream.start()
    await parts.courier.start()
    await broker.start()
    renderer = Renderer(store, halves.own_half)
    await renderer.start(halves.SHAPE)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    agent: Agent | None = None
    try:
        if config.agent:
            agent = await _start_agent(config, data, site, bus, objects, clock, traces)
            await _host_is_up(watch)
        if parts.simulation is not None and order is not None:
            await parts.simulation.start(order)
        collect_seldom()
        await _announce(config, data, parts, secrets, base_url(config, listener), ca_file)
        await _until(stop, serving)
    finally:
        for file in filter(None, (config.ready_file, data.site_file)):
            file.unlink(missing_ok=True)
        if parts.simulation is not None:
            await parts.simulation.stop()
        if agent is not None:
            await agent.stop(config.keep_sessions)
        try:
            await access.set_local_token(None)
        except Unavailable:
            _log.warning("the local token is not withdrawn: the database does not answer")
        await parts.launcher.stop()
        server.should_exit = True
        await serving
        await parts.courier.stop()
        await parts.jobs.stop()
        await broker.stop()
        await parts.openings.stop()
        await head_keeper.stop()
        for stream in streams:
            await stream.stop()
        await renderer.stop()
        await bus.close()
        await store.close()
        await traces.close()
    return 0


def _terms(config: SiteConfig) -> Terms:
    return Terms(
        scale=Scale(
            weights=config.weights(),
            full_sessions=config.load_full_sessions,
            full_memory=config.load_full_memory,
            full_cpu=config.load_full_cpu,
        ),
        most_of_user=config.max_user_sessions,
        wait_s=config.launch_wait,
        most_wait_s=config.launch_wait_most,
    )


def _token_policy(config: SiteConfig) -> TokenPolicy:
    return TokenPolicy(config.token_minutes * 60_000, config.token_refresh_hours * 3_600_000)


def _lockout(config: SiteConfig) -> Lockout:
    return Lockout(
        config.sign_in_attempts,
        config.sign_in_address_attempts,
        config.sign_in_lock_seconds * 1000,
    )


def _provider(
    config: SiteConfig, store: Store, access: Access, clock: Clock, site: Site
) -> OidcSignIn | None:
    """Signing in at the OpenID Connect provider, where one is configured."""
    settings = settings_of(config)
    if settings is None:
        return None
    return OidcSignIn(store, access, settings, Provider(settings, clock), site.name)


def _post(config: SiteConfig) -> Post:
    """What sends webhooks. Raises Invalid when the file of certificates cannot be used."""
    tls = ssl.create_default_context()
    if config.webhook_ca_file is not None:
        try:
            tls.load_verify_locations(config.webhook_ca_file)
        except OSError as error:
            raise Invalid(
                f"webhook_ca_file: {config.webhook_ca_file}: {error}", name="webhook_ca_file"
            ) from None
    return Post(Destinations.parse(config.webhook_hosts), tls)


def _audit_streams(config: SiteConfig, data: DataDir, store: Store) -> list[Stream]:
    """Where audit entries are sent on to."""
    sinks: dict[str, Sink] = {}
    if config.audit_file is not None:
        sinks["file"] = FileSink(config.audit_file)
    if config.audit_syslog is not None:
        sinks["syslog"] = SyslogSink(read_receiver(config.audit_syslog), config.site_name)
    data.audit_streams.mkdir(mode=0o700, exist_ok=True)
    return [
        Stream(store, sink, data.audit_streams / f"{name}.json", name)
        for name, sink in sinks.items()
    ]


async def _start_agent(
    config: SiteConfig,
    data: DataDir,
    site: Site,
    bus: Bus,
    objects: FolderObjects,
    clock: Clock,
    traces: Traces,
) -> Agent:
    machine_id = data.machine_id()
    machine_name = f"{site.name}\\{socket.gethostname().partition('.')[0].upper()}"
    data.certify_agent(site.id, machine_id, machine_name, clock.now_ms())
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
        resources={
            "memory_bytes": config.session_memory_mib * 1024**2 or half_of_memory(),
            "processes": config.session_processes,
            "cpu_weight": config.session_cpu_weight,
        },
        watched=_watched(config),
    )
    return await start_agent(agent_config, bus, objects, clock, traces)


def _watched(config: SiteConfig) -> Watched:
    return Watched(config.log_level, config.log_format, config.traces, config.agent_metrics)


def _ground(
    data: DataDir,
    site: Site,
    store: Store,
    bus: Bus,
    objects: FolderObjects,
    clock: Clock,
    watched: Watched,
    traces: Traces,
) -> Ground:
    """What a simulated fleet stands on."""
    fleet = data.fleet
    return Ground(
        site_id=site.id,
        version=version("footlight"),
        public_key=data.certify_fleet(site.id, site.name, clock.now_ms()),
        recorder=RecorderConfig(
            *(fleet / "spool", fleet / "agent-key.pem", fleet / "certificate.json"),
            watched,
        ),
        bus=bus,
        clock=clock,
        objects=objects,
        site=FleetDoor(store, site.name),
        traces=traces,
    )


async def _host_is_up(watch: Watch) -> None:
    """Ready means that a launch can work: wait for the host's first report."""

    def registered(connection):  # type: ignore[no-untyped-def]
        return True if any(m.registered for m in machines.every(connection)) else None

    if await watch.until(registered, HOST_UP_WITHIN_S) is None:
        _log.error("the session host has not reported; sessions cannot be launched yet")


async def _announce(
    config: SiteConfig,
    data: DataDir,
    parts: Parts,
    secrets: Secrets,
    base_url: str,
    ca_file: Path | None,
) -> None:
    """Write the files that tell others that the site is ready."""
    common = {
        "base_url": base_url,
        "site_id": parts.site.id,
        "customer_id": parts.site.customer_id,
        "ca_file": str(ca_file) if ca_file is not None else None,
        "pid": os.getpid(),
    }
    token = await parts.access.local_token(await administrator(parts.store))
    write_json(
        data.site_file, {**common, "token": token, "site_public_key": parts.site_public_key.hex()}
    )
    if config.ready_file is not None:
        ready = {
            **common,
            "admin_user": ADMIN_NAME,
            "admin_password": secrets.admin_password,
            "client_id": secrets.client_id,
            "client_secret": secrets.client_secret,
        }
        write_json(config.ready_file.absolute(), ready)
    elif secrets.admin_password is not None and config.admin_password_file is None:
        # Shown once: without a ready file nothing else would tell it.
        print(f"Administrator: {ADMIN_NAME}  password: {secrets.admin_password}", flush=True)
    _log.info("site is ready", url=base_url, site=parts.site.id)


async def _until(stop: asyncio.Event, serving: asyncio.Task[None]) -> None:
    """Return when told to stop; raise when the HTTP server has ended by itself."""
    waiting = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait((waiting, serving), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if serving.done():
        serving.result()
