"""The embedded site: builds every part once, hands each its neighbours, and runs until it is told to end."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import uvicorn
import uvloop

from footlight import log, tls
from footlight.access import accounts, passwords, roles
from footlight.access.access import Access
from footlight.access.accounts import Account
from footlight.access.lockout import Lockout
from footlight.access.tokens import TokenPolicy
from footlight.agent.embedded import Agent, AgentConfig, start_agent
from footlight.agent.recorder_link import RecorderConfig
from footlight.api import halves
from footlight.api.app import build_app
from footlight.api.faults import Faults
from footlight.api.parts import Parts
from footlight.api.protocol import HttpProtocol
from footlight.audit.head import HeadFile, HeadKeeper
from footlight.audit.openings import Openings
from footlight.audit.stream import FileSink, Sink, Stream
from footlight.audit.syslog import SyslogSink, read_receiver
from footlight.broker.actions import Actions
from footlight.broker.broker import Broker
from footlight.broker.launch import Launcher
from footlight.broker.logons import FleetDoor
from footlight.bus.bus import Bus
from footlight.bus.inprocess import InProcessBus
from footlight.clock import Clock, SystemClock
from footlight.config import SiteConfig
from footlight.datadir import DataDir, database_of, write_json
from footlight.errors import Invalid, Unavailable
from footlight.jobs.jobs import Jobs
from footlight.log import get_logger
from footlight.objects.folder import FolderObjects
from footlight.playback.kept import Kept
from footlight.sessions.pieces import Renderer
from footlight.sessions.watch import Watch
from footlight.simulation.fleet import Ground
from footlight.simulation.plan import read_size
from footlight.simulation.simulation import Simulation
from footlight.site import machines
from footlight.site.founding import Site, found_site, read_site
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.store import Store
from footlight.wire.fault_words import read_switches

_log = get_logger(__name__)

ADMIN_NAME = "admin"
HOST_UP_WITHIN_S = 20.0
MAX_PASSWORD_FILE_BYTES = 4096
CONSOLE_DIR = Path(__file__).parent / "console_dist"


def run_site(config: SiteConfig) -> int:
    """Run the site in the foreground; 0 after a clean end. Raises Conflict when one runs on the data folder
    already, Invalid when something that it is given cannot be used."""
    log.configure(level=config.log_level)
    os.umask(0o077)
    data, database = DataDir(config.data_dir), database_of(config)
    data.lock()
    try:
        migrate(database)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_run(config, data, database))
    finally:
        data.unlock()


def reset_password(config: SiteConfig) -> tuple[str, str]:
    """(name, new password) of the first administrator, while no site runs on the folder. Raises Conflict when
    one does."""
    data, database = DataDir(config.data_dir), database_of(config)
    if isinstance(database, Path) and not database.exists():
        raise Invalid(
            f"there is no site in {data.root}; one on PostgreSQL is named by FOOTLIGHT_DATABASE"
        )
    data.lock()
    try:
        migrate(database)
        return asyncio.run(_reset(database))
    finally:
        data.unlock()


async def _reset(database: Database) -> tuple[str, str]:
    store = await open_store(database, SystemClock())
    try:
        account = await _admin(store)
        password = passwords.new_secret()
        stored = await passwords.hash_password(password)
        await store.write(lambda tx: accounts.set_password(tx, account.id, stored))
        return account.name, password
    finally:
        await store.close()


@dataclass(frozen=True)
class Secrets:
    """What the ready file tells: null where it is not known any more."""

    admin_password: str | None
    client_id: str
    client_secret: str | None


async def _run(config: SiteConfig, data: DataDir, database: Database) -> int:
    clock = SystemClock()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = _listen(config)
    store = await open_store(database, clock)
    bus = InProcessBus()
    site, secrets = await _site(store, config)
    access = Access(
        store,
        clock,
        site.name,
        site.token_key,
        _token_policy(config),
        _lockout(config),
        separate_duties=config.separate_duties,
    )
    objects = FolderObjects(data.recordings)
    watch = Watch(store)
    broker = Broker(store, bus, clock, site.name)
    public_key = data.site_key().public_key().public_bytes_raw()
    parts = Parts(
        config=config,
        site=site,
        store=store,
        bus=bus,
        clock=clock,
        access=access,
        watch=watch,
        actions=Actions(store, watch, strict_recording_state=config.strict_recording_state),
        launcher=Launcher(store, watch, clock, site.name),
        kept=Kept(data.copies, objects, bus),
        jobs=Jobs(store, data.jobs, clock),
        openings=Openings(store, clock),
        audit_head=HeadFile(data.audit_head, site.id, public_key),
        console_dir=CONSOLE_DIR,
        site_public_key=public_key,
        secure=config.tls != "off",
        faults=Faults(read_switches(config.faults)) if config.is_stand_in else None,
        simulation=Simulation(_ground(data, site, store, bus, objects, clock))
        if config.is_stand_in
        else None,
    )
    order = read_size(config.sim, config.churn, config.sim_seed) if config.sim else None
    server, ca_file = _server(config, data, parts)
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
    await broker.start()
    renderer = Renderer(store, halves.own_half)
    await renderer.start(halves.SHAPE)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    agent: Agent | None = None
    try:
        if config.agent:
            agent = await _start_agent(config, data, site, bus, objects, clock)
            await _host_is_up(watch)
        if parts.simulation is not None and order is not None:
            await parts.simulation.start(order)
        await _announce(config, data, parts, secrets, _base_url(config, listener), ca_file)
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
        server.should_exit = True
        await serving
        await parts.jobs.stop()
        await broker.stop()
        await parts.openings.stop()
        await head_keeper.stop()
        for stream in streams:
            await stream.stop()
        await renderer.stop()
        await bus.close()
        await store.close()
    return 0


async def _site(store: Store, config: SiteConfig) -> tuple[Site, Secrets]:
    """The site and its first administrator, founded at the first start."""
    given = _password_from(config.admin_password_file)
    site = await store.read(read_site)
    first = site is None
    password = given or (passwords.new_secret() if first else None)
    if site is None:
        samples = config.sample_apps
        site = await store.write(lambda tx: found_site(tx, config.site_name, samples=samples))
    if password is None:
        account = await _admin(store)
        client_id = await store.read(lambda c: accounts.first_client(c, account.id))
        return site, Secrets(None, client_id, None)
    secret = _client_secret(site, password)
    stored = await passwords.hash_password(password)
    secret_hash = await passwords.hash_password(secret)
    if first:

        def write(tx):  # type: ignore[no-untyped-def]
            account = accounts.create(
                tx,
                ADMIN_NAME,
                display_name="Administrator",
                password_hash=stored,
            )
            roles.make_full(tx, account.id)
            return accounts.create_client(tx, secret_hash, account.id)

        return site, Secrets(password, await store.write(write), secret)
    return site, await _renew(store, password, stored, secret, secret_hash)


async def _renew(
    store: Store, password: str, stored: str, secret: str, secret_hash: str
) -> Secrets:
    """A later start with a password file: what it holds becomes the password, if it is not yet."""
    account = await _admin(store)
    client_id = await store.read(lambda c: accounts.first_client(c, account.id))
    if not await passwords.verify_password(account.password_hash, password):
        await store.write(lambda tx: accounts.set_password(tx, account.id, stored))
    client = await store.read(lambda c: accounts.client(c, client_id))
    if client is None or not await passwords.verify_password(client[0], secret):
        await store.write(lambda tx: accounts.set_client_secret(tx, client_id, secret_hash))
    return Secrets(password, client_id, secret)


async def _admin(store: Store) -> Account:
    account = await store.read(lambda c: accounts.by_name(c, ADMIN_NAME))
    if account is None:
        raise Invalid(f"the site has no account {ADMIN_NAME!r}")
    return account


def _client_secret(site: Site, password: str) -> str:
    """The API client's secret, derived, so that who gives the password again gets the same one and nothing
    but its hash is kept."""
    digest = hmac.digest(site.token_key, b"client-secret\0" + password.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _password_from(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        with file.open("rb") as source:
            text = source.read(MAX_PASSWORD_FILE_BYTES).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"cannot read password file {file}: {error}") from error
    if not text:
        raise Invalid(f"password file {file} is empty")
    return text


def _token_policy(config: SiteConfig) -> TokenPolicy:
    return TokenPolicy(config.token_minutes * 60_000, config.token_refresh_hours * 3_600_000)


def _lockout(config: SiteConfig) -> Lockout:
    return Lockout(
        config.sign_in_attempts,
        config.sign_in_address_attempts,
        config.sign_in_lock_seconds * 1000,
    )


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
    config: SiteConfig, data: DataDir, site: Site, bus: Bus, objects: FolderObjects, clock: Clock
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
    )
    return await start_agent(agent_config, bus, objects, clock)


def _ground(
    data: DataDir, site: Site, store: Store, bus: Bus, objects: FolderObjects, clock: Clock
) -> Ground:
    """What a simulated fleet stands on."""
    fleet = data.fleet
    return Ground(
        site_id=site.id,
        version=version("footlight"),
        public_key=data.certify_fleet(site.id, site.name, clock.now_ms()),
        recorder=RecorderConfig(
            fleet / "spool", fleet / "agent-key.pem", fleet / "certificate.json"
        ),
        bus=bus,
        clock=clock,
        objects=objects,
        site=FleetDoor(store, site.name),
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
    token = await parts.access.local_token(await _admin(parts.store))
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


class _Server(uvicorn.Server):
    """uvicorn without signal handlers: the site ends itself in its own order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(config: SiteConfig, data: DataDir, parts: Parts) -> tuple[_Server, Path | None]:
    """The HTTP server and the CA file that clients need (None: TLS off, or certificates of others)."""
    ca_file: Path | None = None
    chain: Path | None = None
    key: Path | None = None
    if config.tls == "auto":
        chain, key, ca_file = tls.own_certificate(data.tls, config.listen_host)
    elif config.tls != "off":
        given = config.tls.split(",")
        chain, key = Path(given[0]), Path(given[1])
    try:
        settings = uvicorn.Config(
            build_app(parts),
            http=HttpProtocol,
            ws="websockets-sansio",
            ws_max_size=2 * 1024 * 1024,
            ws_per_message_deflate=False,  # RFB is compressed already
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,  # the door sets it
            proxy_headers=False,
            ssl_certfile=chain,
            ssl_keyfile=key,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
        )
        settings.load()
    except OSError as error:
        raise Invalid(f"cannot use the TLS files {config.tls}: {error}") from error
    return _Server(settings), ca_file


def _listen(config: SiteConfig) -> socket.socket:
    """The bound socket. Raises Invalid when the address cannot be had."""
    try:
        found = socket.getaddrinfo(
            config.listen_host,
            config.listen_port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE,
        )
        family, kind, protocol, _, address = found[0]
        with contextlib.ExitStack() as failing:
            listener = failing.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            failing.pop_all()
    except OSError as error:
        raise Invalid(f"cannot listen on {config.listen}: {error.strerror}") from error
    listener.set_inheritable(False)
    return listener


def _base_url(config: SiteConfig, listener: socket.socket) -> str:
    host, port = config.listen_host, listener.getsockname()[1]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    if ":" in host:
        host = f"[{host}]"
    return f"{'http' if config.tls == 'off' else 'https'}://{host}:{port}"
