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
_READS = (Permission.GROUP_READ, Permission.MACHINE_READ, Permission.SESSION_READ)


def placement(
    connection: Connection,
    caller: Caller,
    name_or_id: str,
    user: str,
    person: Person,
    terms: Terms,
    site_name: str,
) -> Placement:
    """The answer for a user (of a host's with its domain), of what the caller sees: what he does not see is as if it
    were not there, so a group counts only if he reads it, its machines and their sessions. `waiting` is left out.
    Raises Forbidden for who reads no machines, NotFound for a resource unseen."""
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
    account = accounts.of_user_name(connection, site_name, user)
    account_id = "" if account is None else account.id
    names = _group_names(connection, caller, resource)
    every = offers.by_group(connection, person, resource)
    closed = {one: why for one, why in every.items() if one in names}
    own = places.own_sessions(connection, account_id, sight.sessions(caller))
    wish = replace(wish_of(resource, tuple(closed), person), own=own)
    held = places.places(connection, wish, terms.scale)
    session_id, refusal = None, _of_all(resource, account, closed)
    if refusal is None:
        session_id = _running(connection, caller, account_id, resource)
    chosen: Place | Refused | None = None
    if refusal is None and session_id is None:
        seen = sight.sessions(caller)
        reached = places.limit_reached(
            connection, resource, account_id, own, terms.most_of_user, seen
        )
        open_ids = tuple(one for one, why in closed.items() if why is None)
        chosen = (
            choose(replace(wish, delivery_group_ids=open_ids), held)
            if reached is None
            else Refused(reached)
        )
        refusal = chosen.reason if isinstance(chosen, Refused) else None
    return Placement(
        resource=resource.name,
        user=user,
        session_id=session_id,
        machine=chosen.machine.name if isinstance(chosen, Place) else None,
        reason=None if refusal is None else refusal.word,
        sentence=None if refusal is None else refusal.sentence,
        waiting=None,
        groups=_groups(connection, wish, held, closed, names),
        machines=_machines(connection, wish, held, closed, names),
    )


def _of_all(
    resource: Resource, account: Account | None, closed: Mapping[str, Closed | None]
) -> Reason | None:
    """What a launch meets before anything that runs is looked at."""
    if not resource.enabled:
        return Reason.RESOURCE_DISABLED
    if account is not None and not account.enabled:
        return Reason.ACCOUNT_DISABLED
    whys = list(closed.values())
    return None if None in whys else _closest(whys)


def _running(
    connection: Connection, caller: Caller, account_id: str, resource: Resource
) -> str | None:
    """The session that a launch would take up."""
    row = queries.to_take_up(connection, account_id, resource.id, sight.sessions(caller))
    return None if row is None else str(row.id)


def _closest(whys: Sequence[Closed | None]) -> Reason:
    """Of groups that are all closed, the one that is nearest to being open (offers.open_groups)."""
    for why in (Closed.IN_MAINTENANCE, Closed.DISABLED, Closed.NOT_ENTITLED):
        if why in whys:
            return BY_CLOSED[why]
    return Reason.NO_MACHINE  # the resource is in no group


def _machines(
    connection: Connection,
    wish: Wish,
    held: Sequence[Place],
    closed: Mapping[str, Closed | None],
    names: Mapping[str, str],
) -> list[MachinePlacement]:
    """All of them, by uid."""
    z = schema.zones
    zones = {row.id: row.name for row in connection.execute(select(z.c.id, z.c.name))}
    reasons = {place.machine.id: _reason(wish, place, closed) for place in held}
    ready = [place for place in held if reasons[place.machine.id] is None]
    ready.sort(key=lambda place: rank(wish, place))
    ranks = {place.machine.id: number for number, place in enumerate(ready, 1)}
    return [
        MachinePlacement(
            id=place.machine.id,
            name=place.machine.name,
            delivery_group=names[place.room.id],
            zone=zones.get(place.machine.zone_id, ""),
            sessions=place.machine.live_sessions,
            load_index=place.index,
            takes=reason is None,
            rank=ranks.get(place.machine.id),
            reason=None if reason is None else reason.word,
            sentence=None if reason is None else reason.sentence,
        )
        for place in held
        for reason in (reasons[place.machine.id],)
    ]


def _reason(wish: Wish, place: Place, closed: Mapping[str, Closed | None]) -> Reason | None:
    why = closed.get(place.room.id)
    return refusal_of(wish, place) if why is None else BY_CLOSED[why]


def _groups(
    connection: Connection,
    wish: Wish,
    held: Sequence[Place],
    closed: Mapping[str, Closed | None],
    names: Mapping[str, str],
) -> list[GroupPlacement]:
    """The resource's first choice first."""
    sessions = {place.room.id: place.room.sessions for place in held}
    rules = placement_rules.of_groups(connection, closed)
    found = []
    for group_id, why in closed.items():
        own, of = wish.own.get(group_id, 0), rules[group_id]
        reason = _limit(of, sessions.get(group_id, 0), own) if why is None else BY_CLOSED[why]
        found.append(
            GroupPlacement(
                id=group_id,
                name=names[group_id],
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


def _group_names(connection: Connection, caller: Caller, resource: Resource) -> dict[str, str]:
    """By id, of those groups of the resource that the caller reads, with their machines and the sessions on them."""
    wholly = (sight.groups(caller, permission) for permission in _READS)
    within = _g.c.id.in_(resource.delivery_group_ids)
    query = select(_g.c.id, _g.c.name).where(within, *wholly)
    return {row.id: row.name for row in connection.execute(query)}
