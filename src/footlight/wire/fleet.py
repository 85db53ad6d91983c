"""What a simulated fleet is to its site: inventory to be made, users who log on. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FleetCatalog:
    """A machine catalog in one of the fleet's zones (None: the site's primary zone)."""

    id: str
    name: str
    zone_id: str | None


@dataclass(frozen=True)
class FleetGroup:
    """A delivery group."""

    id: str
    name: str
    description: str


@dataclass(frozen=True)
class FleetResource:
    """A published desktop (empty command) or application, in one or several groups."""

    id: str
    name: str
    kind: str  # Desktop, Application
    command: tuple[str, ...]
    group_ids: tuple[str, ...]


@dataclass(frozen=True)
class FleetUser:
    """An account that cannot sign in."""

    id: str
    name: str
    display_name: str


@dataclass(frozen=True)
class FleetMachine:
    """A host before its first report."""

    id: str
    host_name: str
    dns_name: str
    ip_address: str
    os_type: str
    os_version: str
    catalog_id: str
    group_id: str


@dataclass(frozen=True)
class Fleet:
    """All that a simulation puts into a site. `zones`: id and name of those beside the primary one."""

    zones: tuple[tuple[str, str], ...]
    catalogs: tuple[FleetCatalog, ...]
    groups: tuple[FleetGroup, ...]
    resources: tuple[FleetResource, ...]
    users: tuple[FleetUser, ...]
    machines: tuple[FleetMachine, ...]


@dataclass(frozen=True)
class Logon:
    """A simulated user asks for a resource on a host of the fleet. `at_ms` None: now; a time that has passed is that
    of a session which runs since then."""

    session_id: str
    account_id: str
    resource_id: str
    machine_id: str
    client_address: str
    brokering_ms: int
    at_ms: int | None = None
