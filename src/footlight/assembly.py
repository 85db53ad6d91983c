"""One server's parts: built once, each handed its neighbours, started and stopped in order. The embedded site and a
server among several are the same parts; what differs stands in a Role."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

from footlight.access.access import Access
from footlight.access.host_accounts import HostAccounts
from footlight.access.lockout import Lockout
from footlight.access.oidc.settings import settings_of
from footlight.access.oidc.sign_in import OidcSignIn
from footlight.access.tokens import TokenPolicy
from footlight.api import halves
from footlight.api.faults import Faults
from footlight.api.parts import Parts
from footlight.archive.deletion import Undertaker
from footlight.archive.place import Place
from footlight.audit.head import HeadFile, HeadKeeper
from footlight.audit.openings import Openings
from footlight.broker.actions import Actions
from footlight.broker.decision import Terms
from footlight.broker.launch import Launcher
from footlight.broker.load import Scale
from footlight.bus.bus import Bus
from footlight.bus.host_bus import HostBus
from footlight.bus.measured import is_connected
from footlight.bus.tunnel import TunnelDoor
from footlight.clock import Clock
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.errors import Invalid, Unavailable
from footlight.hooks.courier import Courier
from footlight.hooks.delivery import Post
from footlight.hooks.destination import Destinations
from footlight.hosts_door import HostsDoor, open_desk
from footlight.jobs.jobs import Jobs
from footlight.listener import certificate_of, trust_of
from footlight.log import get_logger
from footlight.objects.objects import Objects
from footlight.playback.kept import Kept
from footlight.sessions.pieces import Renderer
from footlight.sessions.watch import Watch
from footlight.simulation.simulation import Simulation
from footlight.site.founding import Site
from footlight.site_duties import add_duties, audit_file
from footlight.store import servers
from footlight.store.duties import Duties, Part
from footlight.store.servers import Server
from footlight.store.store import Store
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import OFF, Traces
from footlight.wire.fault_words import read_switches

_log = get_logger(__name__)

CONSOLE_DIR = Path(__file__).parent / "console_dist"


@dataclass(frozen=True)
class Role:
    """What a server is among others. `alone`: no other can be on its database; `own_bus`: only this server reaches
    the hosts on its bus, so that it listens to them and orders them whoever has the duties."""

    alone: bool
    own_bus: bool


@dataclass(frozen=True)
class Ground:
    """What a server stands on."""

    config: SiteConfig
    data: DataDir
    store: Store
    bus: Bus
    place: Place
    clock: Clock
    site: Site
    role: Role
    host_bus: HostBus
    outside_url: str  # where hosts on other machines reach this very server
    meters: Meters = field(default_factory=Meters)
    traces: Traces = OFF

    @property
    def objects(self) -> Objects:
        """Where recordings and what jobs have made are kept."""
        return self.place.objects

    def server(self) -> Server:
        """Which server this is."""
        return Server(self.data.server_id(), socket.gethostname(), version("footlight"))


class Assembly:
    """The parts of one server. `parts`: what its routes stand on."""

    def __init__(self, ground: Ground, simulation: Simulation | None = None) -> None:
        config, store, clock = ground.config, ground.store, ground.clock
        self._ground = ground
        self._post = _post(config)
        self.duties = Duties(store, ground.server(), clock, alone=ground.role.alone)
        self.parts = _parts(ground, self._post, simulation, self.duties)
        self.renderer = Renderer(store, halves.own_half)
        head_keeper = HeadKeeper(store, self.parts.audit_head, ground.data.site_key(), clock)
        door = HostsDoor(store, ground.bus, ground.place, self.parts.desk)
        # Those of each server, in the order of their start; duties come after them.
        self._own: list[Part] = [
            self.parts.jobs,
            self.parts.openings,
            head_keeper,
            door,
            *audit_file(config, ground.data, store),
        ]
        talk = add_duties(self.duties, config, ground.data, self.parts, self._post)
        if ground.role.own_bus:
            self._own.append(talk(store))
        else:
            hosts = self.duties.duty("hosts")
            hosts.add(talk(hosts.store))

    async def start(self) -> None:
        """Begin all that a server does beside answering requests. Raises Unavailable."""
        await self.parts.kept.start()
        for part in self._own:
            await part.start()
        await self.duties.start()
        await self.renderer.start(halves.SHAPE)

    async def quiet(self) -> None:
        """Before the last requests are answered: nobody waits for a launch any more, the local token is dead."""
        try:
            await self.parts.access.set_local_token(None)
        except Unavailable:
            _log.warning("the local token is not withdrawn: the database does not answer")
        await self.parts.launcher.stop()

    async def stop(self) -> None:
        """End it, and let others have the duties. Bus and store stay open."""
        await self.duties.stop()
        for part in reversed(self._own):
            await part.stop()
        await self._post.close()
        await self.renderer.stop()


def _parts(ground: Ground, post: Post, simulation: Simulation | None, duties: Duties) -> Parts:
    config, data, store, clock = ground.config, ground.data, ground.store, ground.clock
    site, bus, alone = ground.site, ground.bus, ground.role.alone
    server_id = None if alone else data.server_id()
    hosts = HostAccounts(store, bus, config.os_accounts_group)
    access = Access(
        store,
        clock,
        site.name,
        site.token_key,
        TokenPolicy(config.token_minutes * 60_000, config.token_refresh_hours * 3_600_000),
        _lockout(config),
        separate_duties=config.separate_duties,
        hosts=hosts if config.os_accounts else None,
        server_id=server_id,
    )
    watch = Watch(store)
    public_key = data.site_key().public_key().public_bytes_raw()
    recording_keys = data.recording_keys()
    return Parts(
        config=config,
        site=site,
        store=store,
        bus=bus,
        tunnels=TunnelDoor(clock),
        clock=clock,
        access=access,
        hosts=hosts,
        watch=watch,
        actions=Actions(store, watch, strict_recording_state=config.strict_recording_state),
        launcher=Launcher(store, clock, site.name, terms_of(config), ground.meters),
        objects=ground.objects,
        undertaker=Undertaker(site.id, data.site_key()),
        kept=Kept(data.copies, ground.objects, bus, recording_keys),
        recording_keys=recording_keys,
        jobs=Jobs(
            store,
            data.jobs,
            clock,
            ground.objects,
            server_id=server_id,
        ),
        openings=Openings(store, clock),
        courier=Courier(store, access.holder, clock, post, config.webhook_days),
        desk=open_desk(site, data, store, clock, _lockout(config), ground.host_bus),
        host_bus=ground.host_bus,
        outside_url=ground.outside_url,
        trust=trust_of(config, data),
        audit_head=HeadFile(data.audit_head, site.id, public_key),
        console_dir=CONSOLE_DIR,
        site_public_key=public_key,
        secure=config.tls != "off",
        faults=Faults(read_switches(config.faults)) if config.is_stand_in else None,
        simulation=simulation,
        oidc=_provider(config, store, access, clock, site),
        entrance=ground.place.folder_entrance,
        meters=ground.meters,
        traces=ground.traces,
        duties=duties.standing,
        bus_connected=partial(is_connected, bus),
        certificate=certificate_of(config, data),
    )


def terms_of(config: SiteConfig) -> Terms:
    """How launches are decided."""
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
    from footlight.access.oidc.provider import Provider  # most sites do without its libraries

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


async def others_up(ground: Ground) -> bool:
    """Whether another server is on the same database at this moment."""
    own_ms, own_id = ground.clock.now_ms(), ground.data.server_id()
    return bool(await ground.store.read(lambda c: servers.alive(c, own_ms)) - {own_id})
