"""Who may administer one machine, catalog or delivery group. Source: rest-api.md sections 7.1 to 7.3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, select

from footlight.access import administrators
from footlight.api.administrators import page_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.ids import ZERO_GUID
from footlight.site import catalogs, groups, machine_rows
from footlight.store import schema
from footlight.wire.rest.admin import Administrator
from footlight.wire.rest.paging import Collection

routes = Routes(cvad=True)

Find = Callable[[Connection, Caller, str], Any]


def _declare(collection: str, find: Find, containers: tuple[str, ...]) -> None:
    """The route of one noun; `containers`: columns of its row with ids of objects that scopes hold."""

    @routes.add(
        "GET",
        f"/{collection}/{{nameOrId}}/Administrators",
        gives=Collection[Administrator],
        statuses=(200, 400, 401, 403, 404),
    )
    async def administrators_of(
        caller: GivenCaller,
        parts: GivenParts,
        nameOrId: FromPath[str],
        limit: FromQuery[int | None] = None,
        continuationToken: FromQuery[str | None] = None,
    ) -> Collection[Any]:
        """The administrators with a right in the scope All or in one that holds the object."""
        caller.require(Permission.ADMIN_READ)
        name = decode_parameter(nameOrId)
        row = await parts.store.read(lambda c: find(c, caller, name))
        held = {getattr(row, column) for column in containers} - {None}
        rights, on = schema.administrator_rights.c, schema.scope_objects.c
        scopes = select(on.scope_id).where(on.object_id.in_(held))
        mine = caller.scopes_of(Permission.ADMIN_READ)
        able = select(rights.account_id).where(
            (rights.scope_id == ZERO_GUID) | rights.scope_id.in_(scopes)
        )
        if mine is not None:  # rights in scopes of others are not for this caller to know
            able = able.where(rights.scope_id.in_(sorted(mine)))
        query = administrators.listed(caller).where(schema.administrators.c.account_id.in_(able))
        listed = f"administrators-of:{row.id}"
        return await page_of(caller, parts, listed, query, limit, continuationToken)


_declare("Machines", machine_rows.get, ("catalog_id", "delivery_group_id"))
_declare("MachineCatalogs", catalogs.get, ("id",))
_declare("DeliveryGroups", groups.get, ("id",))
