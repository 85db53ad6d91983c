"""What is in a delivery group: machines, their catalogs, desktops, sessions. Source: rest-api.md section 7.3."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, select

from footlight.api import catalogs as catalogs_api
from footlight.api import delivery_groups, listing, machines, render_groups
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.site import catalogs, desktops, entitlement, groups, machine_rows, membership
from footlight.site.entitlement import OPEN
from footlight.site.groups import Counts
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.catalog import MachineCatalog, MachineCatalogDetail
from footlight.wire.rest.delivery_group import (
    AddMachinesRequest,
    DeliveryGroup,
    Desktop,
    GroupUsage,
)
from footlight.wire.rest.machine import Machine
from footlight.wire.rest.paging import Collection, named_fields

routes = Routes(cvad=True)

_m = schema.machines


@routes.add(
    "GET",
    "/DeliveryGroups/{nameOrId}/Machines",
    gives=Collection[Machine],
    statuses=(200, 400, 401, 403, 404),
)
async def machines_of_group(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The machines in the group, by uid."""
    name = decode_parameter(nameOrId)
    row = await parts.store.read(lambda c: groups.get(c, caller, name))
    return await listing.page(
        parts,
        f"machines-of-group:{row.id}",
        machine_rows.seen(caller, _m.c.delivery_group_id == row.id),
        _m.c.uid,
        machines.rendered(caller, named_fields(fields)),
        limit=limit,
        token=continuationToken,
        fields=fields,
    )


@routes.add(
    "POST",
    "/DeliveryGroups/{nameOrId}/Machines",
    job="AddDeliveryGroupMachines",
    takes=AddMachinesRequest,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def add_machines_to_group(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
) -> DeliveryGroup:
    """Put machines of a catalog into the group."""
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, AddMachinesRequest)

    def write(tx: Tx) -> DeliveryGroup:
        row = groups.get(tx.connection, caller, name)
        membership.join_group(tx, caller, row, wanted, parts.site.name)
        return delivery_groups.detailed(tx.connection, caller, row, parts.site.name)

    return await parts.store.write(write)


@routes.add(
    "DELETE",
    "/DeliveryGroups/{nameOrId}/Machines/{machineNameOrId}",
    status=204,
    job="RemoveDeliveryGroupMachines",
    statuses=(204, 401, 403, 404, 409),
)
async def remove_machine_from_group(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str], machineNameOrId: FromPath[str]
) -> None:
    """Take a machine out of the group; it stays in its catalog."""
    name, host = decode_parameter(nameOrId), decode_parameter(machineNameOrId)
    await parts.store.write(
        lambda tx: membership.leave_group(tx, caller, groups.get(tx.connection, caller, name), host)
    )


@routes.add("GET", "/DeliveryGroups/{nameOrId}/Desktops", statuses=(200, 401, 403, 404))
async def desktops_of_group(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Collection[Desktop]:
    """The desktops that the group publishes."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> list[Desktop]:
        row = groups.get(connection, caller, name)
        return published(connection, row.id, parts.site.name)

    items = await parts.store.read(read)
    return Collection(items=items, total_items=len(items))


def published(connection: Connection, group_id: str, site_name: str) -> list[Desktop]:
    """The desktops that the group of that id publishes, by uid."""
    rows = desktops.of_group(connection, group_id)
    rules = entitlement.rules(connection, [row.id for row in rows])
    wanted = {desktops.kept(row).restrict_to_tag for row in rows} - {None}
    t = schema.tags
    names: dict[str, str] = {}
    for tag_id, name in connection.execute(select(t.c.id, t.c.name).where(t.c.id.in_(wanted))):
        names[tag_id] = name
    return [render_groups.desktop(row, rules.get(row.id, OPEN), names, site_name) for row in rows]


@routes.add("GET", "/DeliveryGroups/{nameOrId}/MachineCatalogs", statuses=(200, 401, 403, 404))
async def catalogs_of_group(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Collection[MachineCatalog]:
    """The catalogs that the group's machines are of, as far as the caller sees them."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> list[MachineCatalog]:
        row = groups.get(connection, caller, name)
        used = select(_m.c.catalog_id).where(_m.c.delivery_group_id == row.id)
        query = catalogs.seen(caller).where(schema.catalogs.c.id.in_(used))
        rows = list(connection.execute(query.order_by(schema.catalogs.c.uid)))
        return catalogs_api.rendered(caller)(connection, rows)

    items = await parts.store.read(read)
    return Collection(items=items, total_items=len(items))


@routes.add(
    "GET",
    "/DeliveryGroups/{nameOrId}/MachineCatalogs/{id}",
    statuses=(200, 401, 403, 404),
)
async def catalog_of_group(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str], id: FromPath[str]
) -> MachineCatalogDetail:
    """One of those catalogs."""
    name, catalog = decode_parameter(nameOrId), decode_parameter(id)

    def read(connection: Connection) -> MachineCatalogDetail:
        row = groups.get(connection, caller, name)
        found = catalogs.get(connection, caller, catalog)
        used = (_m.c.delivery_group_id == row.id, _m.c.catalog_id == found.id)
        if connection.execute(select(_m.c.id).where(*used).limit(1)).first() is None:
            raise catalogs.no_catalog(catalog)
        return catalogs_api.detailed(connection, caller, found)

    return await parts.store.read(read)


@routes.add("GET", "/DeliveryGroups/{nameOrId}/Usage", statuses=(200, 401, 403, 404))
async def usage_of_group(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> GroupUsage:
    """How many sessions and machines the group has now."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> GroupUsage:
        row = groups.get(connection, caller, name)
        counts = groups.counts(connection, caller, [row.id])
        return render_groups.usage(counts.get(row.id, Counts()))

    return await parts.store.read(read)
