"""Which machine takes a new session: a pure choice over rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from footlight.site.machines import Machine


class Refusal(Enum):
    """Why there is no machine. The value is the sentence for people."""

    UNKNOWN_MACHINE = "There is no such machine for this resource."
    IN_MAINTENANCE = "The machine is in maintenance mode."
    NOT_REGISTERED = "The machine is not registered."
    NO_MACHINE = "No machine is free for this resource."


@dataclass(frozen=True)
class Wish:
    """What is asked of the choice: the groups that give the resource, and a machine if one was named."""

    delivery_group_ids: Collection[str]
    machine: str | None  # id, DOMAIN\\HOST or HOST
    names: Collection[str] = frozenset()  # of the user and its groups, in lower case
    address: str | None = None  # of the client


def choose(wish: Wish, machines: Sequence[Machine], load: Mapping[str, int]) -> Machine | Refusal:
    """The registered machine of the groups with the fewest sessions (`load` by machine id), lowest uid first, one
    that is assigned to the user before others; the named one if it can. Or the reason why not."""
    group = [
        m for m in machines if m.delivery_group_id in wish.delivery_group_ids and _is_for(m, wish)
    ]
    if wish.machine is not None:
        named = [m for m in group if _is_named(m, wish.machine)]
        if not named:
            return Refusal.UNKNOWN_MACHINE
        if named[0].in_maintenance:
            return Refusal.IN_MAINTENANCE
        if not named[0].registered:
            return Refusal.NOT_REGISTERED
        return Refusal.NO_MACHINE if _is_full(named[0], load) else named[0]
    ready = [m for m in group if m.registered and not m.in_maintenance and not _is_full(m, load)]
    if not ready:
        return Refusal.NO_MACHINE
    # A machine of one's own comes before those that anybody may have.
    return min(ready, key=lambda m: (not m.assigned, load.get(m.id, 0), m.uid))


def _is_for(machine: Machine, wish: Wish) -> bool:
    """Whether the machine is given to this user at this client. Browsers tell no name: a machine that is assigned
    to a client's name is given to nobody."""
    if machine.assigned_client is not None:
        return False
    if machine.assigned_address is not None and machine.assigned_address != wish.address:
        return False
    return not machine.assigned or any(one.lower() in wish.names for one in machine.assigned)


def _is_full(machine: Machine, load: Mapping[str, int]) -> bool:
    return machine.single_session and load.get(machine.id, 0) > 0


def _is_named(machine: Machine, name: str) -> bool:
    name = name.lower()
    return name in (machine.id, machine.name.lower(), machine.name.rpartition("\\")[2].lower())
