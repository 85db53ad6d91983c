"""Every option of the site, in one table, from which docs/reference/configuration.md is generated.

Read once at the root (config_sources.py) into a frozen SiteConfig, whose values fit together (config_check.py).
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from footlight.config_rates import AUTO_RATES, Rate, parse_rate
from footlight.errors import Invalid


def default_data_dir() -> Path:
    """`$XDG_DATA_HOME/footlight`, by default `~/.local/share/footlight`."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "footlight"


def _option(default: Any, help_text: str, unit: str = "") -> Any:
    return field(default=default, metadata={"help": help_text, "unit": unit})


MAX_PORT = 65_535
MOST_WEIGHT = 1000


@dataclass(frozen=True)
class SiteConfig:
    """How one embedded site runs. Field names are the option names of the file; the environment spells them
    FOOTLIGHT_NAME, the command line --name with hyphens."""

    data_dir: Path = field(
        default_factory=default_data_dir,
        metadata={"help": "folder of database, keys, spool and recordings", "unit": "path"},
    )
    keys_dir: Path | None = _option(
        None,
        "folder of the site's keys, which further servers of the site get a copy of; none: keys in the data folder",
        "path",
    )
    listen: str = _option(
        "127.0.0.1:8443", "address and port to serve; port 0 picks a free one", "HOST:PORT"
    )
    stream_url: str = _option(
        "",
        "where hosts on other machines reach this very server, for displays and files that they bring by a tunnel: of"
        " several servers behind one name each has its own; none: the address that is listened on, or this machine's"
        " full name (its first address where it has none) when that is all of them",
        "https://HOST:PORT",
    )
    tls: str = _option(
        "auto",
        "auto: self-signed at first start; off: plain HTTP, on loopback only; or CERT,KEY files",
    )
    ready_file: Path | None = _option(None, "written (0600) when the site is ready", "path")
    admin_password_file: Path | None = _option(
        None, "holds the first administrator's password; made up if absent", "path"
    )
    database: str | None = field(
        default=None,
        repr=False,  # it may hold a password
        metadata={
            "help": "PostgreSQL database of the site, as libpq reads it; none: a SQLite file in the data folder",
            "unit": "postgresql://USER@HOST:PORT/NAME",
        },
    )
    database_password_file: Path | None = _option(
        None, "holds the password of `database`; else that in it, PGPASSWORD or ~/.pgpass", "path"
    )
    bus_url: str = _option(
        "",
        "NATS servers of the site, for servers and hosts that are processes of their own; none: `footlight up` starts"
        " one itself at the first enrolment",
        "HOST:PORT,HOST:PORT,...",
    )
    bus_listen: str = _option(
        "",
        "where the site's bus listens; hosts on other machines need an address that they reach; port 0 picks a free"
        " one; none: `footlight bus` on 127.0.0.1:4222, the bus of `footlight up` on the host of `listen` and a free"
        " port that it keeps",
        "HOST:PORT",
    )
    bus_posts_dir: Path | None = _option(
        None,
        "where the bus keeps what hosts report until a server has taken it; none: bus/posts in the data folder",
        "path",
    )
    sample_apps: bool = _option(True, "publish Desktop, Terminal, Text Editor and Web Browser")
    agent: bool = _option(True, "run a session host in this process")
    keep_sessions: bool = _option(False, "leave sessions running at a clean end")
    desktop: str = _option(
        "auto",
        "what published desktops show that do not say it themselves (desktop:NAME): light, xfce, or auto, Xfce where it"
        " is installed",
    )
    os_accounts: bool = _option(
        True, "let accounts of the host's operating system sign in, while its agent runs as root"
    )
    os_accounts_group: str = _option(
        "", "only members of this group of the host's; none: everybody"
    )
    pam_service: str = _option(
        "", "PAM service that they sign in through; none: footlight, or login where that is missing"
    )
    visitors: int = _option(
        50, "people without an account at once, in groups that allow them; 0: none"
    )
    visitors_per_address: int = _option(5, "of these, with one address")
    visitor_minutes: int = _option(
        60, "how long somebody without an account may open his session again", "minutes"
    )
    visitor_disconnect_seconds: int = _option(
        60, "after which a visitor's session that nobody is connected to is logged off", "seconds"
    )
    session_memory_mib: int = _option(
        0,
        "memory of a session's programs, and again of its X server; 0: half of the machine's",
        "MiB",
    )
    session_processes: int = _option(
        4096, "processes and threads that a session may have at once; 0: without limit"
    )
    session_cpu_weight: int = _option(
        100,
        "a session's share of the CPU, while there is not enough, against others'; 0: as they come",
    )
    load_weights: str = _option(
        "1,1,2",
        "what CPU, memory and number of sessions count in a machine's load index: sessions most, since they are known "
        "the moment they are placed, while the others are seconds late",
        "CPU,MEMORY,SESSIONS",
    )
    load_full_sessions: int = _option(
        250, "sessions with which a machine is full: it takes no new one (CVAD's default, too)"
    )
    load_full_memory: int = _option(
        97, "used memory with which a machine is full; 0: memory alone fills none", "per cent"
    )
    load_full_cpu: int = _option(
        0,
        "used CPU with which a machine is full; 0: CPU alone fills none, since log-ons make it busy for moments",
        "per cent",
    )
    max_user_sessions: int = _option(0, "sessions that one user may have in all; 0: any number")
    launch_wait: int = _option(
        0,
        "how long a launch that does not say so waits for a machine when none is free; 0: it is refused at once, as "
        "clients of CVAD expect",
        "seconds",
    )
    launch_wait_most: int = _option(
        60, "the longest that a launch may wait, whatever it asks for", "seconds"
    )
    file_limit_mib: int = _option(
        2048, "largest file that goes into a session's drop folder", "MiB"
    )
    site_name: str = _option(
        "FOOTLIGHT", "short name of the site: the domain part of user and machine names"
    )
    server_header: str = _option("Footlight", "value of the Server response header")
    log_level: str = _option(
        "info", "least severe event that is logged: debug, info, warning, error"
    )
    log_format: str = _option(
        "auto", "of events: text for people, json for programs; auto: text on a terminal, else json"
    )
    metrics_open: str = _option(
        "none",
        "who may read /metrics without a token: none, loopback (requests from this machine), any; with a token it "
        "needs the permission to view the site",
    )
    agent_metrics: str = _option(
        "", "where the session host serves its own figures, on loopback; none: nowhere", "HOST:PORT"
    )
    traces: str = _option(
        "",
        "OpenTelemetry collector that is sent traces (OTLP over HTTP); none: nothing is traced",
        "http://HOST:4318",
    )
    token_minutes: int = _option(60, "life of a bearer token", "minutes")
    token_refresh_hours: int = _option(
        12, "how long after sign-in a token may still be refreshed", "hours"
    )
    stand_in: bool = _option(
        False,
        "let administrators start simulated hosts and faults on purpose (sim and faults imply it)",
    )
    sim: str = _option("", "simulated hosts and sessions to start with", "MACHINES,SESSIONS")
    churn: str = _option("0", "session changes of the simulated fleet", "per second")
    sim_seed: int = _option(1, "seed of the simulation: the same one gives the same names")
    faults: str = _option(
        "", "faults on purpose, as throttle=0.1,delay=200+100", "NAME=VALUE,NAME=VALUE"
    )
    sign_in_attempts: int = _option(
        10, "wrong passwords or client secrets in a row that lock a name out; 0: never"
    )
    sign_in_address_attempts: int = _option(
        100, "wrong ones that lock an address out (never a loopback one); 0: never"
    )
    sign_in_lock_seconds: int = _option(900, "how long a lock-out lasts", "seconds")
    sign_in_rate: str = _option(
        "auto",
        "requests without a token that one address may send: auto (20 a second, 100 at once; loopback without "
        "limit), off, or a limit for all addresses",
        "PER_SECOND[,AT_ONCE]",
    )
    rate_limit: str = _option(
        "auto",
        "requests that one account may send: auto (200 a second, 400 at once; from loopback without limit), off, "
        "or a limit for all",
        "PER_SECOND[,AT_ONCE]",
    )
    oidc_issuer: str | None = _option(
        None,
        "OpenID Connect provider at which people may sign in, as it calls itself; none: they can't",
        "https://HOST/PATH",
    )
    oidc_client_id: str = _option("", "what the provider knows this site by")
    oidc_client_secret_file: Path | None = _option(
        None, "holds the secret that goes with it; without one the site is a public client", "path"
    )
    oidc_name_claim: str = _option(
        "preferred_username",
        "claim that names the account; one that people can't change themselves",
    )
    oidc_groups_claim: str = _option(
        "groups", "claim that lists the groups; dots lead into objects, as realm_access.roles"
    )
    oidc_scopes: str = _option("openid profile email", "scopes that are asked for, with blanks")
    oidc_ca_file: Path | None = _option(
        None, "certificates that are trusted for the provider, besides the system's", "path"
    )
    oidc_label: str = _option("Sign in with OpenID Connect", "what the button on the page says")
    oidc_redirect_url: str | None = _option(
        None,
        "where the provider sends people back to; none: the address that they came by, with the callback's path",
        "https://HOST/footlight/v1/sign-in/oidc/callback",
    )
    encrypt_recordings: bool = _option(
        True, "keep recordings encrypted at rest, each under a key of its own (AES-256-GCM)"
    )
    strict_recording_state: bool = _option(
        False, "answer 409 when recording is started on a session that nobody is connected to"
    )
    audit_file: Path | None = _option(
        None, "file to which audit entries are appended as lines of JSON; it may be rotated", "path"
    )
    audit_syslog: str | None = _option(
        None, "syslog receiver of audit entries (RFC 5424)", "udp://HOST:PORT or tcp://HOST:PORT"
    )
    objects: str | None = _option(
        None,
        "where recordings and results of jobs are kept: a folder, or a bucket of an S3 store; none: recordings/ in"
        " the data folder",
        "path or s3://BUCKET/PREFIX",
    )
    objects_endpoint: str | None = _option(
        None, "address of the S3 store; none: Amazon's", "https://HOST:PORT"
    )
    objects_region: str = _option("us-east-1", "region of the S3 store")
    objects_credentials_file: Path | None = _option(
        None,
        "keys of the S3 store, as AWS's tools keep them: [default] with aws_access_key_id, aws_secret_access_key;"
        " none: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment",
        "path",
    )
    objects_ca_file: Path | None = _option(
        None, "certificates (PEM) that the S3 store may have besides the system's", "path"
    )
    spool_limit_mib: int = _option(
        20480,
        "what a host keeps at most of recordings that the store has not taken yet; above it recording pauses",
        "MiB",
    )
    spool_free_mib: int = _option(
        1024, "what a host's recordings leave free on its disk; below it recording pauses", "MiB"
    )
    webhook_hosts: str = _option(
        "public",
        "where webhooks may go: public for every public address; hosts (*.example.com: all below), addresses or"
        " networks, which may be private",
        "HOST,ADDRESS,NETWORK,...",
    )
    webhook_ca_file: Path | None = _option(
        None, "certificates (PEM) that webhooks' receivers may have besides the system's", "path"
    )
    webhook_days: int = _option(
        3, "how long a webhook's receiver may fail until the webhook is disabled", "days"
    )
    opening_reasons: str = _option(
        "Session Recording Auditor",
        "roles whose holders give a reason before they open a recording; *: everybody; none: nobody",
        "ROLE,ROLE,...",
    )
    opening_reasons_of_clients: bool = _option(
        False, "API clients of such accounts have to give one, too"
    )
    report_record_seconds: int = _option(
        300,
        "for how long a session is recorded, with notice, when its user or help desk reports a problem; 0: not at all",
        "seconds",
    )
    separate_duties: bool = _option(
        False,
        "Full Administrators may not view, export or delete recordings, and nobody may stop, view or delete"
        " recordings of themselves",
    )

    def rate(self, option: str) -> Rate | None:
        """What the option `rate_limit` or `sign_in_rate` means; None: no limit. Raises Invalid naming it."""
        return parse_rate(option, getattr(self, option), AUTO_RATES[option])

    def weights(self) -> tuple[int, int, int]:
        """`load_weights` as numbers: of CPU, memory and sessions. Raises Invalid naming it."""
        words = [word.strip() for word in self.load_weights.split(",")]
        if len(words) != 3 or not all(word.isdecimal() and len(word) < 5 for word in words):
            raise Invalid(
                f"load_weights: {self.load_weights!r} is not CPU,MEMORY,SESSIONS",
                name="load_weights",
            )
        cpu, memory, sessions = (int(word) for word in words)
        if not 0 < cpu + memory + sessions <= MOST_WEIGHT:
            raise Invalid(f"load_weights add up to 1 to {MOST_WEIGHT}", name="load_weights")
        return cpu, memory, sessions

    @property
    def is_stand_in(self) -> bool:
        """Whether simulation and faults are allowed."""
        return self.stand_in or bool(self.sim or self.faults)

    def bus_servers(self) -> list[str]:
        """`bus_url` as HOST:PORT each. Raises Invalid naming it."""
        servers = [one.strip() for one in self.bus_url.split(",") if one.strip()]
        for one in servers:
            host, _, port = one.rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) <= MAX_PORT:
                raise Invalid(f"bus_url: {one!r} is not HOST:PORT", name="bus_url")
        return servers

    def bus_address(self) -> tuple[str, int] | None:
        """`bus_listen` as host, without brackets, and port; None: not given. Raises Invalid naming it."""
        if not self.bus_listen:
            return None
        host, _, port = self.bus_listen.rpartition(":")
        if not host or not port.isdecimal() or int(port) > MAX_PORT:
            raise Invalid(f"bus_listen: {self.bus_listen!r} is not HOST:PORT", name="bus_listen")
        return host.strip("[]"), int(port)

    @property
    def objects_folder(self) -> Path:
        """Where objects are kept when that is a folder."""
        named = self.objects
        return (
            self.data_dir.expanduser().absolute() / "recordings"
            if named is None
            else Path(named).expanduser().absolute()
        )

    @property
    def listen_host(self) -> str:
        """Host part of `listen`, without brackets."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def listen_port(self) -> int:
        """Port part of `listen`."""
        return int(self.listen.rpartition(":")[2])


def is_loopback(host: str) -> bool:
    """Whether the host is a loopback address or localhost."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
