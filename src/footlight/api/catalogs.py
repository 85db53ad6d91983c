"""Machine catalogs. Source: rest-api.md section 7.2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row, Select

from footlight.api import listing, render_catalogs
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.site import catalog_changes, catalogs, folders, scoping
from footlight.site.catalogs import Counts
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.catalog import (
    CATALOG_V2_FIELDS,
    CheckNameRequest,
    CreateCatalogRequest,
    MachineCatalog,
    MachineCatalogDetail,
    UpdateCatalogRequest,
)
from footlight.wire.rest.paging import Collection, named_fields, projected

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
Render = Callable[[Connection, Sequence[Row[Any]]], list[MachineCatalog]]


@routes.add(
    "GET",
    "/MachineCatalogs",
    job="GetMachineCatalogs",
    gives=Collection[MachineCatalog],
    statuses=(200, 400, 401, 403),
)
async def list_catalogs(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
    adminFolder: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The catalogs that the caller sees, by uid; of one folder if it is named."""
    return await _page(caller, parts, limit, continuationToken, fields, adminFolder, None)


@routes.add(
    "GET",
    "/MachineCatalogsV2",
    job="GetMachineCatalogs",
    gives=Collection[MachineCatalog],
    statuses=(200, 400, 401, 403),
)
async def list_catalogs_v2(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
    adminFolder: FromQuery[str | None] = None,
) -> Collection[Any]:
    """As `GET /MachineCatalogs`; without `fields` fewer members."""
    defaults = CATALOG_V2_FIELDS
    return await _page(caller, parts, limit, continuationToken, fields, adminFolder, defaults)


async def _page(
    caller: Caller,
    parts: Parts,
    limit: int | None,
    token: str | None,
    fields: str | None,
    folder: str | None,
    defaults: frozenset[str] | None,
) -> Collection[Any]:
    caller.require(Permission.CATALOG_READ)
    query: Select[Any] = catalogs.seen(caller)
    if folder is not None:
        place = await parts.store.read(lambda c: folders.get(c, folder))
        query = query.where(folders.in_folder(schema.catalogs, place))
    return await listing.page(
        parts,
        f"catalogs:{folder}",
        query,
        schema.catalogs.c.uid,
        rendered(caller),
        limit=limit,
        token=token,
        fields=fields,
        default_fields=defaults,
    )


def rendered(caller: Caller) -> Render:
    """Renders joined rows as list items."""

    def render(connection: Connection, rows: Sequence[Row[Any]]) -> list[MachineCatalog]:
        ids = [row.id for row in rows]
        counts = catalogs.counts(connection, ids)
        scopes = scoping.of_objects(connection, caller, Permission.CATALOG_READ, ids)
        return [
            render_catalogs.catalog(row, counts.get(row.id, Counts()), scopes.get(row.id, ()))
            for row in rows
        ]

    return render


def detailed(connection: Connection, caller: Caller, row: Row[Any]) -> MachineCatalogDetail:
    """The whole catalog of a joined row, as the caller sees it."""
    counts = catalogs.counts(connection, [row.id])
    scopes = scoping.of_objects(connection, caller, Permission.CATALOG_READ, [row.id])
    return render_catalogs.detail(
        row,
        counts.get(row.id, Counts()),
        scopes.get(row.id, ()),
        catalogs.systems(connection, row.id),
        catalogs.groups_of(connection, caller, row.id),
    )


@routes.add(
    "POST",
    "/MachineCatalogs",
    job="CreateMachineCatalog",
    takes=CreateCatalogRequest,
    statuses=(200, 400, 401, 403, 404, 409, 415),
)
async def create_catalog(
    request: Call, caller: GivenCaller, parts: GivenParts
) -> MachineCatalogDetail:
    """Make a catalog, with machines if any are named."""
    caller.require(Permission.CATALOG_CREATE)
    wanted = await json_body(request, CreateCatalogRequest)

    def write(tx: Tx) -> MachineCatalogDetail:
        made = catalog_changes.create(tx, caller, wanted, parts.site.name)
        return detailed(tx.connection, caller, made)

    return await parts.store.write(write)


@routes.add(
    "POST",
    "/MachineCatalogs/$checkCatalogName",
    status=204,
    takes=CheckNameRequest,
    statuses=(204, 400, 401, 403, 404),
)
async def check_catalog_name(request: Call, caller: GivenCaller, parts: GivenParts) -> None:
    """204 when there is a catalog of that name, 404 when not: what HEAD says, for names that no path holds."""
    caller.require(Permission.CATALOG_READ)
    wanted = await json_body(request, CheckNameRequest)
    await parts.store.read(lambda c: catalogs.get(c, caller, wanted.name))


@routes.add(
    "GET",
    "/MachineCatalogs/{nameOrId}",
    gives=MachineCatalogDetail,
    statuses=(200, 401, 403, 404),
)
async def get_catalog(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    fields: FromQuery[str | None] = None,
) -> Response[bytes]:
    """One catalog."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> MachineCatalogDetail:
        return detailed(connection, caller, catalogs.get(connection, caller, name))

    shown = projected(await parts.store.read(read), named_fields(fields))
    return Response(msgspec.json.encode(shown), media_type="application/json")


@routes.add("HEAD", "/MachineCatalogs/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def catalog_exists(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Whether there is such a catalog that the caller sees."""
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: catalogs.get(c, caller, name))


@routes.add(
    "PATCH",
    "/MachineCatalogs/{nameOrId}",
    job="UpdateMachineCatalog",
    takes=UpdateCatalogRequest,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def update_catalog(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> MachineCatalogDetail:
    """Change what the body names; the rest stays."""
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, UpdateCatalogRequest)

    def write(tx: Tx) -> MachineCatalogDetail:
        row = catalogs.get(tx.connection, caller, name)
        catalog_changes.change(tx, caller, row, wanted)
        return detailed(tx.connection, caller, catalogs.get(tx.connection, caller, row.id))

    return await parts.store.write(write)


@routes.add(
    "DELETE",
    "/MachineCatalogs/{nameOrId}",
    status=204,
    job="DeleteMachineCatalog",
    statuses=(204, 401, 403, 404, 409),
)
async def delete_catalog(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Forget a catalog; its machines are not configured any more."""
    name = decode_parameter(nameOrId)
    await parts.store.write(
        lambda tx: catalog_changes.delete(tx, caller, catalogs.get(tx.connection, caller, name))
    )
