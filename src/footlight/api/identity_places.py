"""Domains, forests, directories and machines, as a directory would tell them. Source: rest-api.md section 7.5."""

from __future__ import annotations

import socket
from typing import Any

from litestar.params import FromPath, FromQuery
from sqlalchemy import select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.listing import page
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Permission
from footlight.errors import NotFound
from footlight.site import machine_rows
from footlight.store import schema, sight
from footlight.wire.rest.identity import IdentityDomain, IdentityForest, IdentityMachine
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.user import IdentityDirectory

routes = Routes(cvad=True)

_m = schema.machines


@routes.add("GET", "/Identity/Domains", job="GetDomainsIdentity", statuses=(200, 401, 403))
async def list_domains(caller: GivenCaller, parts: GivenParts) -> Collection[IdentityDomain]:
    """The site's own, and its host's."""
    caller.require(Permission.IDENTITY_READ)
    items = _domains(parts)
    return Collection(items=items, total_items=len(items))


@routes.add("GET", "/Identity/Domains/{domain}", statuses=(200, 401, 403, 404))
async def get_domain(
    caller: GivenCaller, parts: GivenParts, domain: FromPath[str]
) -> IdentityDomain:
    """One of the two."""
    caller.require(Permission.IDENTITY_READ)
    name = decode_parameter(domain)
    for one in _domains(parts):
        if one.name.lower() == name.lower():
            return one
    raise NotFound("There is no such domain.", entityType="Domain", id=name)


@routes.add("GET", "/Identity/Forests", statuses=(200, 401, 403))
async def list_forests(caller: GivenCaller, parts: GivenParts) -> Collection[IdentityForest]:
    """The one that the site is."""
    caller.require(Permission.IDENTITY_READ)
    return Collection(items=[_forest(parts)], total_items=1)


@routes.add("GET", "/Identity/Forests/{forest}", statuses=(200, 401, 403, 404))
async def get_forest(
    caller: GivenCaller, parts: GivenParts, forest: FromPath[str]
) -> IdentityForest:
    """The one that the site is."""
    caller.require(Permission.IDENTITY_READ)
    name = decode_parameter(forest)
    if name.lower() != parts.site.name.lower():
        raise NotFound("There is no such forest.", entityType="Forest", id=name)
    return _forest(parts)


@routes.add("GET", "/Identity/Directories", statuses=(200, 401, 403))
async def list_directories(caller: GivenCaller, parts: GivenParts) -> Collection[IdentityDirectory]:
    """Where users come from: the site's accounts, and the host's user database."""
    caller.require(Permission.IDENTITY_READ)
    items = [IdentityDirectory(forest=parts.site.name, domain=one.name) for one in _domains(parts)]
    return Collection(items=items, total_items=len(items))


@routes.add("GET", "/Identity/Containers", statuses=(200, 401, 403))
async def list_containers(caller: GivenCaller) -> Collection[Ref]:
    """None: there are no organizational units."""
    caller.require(Permission.IDENTITY_READ)
    return Collection(items=[], total_items=0)


@routes.add(
    "GET",
    "/Identity/Machines",
    gives=Collection[IdentityMachine],
    statuses=(200, 400, 401, 403),
)
async def list_machines(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[Any]:
    """Hosts of the site that the caller sees, those in no catalog too."""
    caller.require(Permission.IDENTITY_READ)
    return await page(
        parts,
        "identity-machines",
        select(_m).where(sight.machines(caller)),
        _m.c.uid,
        lambda _, rows: [_machine(parts, row) for row in rows],
        limit=limit,
        token=continuationToken,
    )


@routes.add("GET", "/Identity/Machines/{machine}", statuses=(200, 401, 403, 404))
async def get_machine(
    caller: GivenCaller, parts: GivenParts, machine: FromPath[str]
) -> IdentityMachine:
    """A host, by each of its names."""
    caller.require(Permission.IDENTITY_READ)
    name = decode_parameter(machine)
    row = await parts.store.read(lambda c: machine_rows.find(c, name, sight.machines(caller)))
    if row is None:
        raise machine_rows.no_machine(name)
    return _machine(parts, row)


def _domains(parts: Parts) -> list[IdentityDomain]:
    host = socket.gethostname()
    names = dict.fromkeys((parts.site.name, host.partition(".")[0].upper()))
    return [
        IdentityDomain(
            forest=parts.site.name,
            name=name,
            children=[],
            net_bios_name=name.upper(),
            controllers=[host],
            default_controller=host,
            trusted_domains=[other for other in names if other != name],
            upn_suffixes=[name.lower()],
        )
        for name in names
    ]


def _forest(parts: Parts) -> IdentityForest:
    return IdentityForest(
        name=parts.site.name,
        root_domain=parts.site.name,
        domains=[one.name for one in _domains(parts)],
        sites=[parts.site.name],
        trusted_forests=[],
    )


def _machine(parts: Parts, row: Any) -> IdentityMachine:
    domain, _, short = row.name.rpartition("\\")
    return IdentityMachine(
        domain=domain,
        forest=parts.site.name,
        guid=row.id,
        sam_name=f"{row.name}$",
        sam_account_name=f"{short}$",
        dns_name=row.dns_name,
        service_principal_names=[f"HOST/{row.dns_name}"],
    )
