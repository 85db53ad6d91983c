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


def choose(wish: Wish, machines: Sequence[Machine], load: Mapping[str, int]) -> Machine | Refusal:
    """The registered machine of the groups with the fewest sessions (`load` by machine id), lowest uid first;
    the named one if it can. Or the reason why not."""
    group = [m for m in machines if m.delivery_group_id in wish.delivery_group_ids]
    if wish.machine is not None:
        named = [m for m in group if _is_named(m, wish.machine)]
        if not named:
            return Refusal.UNKNOWN_MACHINE
        if named[0].in_maintenance:
            return Refusal.IN_MAINTENANCE
        return named[0] if named[0].registered else Refusal.NOT_REGISTERED
    ready = [m for m in group if m.registered and not m.in_maintenance]
    if not ready:
        return Refusal.NO_MACHINE
    return min(ready, key=lambda m: (load.get(m.id, 0), m.uid))


def _is_named(machine: Machine, name: str) -> bool:
    name = name.lower()
    return name in (machine.id, machine.name.lower(), machine.name.rpartition("\\")[2].lower())
