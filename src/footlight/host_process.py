"""`footlight agent`: a host of a site, in a process of its own. Its sessions outlive it, the bus and the servers."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec
import uvloop

from footlight import foreground, log
from footlight.agent.embedded import Agent, AgentConfig, start_agent
from footlight.agent.enrolling import Refused, ask_standing, context_of, enrol
from footlight.agent.granted import GrantedObjects
from footlight.agent.identity import HostFolder, Identity
from footlight.agent.renewals import Renewals
from footlight.agent.resource_groups import half_of_memory
from footlight.agent.spool_room import spool_bounds
from footlight.agent.standing import StandingWatch
from footlight.agent.watched import watched_of
from footlight.bus.inward import Inward
from footlight.bus.line_listener import LineListener
from footlight.bus.lines import Lines
from footlight.bus.nats import NatsBus
from footlight.clock import Clock, SystemClock
from footlight.config import MAX_PORT, SiteConfig
from footlight.datadir import DataDir, write_json
from footlight.errors import Invalid, Unavailable
from footlight.garbage import collect_seldom
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.telemetry.traces import open_traces

_log = get_logger(__name__)

DEFAULT_LISTEN = "off"


def default_data_dir() -> Path:
    """/var/lib/footlight-agent for root, `$XDG_DATA_HOME/footlight-agent` for others: a site may be on the machine."""
    if os.geteuid() == 0:
        return Path("/var/lib/footlight-agent")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "footlight-agent"


@dataclass(frozen=True)
class HostOptions:
    """`site`: what host and embedded site have in common. `enroll` is a code; `name`: what the host is called, "": as
    the machine is; `keep_sessions`: they outlive a clean end."""

    site: SiteConfig
    server: str = ""
    enroll: str = ""
    name: str = ""
    ca_file: Path | None = None
    listen: str = DEFAULT_LISTEN
    keep_sessions: bool = True

    def __repr__(self) -> str:
        return "HostOptions()"


def run_host(options: HostOptions) -> int:
    """Run the host in the foreground; 0 after a clean end. Raises Conflict when one runs on the data folder already,
    Invalid when it belongs to no site or can't be one of this machine."""
    log.configure(level=options.site.log_level, form=options.site.log_format)
    os.umask(0o077)
    data = DataDir(options.site.data_dir)
    data.lock()
    try:
        folder = HostFolder(data.root / "agent")
        identity = joined(folder, options)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            again = runner.run(_run(options, data, folder, identity))
    finally:
        data.unlock()
    if again:
        # Everything that has read the old keys is made anew; the sessions stay.
        os.execv(sys.executable, [sys.executable, "-m", "footlight", *_again(sys.argv[1:])])
    return 0


def joined(folder: HostFolder, options: HostOptions) -> Identity:
    """Who the host is; it enrols first where a code is given and the site does not know it yet. Blocking. Raises
    Invalid."""
    known = folder.load()
    if not options.enroll:
        if known is None:
            raise Invalid(
                f"this host belongs to no site yet ({folder.file} is missing): make a code with `footlight hosts "
                "enroll` and run the command that it prints here",
                name="enroll",
            )
        folder.lay_out(known)
        return reachable(folder, known)
    if not options.server:
        raise Invalid("--enroll needs --server https://HOST:PORT", name="server")
    if known is not None and _stands(known):
        _log.warning("this host is enrolled already; the code is left unused")
        folder.lay_out(known)
        return reachable(folder, known)
    name = options.name or socket.gethostname().partition(".")[0]
    try:
        made = enrol(folder, options.server, options.enroll, name, options.ca_file)
    except Refused as refusal:
        raise Invalid(f"the site refuses this host: {refusal}", name="enroll") from None
    _log.info("enrolled", machine=made.credentials.machine_name, server=made.server)
    return reachable(folder, made)


def reachable(folder: HostFolder, identity: Identity) -> Identity:
    """The host as it is, with an address of the bus: a site that had none when the host enrolled may have one now.
    Blocking. Raises Invalid when there is none to be known."""
    if identity.credentials.bus_servers:
        return identity
    try:
        servers = ask_standing(identity, SystemClock().now_ms()).bus_servers
    except (Unavailable, Refused) as silence:
        raise Invalid(
            f"the site's bus is not known, and its server does not say: {silence}"
        ) from None
    if not servers:
        raise Invalid(
            "the site has no bus that hosts on other machines can use: `footlight hosts enroll` there starts one, or"
            " says why it can't; its option bus_url names another"
        )
    given = msgspec.structs.replace(identity.credentials, bus_servers=servers)
    newer = msgspec.structs.replace(identity, credentials=given)
    folder.save(newer)
    return newer


def _again(arguments: list[str]) -> list[str]:
    """The command line without the code, which is good once."""
    left: list[str] = []
    skip = False
    for argument in arguments:
        if skip:
            skip = False
        elif argument == "--enroll":
            skip = True
        elif not argument.startswith("--enroll="):
            left.append(argument)
    return left


def _stands(identity: Identity) -> bool:
    try:
        return ask_standing(identity, SystemClock().now_ms()).standing == "enrolled"
    except (Unavailable, Refused):
        return False


