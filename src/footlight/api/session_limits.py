"""Limits of time of a delivery group's sessions."""

from __future__ import annotations

from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.audit.log import Act, differing, record
from footlight.caller import Permission
from footlight.sessions import limits
from footlight.sessions.limits import Limits
from footlight.site import groups, held
from footlight.store.store import Tx
from footlight.wire.own import SessionLimits

routes = Routes(cvad=False)
LIMITS = "/footlight/v1/delivery-groups/{nameOrId}/session-limits"


@routes.add("GET", LIMITS, statuses=(200, 401, 403, 404))
async def get_limits(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> SessionLimits:
    """How long the group's sessions may be idle, be disconnected and last."""
    name = decode_parameter(nameOrId)

    def read(connection: Connection) -> Limits:
        return limits.of_group(connection, groups.get(connection, caller, name).id)

    return _view(await parts.store.read(read))


@routes.add("PUT", LIMITS, statuses=(200, 400, 401, 403, 404))
async def set_limits(
    caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str], data: JSONBody[SessionLimits]
) -> SessionLimits:
    """Set all of them: what the body does not name has no limit. They hold for running sessions, too."""
    name = decode_parameter(nameOrId)
    wanted = Limits(
        data.idle_seconds, data.disconnected_seconds, data.total_seconds, data.warning_seconds
    )

    def write(tx: Tx) -> None:
        group = groups.get(tx.connection, caller, name)
        held.group(tx.connection, caller, Permission.GROUP_EDIT, group.id)
        before = limits.of_group(tx.connection, group.id)
        limits.put(tx, group.id, wanted)
        act = Act(
            text=f"Set the session limits of delivery group '{group.name}'",
            target_type="DeliveryGroup",
            object_id=group.id,
            object_name=group.name,
            changes=differing(before, wanted),
        )
        record(tx, caller, act)

    await parts.store.write(write)
    return _view(wanted)


def _view(found: Limits) -> SessionLimits:
    return SessionLimits(
        idle_seconds=found.idle_s,
        disconnected_seconds=found.disconnected_s,
        total_seconds=found.total_s,
        warning_seconds=found.warning_s,
    )
