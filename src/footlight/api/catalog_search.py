"""Searching machine catalogs and delivery groups. Source: rest-api.md sections 5, 7.2 and 7.3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request
from litestar.params import FromQuery
from sqlalchemy import ColumnElement, Connection, FromClause, Row, Table, and_, true

from footlight.api import catalogs as catalogs_api
from footlight.api import delivery_groups
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.moments import moment
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.caller import Caller, Permission
from footlight.sessions.moments import Moment
from footlight.sessions.positions import Position, read_position, write_position
from footlight.sessions.translation import Search
from footlight.site import catalogs, folders, groups, inventory_search
from footlight.store import schema, sight
from footlight.wire.rest.catalog import FolderSearchRequest, MachineCatalog
from footlight.wire.rest.delivery_group import GROUP_FIELDS, DeliveryGroup
from footlight.wire.rest.paging import (
    DEFAULT_LIMIT,
    MAXIMUM_LIMIT,
    Collection,
    named_fields,
    projected,
)

routes = Routes(cvad=True)

Render = Callable[[Connection, Sequence[Row[Any]]], Sequence[msgspec.Struct]]


@dataclass(frozen=True)
class Noun:
    """What differs between the searches of two nouns. `members`: what lists show of them (None: all)."""

    table: Table
    tables: FromClause
    read: Permission
    seen: Callable[[Caller], ColumnElement[bool]]
    translate: Callable[[FolderSearchRequest, Caller, Moment], Search]
    by_uid: Callable[[Connection, list[int]], list[Row[Any]]]
    members: frozenset[str] | None = None


CATALOGS = Noun(
    schema.catalogs,
    catalogs.TABLES,
    Permission.CATALOG_READ,
    sight.catalogs,
    catalogs.translate,
    catalogs.by_uid,
)


GROUPS = Noun(
    schema.delivery_groups,
    groups.TABLES,
    Permission.GROUP_READ,
    sight.groups,
    groups.translate,
    groups.by_uid,
    GROUP_FIELDS,
)


@dataclass(frozen=True)
class Asked:
    """The query of a search."""

    limit: int | None
    token: str | None
    fields: str | None


@routes.add(
    "POST",
    "/MachineCatalogs/$search",
    takes=FolderSearchRequest,
    gives=Collection[MachineCatalog],
    statuses=(200, 400, 401, 403, 404),
)
async def search_catalogs(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The catalogs that match, in the order asked for, of a folder and those below it if one is named."""
    asked = Asked(limit, continuationToken, fields)
    return await found(request, caller, parts, CATALOGS, asked, catalogs_api.rendered(caller))


@routes.add(
    "POST",
    "/DeliveryGroups/$search",
    job="DoDeliveryGroupSearch",
    takes=FolderSearchRequest,
    gives=Collection[DeliveryGroup],
    statuses=(200, 400, 401, 403, 404),
)
async def search_groups(
    request: Request[Any, Any, Any],
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """The groups that match, in the order asked for, of a folder and those below it if one is named."""
    asked = Asked(limit, continuationToken, fields)
    render = delivery_groups.rendered(caller, parts.site.name)
    return await found(request, caller, parts, GROUPS, asked, render)


async def found(
    request: Request[Any, Any, Any],
    caller: Caller,
    parts: Parts,
    noun: Noun,
    asked: Asked,
    render: Render,
) -> Collection[Any]:
    """A page of what matches the request's body. Raises Invalid, Forbidden, NotFound for an unknown folder."""
    caller.require(noun.read)
    size = page_limit(asked.limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    wanted = await json_body(request, FolderSearchRequest)
    search = noun.translate(wanted, caller, moment(request, parts.clock.now_ms()))
    key = parts.site.token_key
    after = read_position(key, search, asked.token) if asked.token else None

    def read(connection: Connection) -> tuple[Sequence[msgspec.Struct], int, Position | None]:
        place: ColumnElement[bool] = true()
        if wanted.admin_folder is not None:
            folder = folders.get(connection, wanted.admin_folder)
            below = wanted.include_sub_folders
            place = folders.in_folder(noun.table, folder, below=below)
        uids, total, end = inventory_search.page(
            connection,
            noun.tables,
            noun.table.c.uid,
            and_(noun.seen(caller), place),
            search,
            size,
            after=after,
        )
        return render(connection, noun.by_uid(connection, uids)), total, end

    items, total, end = await parts.store.read(read)
    names = named_fields(asked.fields) or noun.members
    return Collection(
        items=[projected(item, names) for item in items],
        continuation_token=write_position(key, search, end) if end else None,
        total_items=total,
    )
