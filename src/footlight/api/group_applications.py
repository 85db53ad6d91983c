"""The applications that a delivery group gives to its users. Source: rest-api.md section 7.3."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from footlight.api import listing, render_applications
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.paths import decode_parameter, encode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller
from footlight.errors import Invalid
from footlight.site import application_changes, application_rows, group_applications, groups
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.application import Application
from footlight.wire.rest.application_request import AddApplicationsRequest, PriorityRef
from footlight.wire.rest.delivery_group import GroupApplicationsRequest
from footlight.wire.rest.paging import Collection

routes = Routes(cvad=True)


@routes.add(
    "GET",
    "/DeliveryGroups/{nameOrId}/Applications",
    gives=Collection[Application],
    statuses=(200, 400, 401, 403, 404),
)
async def applications_of_group(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The applications that the group gives, of those that the caller sees."""
    name = decode_parameter(nameOrId)
    row = await parts.store.read(lambda c: groups.get(c, caller, name))
    return await listing.page(
        parts,
        f"applications-of-group:{row.id}",
        application_rows.seen(caller).where(group_applications.given(row.id)),
        schema.resources.c.uid,
        lambda c, rows: render_applications.applications(c, caller, rows),
        limit=limit,
        token=continuationToken,
        fields=fields,
    )


@routes.add(
    "POST",
    "/DeliveryGroups/{nameOrId}/Applications",
    status=201,
    job="AddDeliveryGroupApplications",
    takes=GroupApplicationsRequest,
    statuses=(201, 204, 400, 401, 403, 404, 409),
)
async def add_applications_to_group(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
) -> Response[bytes]:
    """Give applications to the group's users: 201 when new ones are published by that, else 204."""
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, GroupApplicationsRequest)
    if wanted.existing_application_groups:
        raise Invalid(
            "There are no application groups.",
            name="ExistingApplicationGroups",
            value=wanted.existing_application_groups[0].item[:256],
        )

    def write(tx: Tx) -> str:
        row = groups.get(tx.connection, caller, name)
        group_applications.add(tx, caller, row, wanted.existing_applications or ())
        if wanted.new_applications:
            new = AddApplicationsRequest(
                new_applications=wanted.new_applications,
                delivery_groups=[PriorityRef(item=row.id)],
            )
            application_changes.publish(tx, caller, new, parts.site.name)
        return str(row.id)

    group_id = encode_parameter(await parts.store.write(write))
    if not wanted.new_applications:
        return Response(b"", status_code=204)
    place = f"{entry_of(request.scope).base_url}/DeliveryGroups/{group_id}/Applications"
    return Response(
        b"", status_code=201, headers={"location": place}, media_type="application/json"
    )


@routes.add(
    "DELETE",
    "/DeliveryGroups/{nameOrId}/Applications/{appNameOrId}",
    status=204,
    job="RemoveDeliveryGroupApplications",
    statuses=(204, 401, 403, 404),
)
async def remove_application_from_group(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str], appNameOrId: FromPath[str]
) -> None:
    """The group gives the application no longer; it stays published elsewhere."""
    name, application = decode_parameter(nameOrId), decode_parameter(appNameOrId)

    def write(tx: Tx) -> None:
        row = groups.get(tx.connection, caller, name)
        group_applications.remove(tx, caller, row, application)

    await parts.store.write(write)


def given_by(connection: Connection, caller: Caller, group_id: str | None) -> list[Application]:
    """All applications that a group gives, of those that the caller sees; none without a group."""
    query = application_rows.seen(caller).where(group_applications.given(group_id or ""))
    rows = list(connection.execute(query.order_by(schema.resources.c.uid)))
    return render_applications.applications(connection, caller, rows)
