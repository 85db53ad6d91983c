"""Where sessions may be and how many, and why a launch goes where it goes."""

from __future__ import annotations

import asyncio

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Connection

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.broker.placement import placement
from footlight.broker.users import user_of
from footlight.caller import Permission
from footlight.site import groups, placement_rules
from footlight.store.store import Tx
from footlight.wire.own import Placement, PlacementRules

routes = Routes(cvad=False)
OF_GROUP = "/footlight/v1/delivery-groups/{nameOrId}/placement"
OF_RESOURCE = "/footlight/v1/resources/{nameOrId}/placement"


@routes.add("GET", OF_GROUP, statuses=(200, 401, 403, 404))
async def get_placement_rules(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> PlacementRules:
    """How many sessions the group gives, and in which zone."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> PlacementRules:
        group = groups.get(connection, caller, name)
        return placement_rules.shown(connection, placement_rules.of_group(connection, group.id))

    return await parts.store.read(read)


@routes.add("PUT", OF_GROUP, statuses=(200, 400, 401, 403, 404))
async def set_placement_rules(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str], data: JSONBody[PlacementRules]
) -> PlacementRules:
    """Set all of them: what the body does not name is without limit. They hold for launches from now on; sessions
    that run stay."""
    name = decode_parameter(nameOrId)

    def write(tx: Tx) -> PlacementRules:
        group = groups.get(tx.connection, caller, name)
        rules = placement_rules.put(tx, caller, group, data)
        return placement_rules.shown(tx.connection, rules)

    return await parts.store.write(write)


@routes.add("GET", OF_RESOURCE, statuses=(200, 401, 403, 404))
async def get_placement(
    caller: GivenCaller,
    parts: GivenParts,
    nameOrId: FromPath[str],
    user: FromQuery[str | None] = None,
) -> Placement:
    """What a launch of the resource for a user (by default the caller) would do now, and of each machine of its groups
    whether it could take the session and why not. For administrators who read machines."""
    name = decode_parameter(nameOrId)
    whose = await parts.store.read(lambda c: user_of(c, caller, parts.site.name, user))
    person = await asyncio.to_thread(whose.person)
    launcher = parts.launcher
    found = await parts.store.read(
        lambda c: placement(c, caller, name, whose, person, launcher.terms)
    )
    everywhere = caller.everywhere(Permission.SESSION_READ)
    return msgspec.structs.replace(found, waiting=launcher.waiting if everywhere else None)
