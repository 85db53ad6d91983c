"""Which machine takes a new session: a pure choice over rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from footlight.broker.load import FULL
from footlight.broker.refusal import Reason, Refused
from footlight.site.machines import Machine


@dataclass(frozen=True)
class Room:
    """A delivery group as a launch finds it: its live sessions, how many there may be (None: any number) in all and
    of one user, and the zone that its sessions shall be in, or must."""

    id: str
    name: str = ""
    sessions: int = 0
    max_sessions: int | None = None
    max_user_sessions: int | None = None
    zone_id: str | None = None
    zone_only: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A machine as a launch finds it. `index`: its load index, with all sessions that its rows have; `tags`: those of
    it that launches ask for; `allowed`: whether who launches may do so there."""

    machine: Machine
    room: Room
    index: int = 0
    tags: Collection[str] = frozenset()
    allowed: bool = True


@dataclass(frozen=True)
class Wish:
    """What is asked of the choice: the groups that give the resource, a machine if one was named, and what the
    resource and its user bring with them."""

    delivery_group_ids: Collection[str]
    machine: str | None = None  # id, DOMAIN\\HOST or HOST
    names: Collection[str] = frozenset()  # of the user and its groups, in lower case
    address: str | None = None  # of the client
    tag: str | None = None  # that machines must have
    zone_id: str | None = None  # the resource's home; it comes before that of a group
    zone_only: bool = False
    own: Mapping[str, int] = field(default_factory=dict)  # the user's live sessions by group


def choose(wish: Wish, places: Sequence[Place]) -> Place | Refused:
    """The place that refuses nothing: one that is assigned to the user before others, then in the resource's zone,
    then in its group's, then by load index, sessions, uid. Or why there is none."""
    group = [place for place in places if place.room.id in wish.delivery_group_ids]
    named = wish.machine
    if named is not None:
        group = [place for place in group if is_named(place.machine, named)]
    verdicts = [(place, refusal_of(wish, place)) for place in group]
    ready = [place for place, reason in verdicts if reason is None]
    if ready:
        return min(ready, key=lambda place: rank(wish, place))
    reasons = [reason for _, reason in verdicts if reason is not None]
    if named is not None:
        # What is never for this user is as if it were not there.
        known = reasons and reasons[0] not in _NEVER_FOR_THE_USER
        return Refused(reasons[0] if known else Reason.UNKNOWN_MACHINE, named)
    counts: dict[str, Counter[Reason]] = {one: Counter() for one in wish.delivery_group_ids}
    for place, reason in verdicts:
        if reason is not None:
            counts[place.room.id][reason] += 1
    return Refused(_of_all(reasons), machines=counts)


def refusal_of(wish: Wish, place: Place) -> Reason | None:
    """Why the place takes no session of that wish; None: it does."""
    machine, room = place.machine, place.room
    if not place.allowed or room.id not in wish.delivery_group_ids:
        return Reason.UNKNOWN_MACHINE
    if not _is_for(machine, wish):
        return Reason.ASSIGNED
    if wish.tag is not None and wish.tag not in place.tags:
        return Reason.WITHOUT_TAG
    if _is_shut_out(wish, place):
        return Reason.OTHER_ZONE
    if machine.in_maintenance:
        return Reason.IN_MAINTENANCE
    if not machine.registered:
        return Reason.NOT_REGISTERED
    if machine.single_session and machine.live_sessions > 0:
        return Reason.IN_USE
    if place.index >= FULL:
        return Reason.FULL
    if room.max_sessions is not None and room.sessions >= room.max_sessions:
        return Reason.GROUP_FULL
    own = wish.own.get(room.id, 0)
    if room.max_user_sessions is not None and own >= room.max_user_sessions:
        return Reason.GROUP_FULL_FOR_USER
    return None


def is_named(machine: Machine, name: str) -> bool:
    """Whether that is the machine's id, DOMAIN\\HOST or HOST, in any case."""
    name = name.lower()
    return name in (machine.id, machine.name.lower(), machine.name.rpartition("\\")[2].lower())


def rank(wish: Wish, place: Place) -> tuple[bool, bool, bool, int, int, int]:
    """By which of those that can the least is taken."""
    machine, room = place.machine, place.room
    return (
        not machine.assigned,
        wish.zone_id is not None and machine.zone_id != wish.zone_id,
        room.zone_id is not None and machine.zone_id != room.zone_id,
        place.index,
        machine.live_sessions,
        machine.uid,
    )


def _is_for(machine: Machine, wish: Wish) -> bool:
    """Whether the machine is given to this user at this client. Browsers tell no name: a machine that is assigned
    to a client's name is given to nobody."""
    if machine.assigned_client is not None:
        return False
    if machine.assigned_address is not None and machine.assigned_address != wish.address:
        return False
    return not machine.assigned or any(one.lower() in wish.names for one in machine.assigned)


def _is_shut_out(wish: Wish, place: Place) -> bool:
    """Whether the resource, or else the machine's group, wants another zone and no other."""
    zone_id = place.machine.zone_id
    if wish.zone_only and wish.zone_id is not None:
        return zone_id != wish.zone_id
    room = place.room
    return room.zone_only and room.zone_id is not None and zone_id != room.zone_id


_SAID_ALONE = (Reason.GROUP_FULL, Reason.GROUP_FULL_FOR_USER)
_NEVER_FOR_THE_USER = (Reason.UNKNOWN_MACHINE, Reason.ASSIGNED, Reason.WITHOUT_TAG)


def _of_all(reasons: Sequence[Reason]) -> Reason:
    """The reason for which all of them refuse, if that is a limit; else that none is free."""
    told = {reason for reason in reasons if reason not in _NEVER_FOR_THE_USER}
    alone = told.pop() if len(told) == 1 else None
    return alone if alone in _SAID_ALONE else Reason.NO_MACHINE
