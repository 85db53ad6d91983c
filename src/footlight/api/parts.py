"""What the routes stand on, built once by serve.py and handed to each handler as `parts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from footlight.access.access import Access
from footlight.access.host_accounts import HostAccounts
from footlight.access.oidc.sign_in import OidcSignIn
from footlight.api.faults import Faults
from footlight.archive.deletion import Undertaker
from footlight.archive.keys import RecordingKeys
from footlight.archive.uploads import FolderEntrance
from footlight.audit.head import HeadFile
from footlight.audit.openings import Openings
from footlight.broker.actions import Actions
from footlight.broker.launch import Launcher
from footlight.bus.bus import Bus
from footlight.bus.host_bus import HostBus
from footlight.bus.tunnel import TunnelDoor
from footlight.clock import Clock
from footlight.config import SiteConfig
from footlight.hooks.courier import Courier
from footlight.jobs.jobs import Jobs
from footlight.objects.objects import Objects
from footlight.playback.kept import Kept
from footlight.sessions.watch import Watch
from footlight.simulation.simulation import Simulation
from footlight.site.enrolment import Desk
from footlight.site.founding import Site
from footlight.store.store import Store
from footlight.telemetry.meters import Meters, alone
from footlight.telemetry.traces import OFF, Traces


@dataclass(frozen=True)
class Parts:
    """The rooms of one server, joined."""

    config: SiteConfig
    site: Site
    store: Store
    bus: Bus
    tunnels: TunnelDoor  # of streams that hosts bring to this server
    clock: Clock
    access: Access
    hosts: HostAccounts
    watch: Watch
    actions: Actions
    launcher: Launcher
    objects: Objects
    undertaker: Undertaker  # who deletes recordings
    kept: Kept
    recording_keys: RecordingKeys
    jobs: Jobs
    openings: Openings
    courier: Courier
    audit_head: HeadFile
    desk: Desk
    host_bus: HostBus
    outside_url: str  # where hosts on other machines reach this very server
    trust: bytes  # PEM of the certificate that this server is trusted by; b"": as public ones are
    console_dir: Path
    site_public_key: bytes  # Ed25519, raw: what recordings are verified against
    secure: bool  # served over TLS: cookies are for TLS only
    faults: Faults | None = None  # of a stand-in
    simulation: Simulation | None = None  # of a stand-in
    oidc: OidcSignIn | None = None  # where a provider is configured
    entrance: FolderEntrance | None = None  # where the site itself keeps recordings, in a folder
    meters: Meters = field(default_factory=Meters)
    traces: Traces = OFF
    duties: Callable[[], Mapping[str, bool]] = alone  # whether this server has them, by name
    bus_connected: Callable[[], bool | None] = lambda: (
        None
    )  # with that of other machines; None: none
    certificate: Path | None = None  # that it serves with, PEM
