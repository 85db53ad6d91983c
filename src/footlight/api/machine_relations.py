"""What stands beside a machine: its catalog, delivery group, desktop and applications. Source: rest-api.md
section 7.1."""

from __future__ import annotations

import msgspec
from litestar import Response
from litestar.params import FromPath
from sqlalchemy import Connection

from footlight.api import catalogs as catalogs_api
from footlight.api import delivery_groups, group_applications, group_members
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.errors import NotFound
from footlight.site import catalogs, groups, machine_rows
from footlight.wire.rest.application import Application
from footlight.wire.rest.catalog import MachineCatalogDetail
from footlight.wire.rest.delivery_group import DeliveryGroup, Desktop
from footlight.wire.rest.paging import Collection

routes = Routes(cvad=True)


@routes.add("GET", "/Machines/{nameOrId}/MachineCatalog", statuses=(200, 401, 403, 404))
async def catalog_of_machine(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> MachineCatalogDetail:
    """The catalog that the machine is in; 404 when it is in none that the caller sees."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> MachineCatalogDetail:
        machine = machine_rows.get(connection, caller, name)
        if machine.catalog_id is None:
            raise catalogs.no_catalog("")
        row = catalogs.get(connection, caller, machine.catalog_id)
        return catalogs_api.detailed(connection, caller, row)

    return await parts.store.read(read)


@routes.add("GET", "/Machines/{nameOrId}/DeliveryGroup", statuses=(200, 401, 403, 404))
async def group_of_machine(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> DeliveryGroup:
    """The delivery group that the machine is in; 404 when it is in none that the caller sees."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> DeliveryGroup:
        machine = machine_rows.get(connection, caller, name)
        if machine.delivery_group_id is None:
            raise NotFound("The machine is in no delivery group.", entityType="DeliveryGroup")
        row = groups.get(connection, caller, machine.delivery_group_id)
        return delivery_groups.detailed(connection, caller, row, parts.site.name)

    return await parts.store.read(read)


@routes.add(
    "GET", "/Machines/{nameOrId}/Desktop", gives=Desktop, statuses=(200, 204, 401, 403, 404)
)
async def desktop_of_machine(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Response[bytes]:
    """The first desktop that the machine's group publishes; 204 when there is none."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> list[Desktop]:
        machine = machine_rows.get(connection, caller, name)
        return group_members.published(connection, machine.delivery_group_id or "", parts.site.name)

    found = await parts.store.read(read)
    if not found:
        return Response(b"", status_code=204)
    return Response(msgspec.json.encode(found[0]), media_type="application/json")


@routes.add("GET", "/Machines/{nameOrId}/Applications", statuses=(200, 401, 403, 404))
async def applications_of_machine(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Collection[Application]:
    """The applications that the machine's group gives."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> list[Application]:
        machine = machine_rows.get(connection, caller, name)
        return group_applications.given_by(connection, caller, machine.delivery_group_id)

    items = await parts.store.read(read)
    return Collection(items=items, total_items=len(items))
