"""How many sessions a delivery group gives, in all and to one user, and in which zone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from footlight.audit.log import Act, differing, record
from footlight.caller import Caller, Permission
from footlight.errors import Invalid
from footlight.site import held, zones
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.own import PlacementRules

MOST_SESSIONS = 1_000_000

_p = schema.placement_rules


@dataclass(frozen=True)
class Rules:
    """Of a group. None: any number; no zone is wanted. `zone_only`: machines in other zones take no session of it,
    else they come later."""

    max_sessions: int | None = None
    max_user_sessions: int | None = None
    zone_id: str | None = None
    zone_only: bool = False


def of_groups(connection: Connection, group_ids: Collection[str]) -> dict[str, Rules]:
    """The rules of each of these groups."""
    ids = list(group_ids)
    rows = connection.execute(select(_p).where(_p.c.delivery_group_id.in_(ids)))
    return {one: Rules() for one in ids} | {row.delivery_group_id: _rules(row) for row in rows}


def of_group(connection: Connection, group_id: str) -> Rules:
    """The group's rules; without any where nobody set them."""
    return of_groups(connection, [group_id])[group_id]


def put(tx: Tx, caller: Caller, group: Row[Any], wanted: PlacementRules) -> Rules:
    """The group has these rules from now on; sessions that run stay. Raises Forbidden, Invalid."""
    held.group(tx.connection, caller, Permission.GROUP_EDIT, group.id)
    after = _checked(tx.connection, wanted)
    before = of_group(tx.connection, group.id)
    forget(tx, group.id)
    if after != Rules():
        tx.connection.execute(_p.insert().values(delivery_group_id=group.id, **vars(after)))
    tx.emit("delivery_group", group.id)
    act = Act(
        text=f"Edit placement rules of delivery group '{group.name}'",
        target_type="DeliveryGroup",
        object_id=group.id,
        object_name=group.name,
        changes=differing(before, after),
    )
    record(tx, caller, act)
    return after


def shown(connection: Connection, rules: Rules) -> PlacementRules:
    """The rules as the API has them, the zone by its name."""
    zone = None if rules.zone_id is None else zones.find(connection, rules.zone_id)
    return PlacementRules(
        max_sessions=rules.max_sessions,
        max_sessions_per_user=rules.max_user_sessions,
        zone=None if zone is None else zone.name,
        zone_only=rules.zone_only,
    )


def forget(tx: Tx, group_id: str) -> None:
    """The group has no rules."""
    tx.connection.execute(_p.delete().where(_p.c.delivery_group_id == group_id))


def _checked(connection: Connection, wanted: PlacementRules) -> Rules:
    numbers = {
        "maxSessions": wanted.max_sessions,
        "maxSessionsPerUser": wanted.max_sessions_per_user,
    }
    for name, value in numbers.items():
        if value is not None and not 1 <= value <= MOST_SESSIONS:
            raise Invalid(
                f"{name} is 1 to {MOST_SESSIONS}, or null.", name=name, problem="outOfRange"
            )
    zone = None
    if wanted.zone is not None:
        zone = zones.find(connection, wanted.zone)
        if zone is None:
            raise Invalid("There is no such zone.", name="zone", value=wanted.zone[:64])
    if wanted.zone_only and zone is None:
        raise Invalid("zoneOnly needs a zone.", name="zoneOnly")
    return Rules(
        wanted.max_sessions,
        wanted.max_sessions_per_user,
        None if zone is None else zone.id,
        wanted.zone_only,
    )


def _rules(row: Any) -> Rules:
    return Rules(row.max_sessions, row.max_user_sessions, row.zone_id, bool(row.zone_only))
