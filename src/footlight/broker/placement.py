"""What a launch would do now, and of each machine why: what an administrator asks when somebody calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from footlight.access import accounts
from footlight.access.accounts import Account
from footlight.broker import places
from footlight.broker.choose import Place, Wish, choose, rank, refusal_of
from footlight.broker.decision import Terms, wish_of
from footlight.broker.refusal import BY_CLOSED, Reason, Refused
from footlight.caller import Caller, Permission
from footlight.errors import NotFound
from footlight.sessions import queries
from footlight.site import offers, placement_rules, resources
from footlight.site.entitlement import Person
from footlight.site.offers import Closed
from footlight.site.placement_rules import Rules
from footlight.site.resources import Resource
from footlight.store import schema, sight
from footlight.wire.own import GroupPlacement, MachinePlacement, Placement

_g = schema.delivery_groups
_m = schema.machines


def placement(
    connection: Connection, caller: Caller, name_or_id: str, user: str, person: Person, terms: Terms
) -> Placement:
    """The answer for a user (name without domain), of what the caller sees: machines, groups and the user's session.
    `waiting` is left at 0. Raises Forbidden for who reads no machines, NotFound for a resource unseen."""
    caller.require(Permission.MACHINE_READ)
    found = resources.named(connection, name_or_id, sight.applications(caller), all_=True)
    if not found:
        raise NotFound(
            f"There is no resource {name_or_id!r}.",
            code="UnknownApplication",
            entityType="Resource",
            id=name_or_id[:256],
        )
    resource = found[0]
    account = accounts.by_name(connection, user)
    closed = offers.by_group(connection, person, resource)
    own = {} if account is None else places.own_sessions(connection, account.id)
    wish = replace(wish_of(resource, tuple(closed), person), own=own)
    held = places.places(connection, wish, terms.scale)
    session_id, refusal = _of_all(connection, resource, account, wish, closed, terms)
    chosen: Place | Refused | None = None
    if session_id is None and refusal is None:
        open_ids = tuple(one for one, why in closed.items() if why is None)
        chosen = choose(replace(wish, delivery_group_ids=open_ids), held)
        refusal = chosen.reason if isinstance(chosen, Refused) else None
    shown = _machines(connection, caller, wish, held, closed)
    machine = chosen.machine if isinstance(chosen, Place) else None
    visible = {one.id for one in shown}
    return Placement(
        resource=resource.name,
        user=user,
        session_id=_seen_session(connection, caller, session_id),
        machine=machine.name if machine is not None and machine.id in visible else None,
        reason=None if refusal is None else refusal.word,
        sentence=None if refusal is None else refusal.sentence,
        waiting=0,
        groups=_groups(connection, caller, wish, held, closed),
        machines=shown,
    )


def _of_all(
    connection: Connection,
    resource: Resource,
    account: Account | None,
    wish: Wish,
    closed: Mapping[str, Closed | None],
    terms: Terms,
) -> tuple[str | None, Reason | None]:
    """The session that a launch would take up, or what it meets before any machine is looked at."""
    if not resource.enabled:
        return None, Reason.RESOURCE_DISABLED
    if account is not None and not account.enabled:
        return None, Reason.ACCOUNT_DISABLED
    whys = list(closed.values())
    if None not in whys:
        return None, _closest(whys)
    account_id = "" if account is None else account.id
    running = queries.to_take_up(connection, account_id, resource.id)
    if running is not None:
        return running.id, None
    return None, places.limit_reached(
        connection, resource, account_id, wish.own, terms.most_of_user
    )


def _closest(whys: Sequence[Closed | None]) -> Reason:
    """Of groups that are all closed, the one that is nearest to being open (offers.open_groups)."""
    for why in (Closed.IN_MAINTENANCE, Closed.DISABLED, Closed.NOT_ENTITLED):
        if why in whys:
            return BY_CLOSED[why]
    return Reason.NO_MACHINE  # the resource is in no group


def _machines(
    connection: Connection,
    caller: Caller,
    wish: Wish,
    held: Sequence[Place],
    closed: Mapping[str, Closed | None],
) -> list[MachinePlacement]:
    """Those that the caller sees, by uid; ranks are among all."""
    z = schema.zones
    zones = {row.id: row.name for row in connection.execute(select(z.c.id, z.c.name))}
    names = _group_names(connection, caller, closed)
    within = _m.c.delivery_group_id.in_(list(closed))
    seen = select(_m.c.id).where(within, sight.machines(caller))
    visible = set(connection.execute(seen).scalars())
    reasons = {place.machine.id: _reason(wish, place, closed) for place in held}
    ready = [place for place in held if reasons[place.machine.id] is None]
    ready.sort(key=lambda place: rank(wish, place))
    ranks = {place.machine.id: number for number, place in enumerate(ready, 1)}
    return [
        MachinePlacement(
            id=place.machine.id,
            name=place.machine.name,
            delivery_group=names.get(place.room.id, ""),
            zone=zones.get(place.machine.zone_id, ""),
            sessions=place.machine.live_sessions,
            load_index=place.index,
            takes=reason is None,
            rank=ranks.get(place.machine.id),
            reason=None if reason is None else reason.word,
            sentence=None if reason is None else reason.sentence,
        )
        for place in held
        if place.machine.id in visible
        for reason in (reasons[place.machine.id],)
    ]


def _reason(wish: Wish, place: Place, closed: Mapping[str, Closed | None]) -> Reason | None:
    why = closed.get(place.room.id)
    return refusal_of(wish, place) if why is None else BY_CLOSED[why]


def _groups(
    connection: Connection,
    caller: Caller,
    wish: Wish,
    held: Sequence[Place],
    closed: Mapping[str, Closed | None],
) -> list[GroupPlacement]:
    """Those that the caller sees, the resource's first choice first."""
    sessions = {place.room.id: place.room.sessions for place in held}
    rules = placement_rules.of_groups(connection, closed)
    names = _group_names(connection, caller, closed)
    found = []
    for group_id, name in names.items():
        own, of = wish.own.get(group_id, 0), rules[group_id]
        why = closed[group_id]
        reason = _limit(of, sessions.get(group_id, 0), own) if why is None else BY_CLOSED[why]
        found.append(
            GroupPlacement(
                id=group_id,
                name=name,
                sessions=sessions.get(group_id, 0),
                user_sessions=own,
                rules=placement_rules.shown(connection, of),
                reason=None if reason is None else reason.word,
                sentence=None if reason is None else reason.sentence,
            )
        )
    return found


def _limit(rules: Rules, sessions: int, own: int) -> Reason | None:
    if rules.max_sessions is not None and sessions >= rules.max_sessions:
        return Reason.GROUP_FULL
    if rules.max_user_sessions is not None and own >= rules.max_user_sessions:
        return Reason.GROUP_FULL_FOR_USER
    return None


def _group_names(
    connection: Connection, caller: Caller, closed: Mapping[str, Closed | None]
) -> dict[str, str]:
    """Of the groups that the caller sees, in their order."""
    if not caller.may(Permission.GROUP_READ):
        return {}
    query = select(_g.c.id, _g.c.name).where(_g.c.id.in_(list(closed)), sight.groups(caller))
    names = {row.id: row.name for row in connection.execute(query)}
    return {group_id: names[group_id] for group_id in closed if group_id in names}


def _seen_session(connection: Connection, caller: Caller, session_id: str | None) -> str | None:
    if session_id is None or queries.get(connection, caller, session_id) is None:
        return None
    return session_id
