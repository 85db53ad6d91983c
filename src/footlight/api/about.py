"""What the server is, which time zones it knows, and whether names are taken. Source: rest-api.md section 7.5."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import Any

from litestar import Request
from sqlalchemy import Connection, Select, and_, or_, select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.site import application_rows, folders, tags
from footlight.site.names import FOLDER_BREAK
from footlight.store import schema, sight
from footlight.store.text import after_backslash, folded
from footlight.wire.rest import time_zones
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.site import About, ObjectNameRequest, TimeZone

routes = Routes(cvad=True)


@routes.add("GET", "/About", statuses=(200, 401))
async def about(caller: GivenCaller) -> About:
    """The version, in place of a commit."""
    return About(commit=version("footlight"), is_cloud=False)


@routes.add("GET", "/ping/status", open=True, any_site=True, statuses=(200,))
async def ping_status(parts: GivenParts) -> bool:
    """Whether the store answers."""
    try:
        async with asyncio.timeout(5):
            await parts.store.read(lambda c: c.exec_driver_sql("SELECT 1").scalar())
    except Exception:
        return False
    return True


@routes.add("GET", "/TimeZones/All", statuses=(200, 401))
async def list_time_zones(caller: GivenCaller, parts: GivenParts) -> Collection[TimeZone]:
    """Time zones with a Windows id."""
    items = await asyncio.to_thread(time_zones.every, parts.clock.now_ms())
    return Collection(items=items, total_items=len(items))


@routes.add("GET", "/RebootSchedules", statuses=(200, 401, 403))
async def list_reboot_schedules(caller: GivenCaller) -> Collection[Ref]:
    """None: no machine here is rebooted."""
    caller.require(Permission.GROUP_READ)
    return Collection(items=[], total_items=0)


@routes.add(
    "POST",
    "/$checkObjectNameExists",
    takes=ObjectNameRequest,
    statuses=(200, 400, 401),
)
async def check_object_name(
    request: Request[Any, Any, Any], caller: GivenCaller, parts: GivenParts
) -> bool:
    """Whether an object that the caller sees has the name."""
    wanted = await json_body(request, ObjectNameRequest)
    return await parts.store.read(lambda c: _exists(c, caller, wanted))


def _exists(connection: Connection, caller: Caller, wanted: ObjectNameRequest) -> bool:
    name = wanted.name_or_path.strip()
    match wanted.object_type:
        case "Application":
            return application_rows.find(connection, caller, name) is not None
        case "Tag":
            return caller.may(Permission.TAG_READ) and tags.named(connection, name) is not None
        case "AdminFolder":
            return bool(name) and folders.find(connection, name) is not None
    query = _query(caller, wanted.object_type, name)
    return query is not None and connection.execute(query).first() is not None


def _query(caller: Caller, object_type: str, name: str) -> Select[Any] | None:
    """Rows of that name; None for what there is none of here."""
    last = name.replace("\\", FOLDER_BREAK).rpartition(FOLDER_BREAK)[2].lower()
    match object_type:
        case "MachineCatalog":
            c = schema.catalogs
            return select(c.c.id).where(folded(c.c.name) == last, sight.catalogs(caller))
        case "DeliveryGroup":
            g = schema.delivery_groups
            return select(g.c.id).where(folded(g.c.name) == last, sight.groups(caller))
        case "Machine":
            m = schema.machines
            short = folded(after_backslash(m.c.name)) == name.lower()
            named = or_(folded(m.c.name) == name.lower(), short)
            return select(m.c.id).where(and_(named, sight.machines(caller)))
        case "AdminRole" if caller.may(Permission.ADMIN_READ):
            return select(schema.roles.c.id).where(folded(schema.roles.c.name) == name.lower())
        case "AdminScope" if caller.may(Permission.ADMIN_READ):
            return select(schema.scopes.c.id).where(folded(schema.scopes.c.name) == name.lower())
        case _:
            return None
