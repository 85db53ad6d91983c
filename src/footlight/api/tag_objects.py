"""What has a tag, and putting a tag on exactly these objects. Source: rest-api.md section 7.5."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.params import FromPath, FromQuery

from footlight.api import catalogs, delivery_groups, listing, machines, render_applications
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.errors import Invalid
from footlight.site import application_rows, machine_rows, tags
from footlight.site import catalogs as catalog_rows
from footlight.site import groups as group_rows
from footlight.site.tags import Tagged
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.application import Application
from footlight.wire.rest.catalog import MachineCatalog
from footlight.wire.rest.delivery_group import GROUP_FIELDS, DeliveryGroup
from footlight.wire.rest.machine import Machine
from footlight.wire.rest.paging import Collection, named_fields
from footlight.wire.rest.tag import RefsRequest

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
MAX_ITEMS = 1000


@routes.add(
    "GET",
    "/Tags/{nameOrId}/Machines",
    gives=Collection[Machine],
    statuses=(200, 400, 401, 403, 404),
)
async def machines_of_tag(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The machines that have the tag, of those that the caller sees."""
    tag = await _tag(caller, parts, nameOrId)
    has = tags.has(Tagged.MACHINE, schema.machines.c.id, tag.id)
    return await listing.page(
        parts,
        f"machines-of-tag:{tag.id}",
        machine_rows.seen(caller, has),
        schema.machines.c.uid,
        machines.rendered(caller, named_fields(fields)),
        limit=limit,
        token=continuationToken,
        fields=fields,
    )


@routes.add(
    "GET",
    "/Tags/{nameOrId}/Applications",
    gives=Collection[Application],
    statuses=(200, 400, 401, 403, 404),
)
async def applications_of_tag(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The applications that have the tag, of those that the caller sees."""
    tag = await _tag(caller, parts, nameOrId)
    has = tags.has(Tagged.APPLICATION, schema.resources.c.id, tag.id)
    return await listing.page(
        parts,
        f"applications-of-tag:{tag.id}",
        application_rows.seen(caller).where(has),
        schema.resources.c.uid,
        lambda c, rows: render_applications.applications(c, caller, rows),
        limit=limit,
        token=continuationToken,
        fields=fields,
    )


@routes.add(
    "GET",
    "/Tags/{nameOrId}/MachineCatalogs",
    gives=Collection[MachineCatalog],
    statuses=(200, 400, 401, 403, 404),
)
async def catalogs_of_tag(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The machine catalogs that have the tag, of those that the caller sees."""
    tag = await _tag(caller, parts, nameOrId)
    has = tags.has(Tagged.CATALOG, schema.catalogs.c.id, tag.id)
    return await listing.page(
        parts,
        f"catalogs-of-tag:{tag.id}",
        catalog_rows.seen(caller).where(has),
        schema.catalogs.c.uid,
        catalogs.rendered(caller),
        limit=limit,
        token=continuationToken,
        fields=fields,
    )


@routes.add(
    "GET",
    "/Tags/{nameOrId}/DeliveryGroups",
    gives=Collection[DeliveryGroup],
    statuses=(200, 400, 401, 403, 404),
)
async def groups_of_tag(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The delivery groups that have the tag, of those that the caller sees."""
    tag = await _tag(caller, parts, nameOrId)
    has = tags.has(Tagged.GROUP, schema.delivery_groups.c.id, tag.id)
    return await listing.page(
        parts,
        f"groups-of-tag:{tag.id}",
        group_rows.seen(caller).where(has),
        schema.delivery_groups.c.uid,
        delivery_groups.rendered(caller, parts.site.name),
        limit=limit,
        token=continuationToken,
        fields=fields,
        default_fields=GROUP_FIELDS,
    )


@routes.add(
    "PUT",
    "/Tags/{nameOrId}/Applications",
    status=204,
    job="SetTagApplications",
    takes=RefsRequest,
    statuses=(204, 400, 401, 403, 404),
)
async def set_applications(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Put the tag on exactly these applications."""
    await _put(request, caller, parts, nameOrId, Tagged.APPLICATION)


@routes.add(
    "PUT",
    "/Tags/{nameOrId}/DeliveryGroups",
    status=204,
    job="SetTagDeliveryGroups",
    takes=RefsRequest,
    statuses=(204, 400, 401, 403, 404),
)
async def set_delivery_groups(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Put the tag on exactly these delivery groups."""
    await _put(request, caller, parts, nameOrId, Tagged.GROUP)


async def _put(request: Call, caller: Caller, parts: Parts, name_or_id: str, kind: Tagged) -> None:
    caller.require(Permission.TAG_MANAGE)
    name = decode_parameter(name_or_id)
    wanted = await json_body(request, RefsRequest)
    if len(wanted.items) > MAX_ITEMS:
        raise Invalid(
            f"A request has at most {MAX_ITEMS} items.", name="Items", problem="outOfRange"
        )

    def write(tx: Tx) -> None:
        tag = tags.get(tx.connection, name)
        targets = [tags.target(tx.connection, caller, kind, item) for item in wanted.items]
        tags.put_on(tx, caller, tag, kind, targets)

    await parts.store.write(write)


async def _tag(caller: Caller, parts: Parts, name_or_id: str) -> tags.Tag:
    caller.require(Permission.TAG_READ)
    name = decode_parameter(name_or_id)
    return await parts.store.read(lambda c: tags.get(c, name))
