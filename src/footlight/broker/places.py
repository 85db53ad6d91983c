"""The rows that a launch is decided over: machines of the resource's groups, what the groups allow, and what the user
has already. No query here reads the sessions of others: their number stands in the machine's row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from footlight.broker.choose import Place, Room, Wish
from footlight.broker.load import Parts, Scale, index_of, sessions_part
from footlight.broker.refusal import Reason
from footlight.caller import Caller, Permission
from footlight.site import machines, placement_rules
from footlight.site.machines import Machine
from footlight.site.resources import Resource
from footlight.site.tags import Tagged
from footlight.store import schema, sight

_g = schema.delivery_groups
_m = schema.machines
_s = schema.sessions
_on = schema.tag_objects


def places(
    connection: Connection, wish: Wish, scale: Scale, launcher: Caller | None = None
) -> list[Place]:
    """The machines of the wish's groups by uid. `launcher`: who launches for another, and so only on machines on
    which he has the permission."""
    held = machines.of_groups(connection, wish.delivery_group_ids)
    rooms = _rooms(connection, wish.delivery_group_ids, held)
    tagged = _tagged(connection, wish.tag)
    allowed = _allowed(connection, launcher)
    tags = frozenset() if wish.tag is None else frozenset((wish.tag,))
    return [
        Place(
            machine=machine,
            room=rooms[machine.delivery_group_id],
            index=_index(machine, scale),
            tags=tags if machine.id in tagged else frozenset(),
            allowed=allowed is None or machine.id in allowed,
        )
        for machine in held
        if machine.delivery_group_id in rooms
    ]


def own_sessions(
    connection: Connection, account_id: str, *conditions: ColumnElement[bool]
) -> Mapping[str, int]:
    """How many live sessions the account has, of those for which the conditions hold, by the delivery group of their
    machines; "" for those of none."""
    query = (
        select(func.coalesce(_m.c.delivery_group_id, ""), func.count())
        .select_from(_s.join(_m, _s.c.machine_id == _m.c.id))
        .where(_s.c.account_id == account_id, _s.c.ended_at_ms.is_(None), *conditions)
        .group_by(_m.c.delivery_group_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def limit_reached(
    connection: Connection,
    resource: Resource,
    account_id: str,
    own: Mapping[str, int],
    most_of_user: int,
    *conditions: ColumnElement[bool],
) -> Reason | None:
    """A limit that no machine could help about: of the user's sessions (0: none), or of the resource's. Those count
    for which the conditions hold."""
    if most_of_user and sum(own.values()) >= most_of_user:
        return Reason.USER_LIMIT
    live = select(func.count()).where(
        _s.c.resource_id == resource.id, _s.c.ended_at_ms.is_(None), *conditions
    )
    of_user = live.where(_s.c.account_id == account_id)
    for most, counted, reason in (
        (resource.max_per_user_instances, of_user, Reason.USER_INSTANCES),
        (resource.max_total_instances, live, Reason.INSTANCES),
    ):
        if most and connection.execute(counted).scalar_one() >= most:
            return reason
    return None


def group_names(
    connection: Connection, caller: Caller, group_ids: Collection[str]
) -> dict[str, str]:
    """The names, by id, of those groups whose machines the caller may read."""
    if not caller.may(Permission.MACHINE_READ):
        return {}
    seen = sight.groups(caller, Permission.MACHINE_READ)
    query = select(_g.c.id, _g.c.name).where(_g.c.id.in_(list(group_ids)), seen)
    return {row.id: row.name for row in connection.execute(query)}


def _rooms(
    connection: Connection, group_ids: Collection[str], held: Sequence[Machine]
) -> dict[str | None, Room]:
    sessions: dict[str | None, int] = {}
    for machine in held:
        group_id = machine.delivery_group_id
        sessions[group_id] = sessions.get(group_id, 0) + machine.live_sessions
    ids = list(group_ids)
    rules = placement_rules.of_groups(connection, ids)
    return {
        row.id: Room(row.id, row.name, sessions.get(row.id, 0), **vars(rules[row.id]))
        for row in connection.execute(select(_g.c.id, _g.c.name).where(_g.c.id.in_(ids)))
    }


def _tagged(connection: Connection, tag: str | None) -> Collection[str]:
    if tag is None:
        return ()
    on = (_on.c.tag_id == tag, _on.c.object_kind == Tagged.MACHINE)
    return set(connection.execute(select(_on.c.object_id).where(*on)).scalars())


def _allowed(connection: Connection, launcher: Caller | None) -> Collection[str] | None:
    """Ids of the machines on which he may launch; None: all."""
    if launcher is None or launcher.everywhere(Permission.LAUNCH_AS):
        return None
    seen = select(_m.c.id).where(sight.machines(launcher, Permission.LAUNCH_AS))
    return set(connection.execute(seen).scalars())


def _index(machine: Machine, scale: Scale) -> int:
    sessions = sessions_part(machine.live_sessions, scale)
    return index_of(Parts(machine.load_cpu, machine.load_memory, sessions), scale)
