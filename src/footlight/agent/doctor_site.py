"""What the doctor looks at between the host and its site: names, ports, trust, clocks, credentials, versions."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from footlight.agent.enrolling import Refused, ask_standing
from footlight.agent.finding import Finding, bad, good, note
from footlight.agent.identity import HostFolder, Identity
from footlight.errors import Invalid, Unavailable
from footlight.wire.enrolment import Standing

CONNECT_S = 5.0
SKEW_MS = 5_000
MOST_SKEW_MS = 60_000
DAY_MS = 86_400_000
_PORTS = {"https": 443, "http": 80, "tls": 4222, "nats": 4222}
_ENROL = "Make a code with `footlight hosts enroll --machine NAME` and run the command that it prints here."

Ask = Callable[[Identity, int], Standing]


def enrolment(folder: Path) -> tuple[Finding, Identity | None]:
    """Whether the host belongs to a site."""
    try:
        identity = HostFolder(folder).load()
    except Invalid as error:
        return bad("enrolment", f"{error.message}.", _ENROL), None
    if identity is None:
        found = bad(
            "enrolment",
            f"This host belongs to no site: there is nothing in {folder}.",
            "Make a code with `footlight hosts enroll` and run the command that it prints here.",
        )
        return found, None
    name, site = identity.credentials.machine_name, identity.server
    return good("enrolment", f"This host is {name} of {site}."), identity


def reach(check: str, url: str, timeout_s: float = CONNECT_S) -> Finding:
    """Whether the name of an address is known and its port answers."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port:
        return bad(check, f"{url!r} is no address.", "Enrol this host again.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return bad(
            check,
            f"The name {host} is not known here: {error.strerror}.",
            f"See that DNS or /etc/hosts knows it (getent hosts {host}).",
        )
    reason = ""
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as probe:
            probe.settimeout(timeout_s)
            try:
                probe.connect(address)
            except OSError as error:
                reason = f"{address[0]}: {error.strerror or error}"
                continue
            return good(check, f"{host}:{port} answers.")
    return bad(
        check,
        f"Nothing answers at {host}:{port} ({reason}).",
        "See that it runs there, and that no firewall is in between.",
    )


def server(
    identity: Identity, now_ms: int, ask: Ask = ask_standing
) -> tuple[Finding, Standing | None]:
    """Whether the server answers, is the right one, and knows this host."""
    try:
        standing = ask(identity, now_ms)
    except (Unavailable, Refused) as problem:
        text = str(problem)
        if "certificate" in text.lower():
            do = (
                "Something else answers at that address, or the site has other keys now: enrol this host again "
                "if that is so."
            )
            return bad("server", f"The server is not the one that is trusted: {text}.", do), None
        return bad("server", f"The server does not answer: {text}.", "See that it runs."), None
    match standing.standing:
        case "enrolled":
            return good("server", "The server knows this host."), standing
        case "revoked":
            says = "This host has been revoked: its site takes nothing from it any more."
            return bad("server", f"{says} Sessions that run go on.", _ENROL), standing
        case _:
            return bad("server", "The server does not know this host.", _ENROL), standing


def clock(standing: Standing, asked_ms: int, answered_ms: int) -> Finding:
    """How far this machine's clock is from the server's."""
    skew_ms = standing.now_ms - (asked_ms + answered_ms) // 2
    apart = f"The clocks of this host and the server are {abs(skew_ms) / 1000:.0f} s apart"
    do = "Set this machine's clock (timedatectl set-ntp true)."
    if abs(skew_ms) > MOST_SKEW_MS:
        return bad("clock", f"{apart}: certificates and recordings have wrong times.", do)
    if abs(skew_ms) > SKEW_MS + (answered_ms - asked_ms):
        return note("clock", f"{apart}.", do)
    return good("clock", "The clocks of this host and the server agree.")


def credentials(identity: Identity, now_ms: int) -> Finding:
    """How long what the site has signed is good."""
    left_ms = identity.credentials.expires_at_ms - now_ms
    if left_ms <= 0:
        return bad("credentials", "The host's credentials have expired.", _ENROL)
    days = left_ms / DAY_MS
    if now_ms > identity.half_of_life_ms():
        return note(
            "credentials",
            f"The host's credentials are good for {days:.1f} days more and should have been renewed.",
            "See in the agent's log why that fails: it needs the bus.",
        )
    return good("credentials", f"The host's credentials are good for {days:.0f} days more.")


def bus(identity: Identity, standing: Standing | None) -> list[Finding]:
    """Whether the bus can be reached; the server's word counts where it is newer."""
    known = standing.bus_servers if standing is not None else None
    servers = known or identity.credentials.bus_servers
    if not servers:
        return [
            bad(
                "bus",
                "The site has told no address of its bus.",
                "`footlight hosts enroll` there starts one, or says why it can't; its option bus_url names another.",
            )
        ]
    found = [reach("bus", f"tls://{address}") for address in servers]
    if any(one.how == "good" for one in found):  # the agent needs one of them
        found = [one if one.how == "good" else note("bus", one.says) for one in found]
    return found


def versions(own: str, standing: Standing) -> Finding:
    """Whether agent and server are of releases that work together: one apart at most."""
    theirs = standing.server_version
    if own == theirs:
        return good("versions", f"Agent and server are of release {own}.")
    says = f"The agent is of release {own}, the server of {theirs}."
    if _line(own) is not None and _line(own) == _line(theirs):
        return good("versions", says)
    return note("versions", says, "Releases more than one apart may not understand each other.")


def _line(version: str) -> tuple[int, int] | None:
    parts = version.split(".")
    try:
        return int(parts[0]), int(parts[1])
    except (ValueError, IndexError):
        return None
