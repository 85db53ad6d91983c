"""What lies in a folder itself. Source: rest-api.md section 11."""

from __future__ import annotations

from typing import Any

from litestar.params import FromPath, FromQuery

from footlight.api import applications, catalogs, listing
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Permission
from footlight.site import catalogs as catalog_rows
from footlight.site import folders
from footlight.store import schema
from footlight.wire.rest.application import Application
from footlight.wire.rest.catalog import MachineCatalog
from footlight.wire.rest.paging import Collection

routes = Routes(cvad=True)


@routes.add(
    "GET",
    "/AdminFolders/{pathOrId}/Applications",
    job="GetAdminFolderApplications",
    gives=Collection[Application],
    statuses=(200, 400, 401, 403, 404),
)
async def applications_of_admin_folder(
    caller: GivenCaller,
    parts: GivenParts,
    pathOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The applications in the folder, of those that the caller sees."""
    asked = (limit, continuationToken, fields)
    return await applications.page_of(caller, parts, decode_parameter(pathOrId), *asked)


@routes.add(
    "GET",
    "/ApplicationFolders/{pathOrId}/Applications",
    job="GetApplicationFolderApplications",
    gives=Collection[Application],
    statuses=(200, 400, 401, 403, 404),
)
async def applications_of_folder(
    caller: GivenCaller,
    parts: GivenParts,
    pathOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The applications in the folder, of those that the caller sees."""
    asked = (limit, continuationToken, fields)
    return await applications.page_of(caller, parts, decode_parameter(pathOrId), *asked)


@routes.add(
    "GET",
    "/AdminFolders/{pathOrId}/MachineCatalogs",
    job="GetAdminFolderMachineCatalogs",
    gives=Collection[MachineCatalog],
    statuses=(200, 400, 401, 403, 404),
)
async def catalogs_of_folder(
    caller: GivenCaller,
    parts: GivenParts,
    pathOrId: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The machine catalogs in the folder, of those that the caller sees."""
    caller.require(Permission.CATALOG_READ)
    path = decode_parameter(pathOrId)
    folder = await parts.store.read(lambda c: folders.get(c, path))
    return await listing.page(
        parts,
        f"catalogs-in:{folder.id}",
        catalog_rows.seen(caller).where(folders.in_folder(schema.catalogs, folder)),
        schema.catalogs.c.uid,
        catalogs.rendered(caller),
        limit=limit,
        token=continuationToken,
        fields=fields,
    )