async def _run(options: HostOptions, data: DataDir, folder: HostFolder, identity: Identity) -> bool:
    """Until told to end; whether to start again with new keys."""
    clock, stop, rotated = SystemClock(), foreground.stop_event(), asyncio.Event()
    traces = open_traces(options.site.traces, "footlight agent")
    given = identity.credentials
    bus = await NatsBus.connect(
        given.bus_servers,
        given.bus_jwt,
        identity.keys.bus_seed,
        given.ca_certificate,
        given.machine_id,
        within_s=0,
    )

    door = Door(options.listen, folder, clock)
    trust = context_of(identity.trust)
    lines = Lines(bus, clock, inward=Inward(trust, door.listener))
    bus.carry_streams(lines)

    async def renewed(newer: Identity, new_keys: bool) -> None:
        if new_keys:
            rotated.set()
            stop.set()
        else:
            bus.renew(newer.credentials.bus_jwt)
            door.show_newer()

    store_trust = _store_trust(options.site)
    objects = GrantedObjects(bus, given.machine_id, identity.server, trust, store_trust)
    renewals = Renewals(bus, folder, identity, clock, renewed)
    agent: Agent | None = None
    watching: asyncio.Task[None] | None = None
    try:
        await door.open()
        agent = await start_agent(
            _agent_config(options, data, folder, identity), bus, objects, clock, traces
        )
        renewals.start()
        standing = StandingWatch(folder, identity, lambda: bus.is_connected, clock, renewed)
        watching = spawn("standing", standing.run())
        collect_seldom()
        _announce(options, data, identity)
        await stop.wait()
    finally:
        foreground.notify("RELOADING=1" if rotated.is_set() else "STOPPING=1")
        for file in filter(None, (options.site.ready_file, data.site_file)):
            file.unlink(missing_ok=True)
        await cancel(watching)
        await renewals.stop()
        if agent is not None:
            await agent.stop(options.keep_sessions or rotated.is_set())
        await objects.close()
        await lines.close()
        await door.close()
        await bus.close()
        await traces.close()
    return rotated.is_set()


class Door:
    """The host's TLS listener for streams, where it has one. `listen` is HOST:PORT or "off"."""

    def __init__(self, listen: str, folder: HostFolder, clock: Clock) -> None:
        self._folder = folder
        self._address: tuple[str, int] | None = None
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.listener: LineListener | None = None
        if listen != "off":
            host, _, port = listen.rpartition(":")
            if not host or not port.isdecimal() or int(port) > MAX_PORT:
                raise Invalid(f"--listen: {listen!r} is not HOST:PORT, nor off", name="listen")
            self._address = (host.strip("[]"), int(port))
            self.show_newer()
            self.listener = LineListener(self._tls, clock)

    def show_newer(self) -> None:
        """Present the certificate that is in the folder now, to who connects from now on."""
        if self._address is not None:
            self._tls.load_cert_chain(self._folder.tls_certificate, self._folder.tls_key)

    async def open(self) -> None:
        """Listen. Raises Invalid when the address cannot be had."""
        if self.listener is not None and self._address is not None:
            await self.listener.start(*self._address)

    async def close(self) -> None:
        """Listen no more."""
        if self.listener is not None:
            await self.listener.stop()


def _announce(options: HostOptions, data: DataDir, identity: Identity) -> None:
    """Tell others that the host serves its sessions. Whether the bus is there, is no condition."""
    given = identity.credentials
    if options.site.ready_file is not None:
        ready = {
            "machine_id": given.machine_id,
            "machine_name": given.machine_name,
            "server": identity.server,
            "pid": os.getpid(),
        }
        write_json(options.site.ready_file.absolute(), ready)
    foreground.notify("READY=1")
    _log.info("host is ready", machine=given.machine_name, server=identity.server)


def _store_trust(site: SiteConfig) -> ssl.SSLContext:
    """Whom to trust at an S3 store. Raises Invalid when the file of certificates cannot be used."""
    trust = ssl.create_default_context()
    if site.objects_ca_file is not None:
        try:
            trust.load_verify_locations(site.objects_ca_file)
        except OSError as error:
            raise Invalid(
                f"objects_ca_file: {site.objects_ca_file}: {error}", name="objects_ca_file"
            ) from None
    return trust


def _agent_config(
    options: HostOptions, data: DataDir, folder: HostFolder, identity: Identity
) -> AgentConfig:
    site, given = options.site, identity.credentials
    if os.geteuid() != 0:
        _log.warning(
            "not run as root: all sessions are this user's own, and recordings are no evidence against it"
        )
    return AgentConfig(
        site_id=given.site_id,
        site_short_name=given.site_name,
        machine_id=given.machine_id,
        machine_name=given.machine_name,
        data_dir=data.root,
        agent_key_path=folder.signing_key,
        certificate_path=folder.certificate,
        version=version("footlight"),
        desktop=site.desktop,
        pam_service=site.pam_service,
        bounds=spool_bounds(site),
        resources={
            "memory_bytes": site.session_memory_mib * 1024**2 or half_of_memory(),
            "processes": site.session_processes,
            "cpu_weight": site.session_cpu_weight,
        },
        watched=watched_of(site),
    )
