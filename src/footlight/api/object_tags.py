"""The tags of one machine, application, catalog or delivery group. Source: rest-api.md sections 7.1 to 7.3 and 7.5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Request
from litestar.params import FromPath
from sqlalchemy import Connection

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tags import tags_of
from footlight.caller import Caller, Permission
from footlight.site import application_rows, catalogs, groups, machine_rows, tags
from footlight.site.tags import Tagged, Target
from footlight.store import schema
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.tag import Tag, TagsRequest

routes = Routes(cvad=True)

_STATUSES = (200, 401, 403, 404)
Find = Callable[[Connection, Caller, str], Any]


def _declare(collection: str, kind: Tagged, find: Find, job: str | None) -> None:
    """The routes of one noun; `find` gives the row of one that the caller sees."""
    path = f"/{collection}/{{nameOrId}}/Tags"

    def target(connection: Connection, caller: Caller, name: str) -> Target:
        caller.require(Permission.TAG_READ)
        row = find(connection, caller, name)
        return tags.target(connection, caller, kind, row.id)

    def shown(connection: Connection, caller: Caller, object_id: str) -> Collection[Tag]:
        found = tags.of_object(kind, object_id).order_by(folded(schema.tags.c.name))
        rows = list(connection.execute(found))
        items = tags_of(connection, caller, rows)
        return Collection(items=items, total_items=len(items))

    @routes.add("GET", path, statuses=_STATUSES)
    async def get_tags(
        caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
    ) -> Collection[Tag]:
        """The tags that the object has."""
        name = decode_parameter(nameOrId)

        def read(connection: Connection) -> Collection[Tag]:
            caller.require(Permission.TAG_READ)
            return shown(connection, caller, find(connection, caller, name).id)

        return await parts.store.read(read)

    @routes.add("PUT", path, job=job, takes=TagsRequest, statuses=(200, 400, 401, 403, 404))
    async def set_tags(
        request: Request[Any, Any, Any],
        caller: GivenCaller,
        parts: GivenParts,
        nameOrId: FromPath[str],
    ) -> Collection[Tag]:
        """Give the object exactly these tags."""
        name = decode_parameter(nameOrId)
        wanted = await json_body(request, TagsRequest)

        def write(tx: Tx) -> Collection[Tag]:
            found = target(tx.connection, caller, name)
            tags.apply(tx, caller, found, wanted)
            return shown(tx.connection, caller, found.id)

        return await parts.store.write(write)

    @routes.add("POST", path + "/{tagNameOrId}", job=job, statuses=_STATUSES)
    async def add_tags(
        caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str], tagNameOrId: FromPath[str]
    ) -> Collection[Tag]:
        """Give the object this tag too; the tags that it then has."""
        name, tag = decode_parameter(nameOrId), decode_parameter(tagNameOrId)

        def write(tx: Tx) -> Collection[Tag]:
            found = target(tx.connection, caller, name)
            tags.add(tx, caller, found, tags.get(tx.connection, tag))
            return shown(tx.connection, caller, found.id)

        return await parts.store.write(write)

    @routes.add(
        "DELETE", path + "/{tagNameOrId}", status=204, job=job, statuses=(204, 401, 403, 404)
    )
    async def remove_tags(
        caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str], tagNameOrId: FromPath[str]
    ) -> None:
        """Take the tag from the object."""
        name, tag = decode_parameter(nameOrId), decode_parameter(tagNameOrId)

        def write(tx: Tx) -> None:
            found = target(tx.connection, caller, name)
            tags.remove(tx, caller, found, tags.get(tx.connection, tag))

        await parts.store.write(write)


_declare("Machines", Tagged.MACHINE, machine_rows.get, "SetTagMachines")
_declare("MachineCatalogs", Tagged.CATALOG, catalogs.get, None)
_declare("Applications", Tagged.APPLICATION, application_rows.get, "SetTagApplications")
_declare("DeliveryGroups", Tagged.GROUP, groups.get, None)
