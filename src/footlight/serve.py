"""The site's processes that have a server: the embedded site (`footlight up`), and a server among several
(`footlight serve`)."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from footlight import foreground, log
from footlight.api.parts import Parts
from footlight.archive.place import open_place
from footlight.assembly import Assembly, Ground, Role
from footlight.bus.bus import Bus
from footlight.bus.credentials import BusKeys
from footlight.bus.host_bus import Carry, GivenBus, HostBus
from footlight.bus.inprocess import InProcessBus
from footlight.bus.joined import JoinedBus
from footlight.bus.lines import Lines
from footlight.bus.measured import MeasuredBus
from footlight.bus.nats import NatsBus
from footlight.bus.outward import Outward
from footlight.clock import Clock, SystemClock
from footlight.config import SiteConfig
from footlight.datadir import DataDir, data_of, database_of, write_json
from footlight.embedded import Embedded, forget_former, simulation_on
from footlight.errors import Invalid
from footlight.first_start import ADMIN_NAME, Secrets, administrator, enter
from footlight.garbage import collect_seldom
from footlight.listener import base_url, http_server, listen, stream_url
from footlight.log import get_logger
from footlight.own_bus import OwnBus
from footlight.site import enrolled_hosts, site_keys
from footlight.site.founding import Site
from footlight.store.address import Database, PostgresAddress
from footlight.store.engines import open_store
from footlight.store.measured import MeasuredStore
from footlight.store.migrate import migrate
from footlight.store.store import Store
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import open_traces

_log = get_logger(__name__)

# Gives a server its bus: what it is configured with, and the site.
Connect = Callable[[SiteConfig, DataDir, Site], Awaitable[Bus]]


def run_site(config: SiteConfig) -> int:
    """Run the site in the foreground; 0 after a clean end. Raises Conflict when one runs on the data folder
    already, Invalid when something that it is given cannot be used."""
    database = database_of(config)
    role = Role(alone=not isinstance(database, PostgresAddress), own_bus=True)
    return _in_foreground(config, database, role, _own_bus)


def run_server(config: SiteConfig, connect: Connect | None = None) -> int:
    """Run one of a site's servers in the foreground; 0 after a clean end. `connect` None: to the site's NATS. Raises
    as run_site, and Invalid without a PostgreSQL database."""
    database = database_of(config)
    if not isinstance(database, PostgresAddress):
        raise Invalid(
            "a server among several needs a PostgreSQL database, which they share: give --database or "
            "FOOTLIGHT_DATABASE (a site with a SQLite file is run by footlight up)",
            name="database",
        )
    if config.sim:
        raise Invalid("simulated hosts are run by footlight up", name="sim")
    return _in_foreground(
        config, database, Role(alone=False, own_bus=False), connect or connect_bus
    )


def _in_foreground(config: SiteConfig, database: Database, role: Role, connect: Connect) -> int:
    log.configure(level=config.log_level, form=config.log_format)
    os.umask(0o077)
    data = data_of(config)
    data.lock()
    try:
        migrate(database)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_run(config, data, database, role, connect))
    finally:
        data.unlock()


async def connect_bus(config: SiteConfig, data: DataDir, _site: Site) -> NatsBus:
    """The site's NATS, which all its servers have in common. Raises Unavailable when it does not answer, Invalid
    when no address is given."""
    servers = config.bus_servers()
    if not servers:
        raise Invalid(
            "a server among several needs the address of the site's NATS server: give --bus-url",
            name="bus_url",
        )
    keys, ca_pem = BusKeys.open(data.keys / "bus"), data.authority().pem.decode()
    return await NatsBus.connect_server(servers, keys, ca_pem)


async def _own_bus(config: SiteConfig, data: DataDir, _site: Site) -> Bus:
    """That of this process; where hosts of other machines have one that is given, both. It need not be there yet."""
    local, servers = InProcessBus(), config.bus_servers()
    if not servers:
        return JoinedBus(local)
    keys, ca_pem = BusKeys.open(data.keys / "bus"), data.authority().pem.decode()
    return JoinedBus(local, await NatsBus.connect_server(servers, keys, ca_pem, within_s=0))


async def _run(
    config: SiteConfig, data: DataDir, database: Database, role: Role, connect: Connect
) -> int:
    clock = SystemClock()
    stop = foreground.stop_event()
    listener = listen(config)
    meters, traces = Meters(), open_traces(config.traces, "footlight")
    store: Store = MeasuredStore(await open_store(database, clock), meters, traces)
    try:
        site, secrets = await enter(store, config)
        await _claim(store, data)
        bus = await connect(config, data, site)
        try:
            place = open_place(config, site.token_key, clock, os.environ)
            host_bus = _host_bus(config, data, bus, lambda: _may_come(store, clock))
            url = stream_url(config, listener)
            measured = MeasuredBus(bus, meters, traces)
            ground = Ground(
                *(config, data, store, measured, place, clock, site, role),
                *(host_bus, url, meters, traces),
            )
            await _serve(ground, secrets, listener, stop)
            await place.close()
        finally:
            await bus.close()
    finally:
        await store.close()
        await traces.close()
    return 0


async def _claim(store: Store, data: DataDir) -> None:
    """The keys are the site's, from its first server on. Raises Invalid when they are others."""
    marks = data.key_marks()
    await store.write(lambda tx: site_keys.claim(tx, marks, data.keys))


