"""The machines of a catalog, and the groups that have them. Source: rest-api.md section 7.2."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from footlight.api import listing, machines, render_catalogs
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller
from footlight.site import catalogs, machine_rows, membership
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.catalog import AddMachineRequest, CatalogGroup
from footlight.wire.rest.machine import Machine
from footlight.wire.rest.paging import Collection, named_fields

routes = Routes(cvad=True)


@routes.add(
    "GET",
    "/MachineCatalogs/{nameOrId}/Machines",
    job="GetMachineCatalogMachines",
    gives=Collection[Machine],
    statuses=(200, 400, 401, 403, 404),
)
async def machines_of_catalog(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The machines in the catalog, by uid."""
    name = decode_parameter(nameOrId)
    row = await parts.store.read(lambda c: catalogs.get(c, caller, name))
    return await listing.page(
        parts,
        f"machines-of-catalog:{row.id}",
        machine_rows.seen(caller, schema.machines.c.catalog_id == row.id),
        schema.machines.c.uid,
        machines.rendered(caller, named_fields(fields)),
        limit=limit,
        token=continuationToken,
        fields=fields,
    )


@routes.add(
    "POST",
    "/MachineCatalogs/{nameOrId}/Machines",
    status=202,
    job="AddMachineCatalogMachine",
    always_job=True,
    takes=AddMachineRequest,
    statuses=(202, 401),
)
async def add_machine_to_catalog(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
) -> Response[bytes]:
    """Put a machine into the catalog; always as a job, whose result is the catalog."""
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, AddMachineRequest)
    catalog_id = await parts.store.write(
        lambda tx: _added(tx, caller, name, wanted, parts.site.name)
    )
    place = f"{entry_of(request.scope).base_url}/MachineCatalogs/{quote(catalog_id)}"
    return Response(b"", status_code=202, headers={"location": place})


def _added(tx: Tx, caller: Caller, name: str, wanted: AddMachineRequest, site_name: str) -> str:
    row = catalogs.get(tx.connection, caller, name)
    membership.join_catalog(tx, caller, row, wanted, site_name)
    return str(row.id)


@routes.add(
    "DELETE",
    "/MachineCatalogs/{nameOrId}/Machines/{machine}",
    status=204,
    job="DeleteMachine",
    statuses=(204, 401, 403, 404, 409),
)
async def remove_machine_from_catalog(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str], machine: FromPath[str]
) -> None:
    """Take a machine out of the catalog: it is not configured any more."""
    name, host = decode_parameter(nameOrId), decode_parameter(machine)
    await parts.store.write(
        lambda tx: membership.leave_catalog(
            tx, caller, catalogs.get(tx.connection, caller, name), host
        )
    )


@routes.add(
    "GET", "/MachineCatalogs/{nameOrId}/DeliveryGroupAssociations", statuses=(200, 401, 403, 404)
)
async def groups_of_catalog(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Collection[CatalogGroup]:
    """The delivery groups that have machines of the catalog."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> list[CatalogGroup]:
        row = catalogs.get(connection, caller, name)
        found = catalogs.groups_of(connection, caller, row.id)
        return [render_catalogs.group(one) for one in found]

    items = await parts.store.read(read)
    return Collection(items=items, total_items=len(items))
