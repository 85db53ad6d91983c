"""Who gives an application to users. Source: rest-api.md section 7.4."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.params import FromPath
from sqlalchemy import Connection

from footlight.api import delivery_groups
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Permission
from footlight.site import application_rows, groups
from footlight.store import schema
from footlight.wire.rest.delivery_group import GROUP_FIELDS, DeliveryGroup
from footlight.wire.rest.paging import Collection, projected

routes = Routes(cvad=True)


@routes.add(
    "GET",
    "/Applications/{nameOrId}/DeliveryGroups",
    job="GetApplicationDeliveryGroups",
    gives=Collection[DeliveryGroup],
    partly=True,
    statuses=(200, 401, 403, 404),
)
async def groups_of_application(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> Collection[Any]:
    """The delivery groups that give the application, of those that the caller sees, the first choice first, each
    with its priority."""
    caller.require(Permission.APPLICATION_READ)
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> list[dict[str, Any]]:
        row = application_rows.get(connection, caller, name)
        given = application_rows.facts(connection, caller, [row.id])[row.id].groups
        priorities = {group.id: group.priority for group in given}
        chosen = groups.seen(caller).where(schema.delivery_groups.c.id.in_(list(priorities)))
        rows = sorted(connection.execute(chosen), key=lambda one: (priorities[one.id], one.uid))
        shown = delivery_groups.rendered(caller, parts.site.name)(connection, rows)
        return [
            {**_members(one), "Priority": priorities[row.id]}
            for row, one in zip(rows, shown, strict=True)
        ]

    items = await parts.store.read(read)
    return Collection(items=items, total_items=len(items))


def _members(group: DeliveryGroup) -> dict[str, Any]:
    cut: dict[str, Any] = msgspec.to_builtins(projected(group, GROUP_FIELDS))
    return cut