async def _serve(
    ground: Ground, secrets: Secrets, listener: socket.socket, stop: asyncio.Event
) -> None:
    """Start all parts in order, until told to stop, then end them in the other."""
    config, data, embedded = ground.config, ground.data, ground.role.own_bus
    simulation = simulation_on(ground) if embedded and config.is_stand_in else None
    assembly = Assembly(ground, simulation)
    parts = assembly.parts
    server, ca_file = http_server(config, data, parts)
    if embedded:
        await forget_former(ground)
    await assembly.start()
    ground.host_bus.begin(_carry(ground, parts))
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    beside = Embedded(ground, parts.watch, simulation)
    try:
        if embedded:
            await beside.start()
        collect_seldom()
        await _announce(config, data, parts, secrets, base_url(config, listener), ca_file)
        foreground.notify("READY=1")
        await foreground.until(stop, serving)
    finally:
        foreground.notify("STOPPING=1")
        for file in filter(None, (config.ready_file, data.site_file)):
            file.unlink(missing_ok=True)
        await beside.stop()
        await assembly.quiet()
        server.should_exit = True
        await serving
        await assembly.stop()
        await ground.host_bus.close()


async def _may_come(store: Store, clock: Clock) -> bool:
    """Whether the site has hosts on other machines, or codes for some."""
    return await store.read(lambda c: enrolled_hosts.may_come(c, clock.now_ms()))


def _host_bus(
    config: SiteConfig, data: DataDir, bus: Bus, is_wanted: Callable[[], Awaitable[bool]]
) -> HostBus:
    """That of hosts on other machines: the one that is given, or, for an embedded site, one that it starts when it
    needs it."""
    remote = bus.remote if isinstance(bus, JoinedBus) else bus
    if isinstance(bus, JoinedBus) and remote is None:
        return OwnBus(config, data, bus, is_wanted)
    return GivenBus(config.bus_servers(), remote if isinstance(remote, NatsBus) else None)


def _carry(ground: Ground, parts: Parts) -> Carry:
    """What gives a bus of hosts on other machines their streams."""
    trust = ssl.create_default_context(cadata=ground.data.authority().pem.decode())
    outward = Outward(trust, parts.tunnels, ground.outside_url)

    def carry(bus: NatsBus) -> Lines:
        lines = Lines(bus, ground.clock, outward=outward)
        bus.carry_streams(lines)
        return lines

    return carry


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
