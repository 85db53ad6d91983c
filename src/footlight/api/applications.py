"""Applications: lists, search, publishing, changes. Source: rest-api.md section 7.4."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection

from footlight.api import listing, render_applications
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.site import application_changes, application_rows, folders
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.application import (
    APPLICATION_V2_FIELDS,
    Application,
    ApplicationDetail,
)
from footlight.wire.rest.application_request import (
    AddApplicationsRequest,
    ApplicationRequest,
    DuplicateApplicationRequest,
)
from footlight.wire.rest.paging import Collection, named_fields, projected

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
_r = schema.resources


@routes.add(
    "GET",
    "/Applications",
    job="GetApplications",
    gives=Collection[Application],
    statuses=(200, 400, 401, 403, 404),
)
async def list_applications(
    caller: GivenCaller,
    parts: GivenParts,
    applicationFolder: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The applications that the caller sees, of all folders or of one."""
    asked = (limit, continuationToken, fields)
    return await page_of(caller, parts, applicationFolder, *asked)


@routes.add(
    "GET",
    "/ApplicationsV2",
    job="GetApplications",
    gives=Collection[Application],
    statuses=(200, 400, 401, 403, 404),
)
async def list_applications_v2(
    caller: GivenCaller,
    parts: GivenParts,
    applicationFolder: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """As `GET /Applications`; without `fields` only V2's own members."""
    asked = (limit, continuationToken, fields, APPLICATION_V2_FIELDS)
    return await page_of(caller, parts, applicationFolder, *asked)


@routes.add(
    "POST",
    "/Applications",
    status=201,
    job="AddApplications",
    takes=AddApplicationsRequest,
    statuses=(201, 204, 400, 401, 403, 404, 409),
)
async def add_applications(
    request: Call, caller: GivenCaller, parts: GivenParts
) -> Response[bytes]:
    """Publish applications, new ones and those that are there, to delivery groups."""
    caller.require(Permission.APPLICATION_CREATE)
    wanted = await json_body(request, AddApplicationsRequest)
    made = await parts.store.write(
        lambda tx: application_changes.publish(tx, caller, wanted, parts.site.name)
    )
    if not made:
        return Response(b"", status_code=204)
    location = f"{entry_of(request.scope).base_url}/Applications/{made[0].id}"
    return Response(b"", status_code=201, headers={"location": location})


@routes.add(
    "GET", "/Applications/{nameOrId}", gives=ApplicationDetail, statuses=(200, 401, 403, 404)
)
async def get_application(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    fields: FromQuery[str | None] = None,
) -> Any:
    """An application, by id, name or path."""
    caller.require(Permission.APPLICATION_READ)
    name = decode_parameter(nameOrId)
    found = await parts.store.read(lambda c: _detail(c, caller, parts, name))
    return projected(found, named_fields(fields))


@routes.add("HEAD", "/Applications/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def application_exists(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Whether there is an application of that name."""
    caller.require(Permission.APPLICATION_READ)
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: application_rows.get(c, caller, name))


@routes.add(
    "PATCH",
    "/Applications/{nameOrId}",
    status=204,
    job="UpdateApplication",
    takes=ApplicationRequest,
    statuses=(204, 400, 401, 403, 404, 409),
)
async def change_application(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Change what the body names."""
    caller.require(Permission.APPLICATION_READ)
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, ApplicationRequest)

    def write(tx: Tx) -> None:
        row = application_rows.changeable(tx, caller, Permission.APPLICATION_EDIT, name)
        application_changes.change(tx, caller, row, wanted, parts.site.name)

    await parts.store.write(write)


@routes.add(
    "DELETE",
    "/Applications/{nameOrId}",
    status=204,
    job="DeleteApplication",
    statuses=(204, 401, 403, 404),
)
async def delete_application(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Withdraw an application; sessions that run it go on."""
    caller.require(Permission.APPLICATION_READ)
    name = decode_parameter(nameOrId)

    def write(tx: Tx) -> None:
        row = application_rows.changeable(tx, caller, Permission.APPLICATION_DELETE, name)
        application_changes.delete(tx, caller, row)

    await parts.store.write(write)


@routes.add(
    "POST",
    "/Applications/{nameOrId}/$duplicate",
    job="DuplicateApplication",
    takes=DuplicateApplicationRequest,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def duplicate_application(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> ApplicationDetail:
    """A copy of an application, in the same delivery groups."""
    caller.require(Permission.APPLICATION_READ)
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, DuplicateApplicationRequest)

    def write(tx: Tx) -> ApplicationDetail:
        row = application_rows.get(tx.connection, caller, name)
        made = application_changes.duplicate(tx, caller, row, wanted)
        return render_applications.detail(tx.connection, caller, made, parts.site.name)

    return await parts.store.write(write)


async def page_of(
    caller: Caller,
    parts: Parts,
    folder_name: str | None,
    limit: int | None,
    token: str | None,
    fields: str | None,
    default_fields: frozenset[str] | None = None,
) -> Collection[Any]:
    """A page of the applications that the caller sees; of a folder itself when one is named."""
    caller.require(Permission.APPLICATION_READ)
    query, name = application_rows.seen(caller), "applications"
    if folder_name is not None:
        folder = await parts.store.read(lambda c: folders.get(c, folder_name))
        query = query.where(folders.in_folder(_r, folder))
        name = f"applications:{folder.id}"
    return await listing.page(
        parts,
        name,
        query,
        _r.c.uid,
        lambda c, rows: render_applications.applications(c, caller, rows),
        limit=limit,
        token=token,
        fields=fields,
        default_fields=default_fields,
    )


def _detail(connection: Connection, caller: Caller, parts: Parts, name: str) -> ApplicationDetail:
    row = application_rows.get(connection, caller, name)
    return render_applications.detail(connection, caller, row, parts.site.name)
