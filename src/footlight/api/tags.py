"""Tags: words that machines, applications, catalogs and groups are marked with. Source: rest-api.md section 7.5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, Row, select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.listing import page
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.site import tags
from footlight.site.tags import Tagged
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.tag import Tag, TagRequest, TagUpdate

routes = Routes(cvad=True)

_t = schema.tags


@routes.add("GET", "/Tags", gives=Collection[Tag], statuses=(200, 400, 401, 403))
async def list_tags(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """All tags of the site."""
    caller.require(Permission.TAG_READ)
    return await page(
        parts,
        "tags",
        select(_t),
        _t.c.uid,
        lambda c, rows: tags_of(c, caller, rows),
        limit=limit,
        token=continuationToken,
        fields=fields,
    )


@routes.add(
    "POST",
    "/Tags",
    job="CreateTag",
    takes=TagRequest,
    statuses=(200, 400, 401, 403, 409),
)
async def create_tag(
    request: Request[Any, Any, Any], caller: GivenCaller, parts: GivenParts
) -> Tag:
    """Make a tag."""
    wanted = await json_body(request, TagRequest)

    def write(tx: Tx) -> Tag:
        made = tags.create(tx, caller, wanted)
        return _wire(tx.connection, caller, made.id)

    return await parts.store.write(write)


@routes.add("GET", "/Tags/{nameOrId}", statuses=(200, 401, 403, 404))
async def get_tag(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> Tag:
    """A tag, by name or id."""
    caller.require(Permission.TAG_READ)
    name = decode_parameter(nameOrId)
    return await parts.store.read(lambda c: _wire(c, caller, tags.get(c, name).id))


@routes.add("HEAD", "/Tags/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def tag_exists(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Whether there is a tag of that name."""
    caller.require(Permission.TAG_READ)
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: tags.get(c, name))


@routes.add(
    "PATCH",
    "/Tags/{nameOrId}",
    job="UpdateTag",
    takes=TagUpdate,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def change_tag(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
) -> Tag:
    """Rename or describe a tag."""
    caller.require(Permission.TAG_MANAGE)
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, TagUpdate)

    def write(tx: Tx) -> Tag:
        tag = tags.get(tx.connection, name)
        tags.change(tx, caller, tag, wanted)
        return _wire(tx.connection, caller, tag.id)

    return await parts.store.write(write)


@routes.add(
    "DELETE", "/Tags/{nameOrId}", status=204, job="DeleteTag", statuses=(204, 401, 403, 404)
)
async def delete_tag(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    force: FromQuery[bool] = False,
) -> None:
    """Take the tag from all objects, and away."""
    caller.require(Permission.TAG_MANAGE)
    name = decode_parameter(nameOrId)
    await parts.store.write(lambda tx: tags.delete(tx, caller, tags.get(tx.connection, name)))


def tags_of(connection: Connection, caller: Caller, rows: Sequence[Row[Any]]) -> list[Tag]:
    """Rows of the tags table on the wire."""
    counts = tags.counts(connection, caller, [row.id for row in rows])

    def count(row: Row[Any], kind: Tagged) -> int:
        return counts.get(row.id, {}).get(kind, 0)

    return [
        Tag(
            id=row.id,
            uid=row.uid,
            name=row.name,
            description=row.description,
            num_machines=count(row, Tagged.MACHINE),
            num_applications=count(row, Tagged.APPLICATION),
            num_application_groups=0,
            num_machine_catalogs=count(row, Tagged.CATALOG),
            num_delivery_groups=count(row, Tagged.GROUP),
        )
        for row in rows
    ]


def _wire(connection: Connection, caller: Caller, tag_id: str) -> Tag:
    rows = list(connection.execute(select(_t).where(_t.c.id == tag_id)))
    return tags_of(connection, caller, rows)[0]
