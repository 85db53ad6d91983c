"""What a simulated fleet is made of. Pure: the same size and seed give the same names, ids and clients."""

from __future__ import annotations

import random
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from footlight.errors import Invalid
from footlight.simulation.names import (
    CLIENTS,
    FIRST_NAMES,
    GROUPS,
    LAST_NAMES,
    SHARED_APPLICATION,
    SYSTEMS,
)
from footlight.wire.fleet import (
    Fleet,
    FleetCatalog,
    FleetGroup,
    FleetMachine,
    FleetResource,
    FleetUser,
)
from footlight.wire.stand_in import MOST_CHURN, MOST_MACHINES, MOST_SESSIONS, SimulationOrder

T = TypeVar("T")

ID_PREFIX = "f1ee7000-"  # of all ids that a simulation gives (site/simulated.py)
SESSIONS_PER_MACHINE = 900  # a host takes a few more
SPARE_USERS = 1.1  # users for each session: those who are not at work
_SPACE = uuid.UUID("8a4f6f3e-5f0f-4f5c-9a35-6d3f1a6f2e11")


def read_size(text: str, churn: str, seed: int) -> SimulationOrder:
    """What `--sim MACHINES,SESSIONS`, `--churn RATE` and `--sim-seed` say. Raises Invalid."""
    try:
        machines, sessions = (int(part) for part in text.split(","))
        order = SimulationOrder(machines=machines, sessions=sessions, churn=float(churn), seed=seed)
    except ValueError:
        raise Invalid(
            f"{text!r} and {churn!r} are not MACHINES,SESSIONS and a rate", name="sim"
        ) from None
    check(order)
    return order


def check(order: SimulationOrder) -> None:
    """Raises Invalid for a fleet that cannot be."""
    for name, value, most in (
        ("machines", order.machines, MOST_MACHINES),
        ("sessions", order.sessions, MOST_SESSIONS),
        ("churn", order.churn, MOST_CHURN),
    ):
        if not (0 <= value <= most) or (name == "machines" and value < 1):
            raise Invalid(f"{name} goes up to {most}", name=name)
    if order.sessions > order.machines * SESSIONS_PER_MACHINE:
        raise Invalid(f"A machine takes {SESSIONS_PER_MACHINE} sessions.", name="sessions")


@dataclass(frozen=True)
class Client:
    """From where a user works."""

    address: str
    via_address: str | None
    name: str
    platform: str
    version: str


class Plan:
    """A fleet and the chances of what happens in it."""

    def __init__(self, machines: int, sessions: int, seed: int) -> None:
        self.seed = seed
        self.zone_id = self.guid("zone", "East")
        groups = _shares(GROUPS, machines, lambda group: group[3])
        self._group_ids = {group[0]: self.guid("group", group[0]) for group, _ in groups}
        self._used = [group for group, _ in groups]
        racks = [
            machine for group, count in groups for machine in self._machines(group, count, machines)
        ]
        self.fleet = Fleet(
            zones=((self.zone_id, "Simulated East"),),
            catalogs=tuple(self._catalogs()),
            groups=tuple(
                FleetGroup(self._group_ids[g[0]], f"Simulated {g[0]}", g[1]) for g in self._used
            ),
            resources=tuple(self._resources()),
            users=tuple(self._users(int(sessions * SPARE_USERS) + 1)),
            machines=tuple(racks),
        )

    def guid(self, kind: str, name: object) -> str:
        """The id of a thing: the same for the same seed."""
        text = str(uuid.uuid5(_SPACE, f"{self.seed}/{kind}/{name}"))
        return ID_PREFIX + text[len(ID_PREFIX) :]

    def client_of(self, user: int, which: int = 0) -> Client:
        """Where the user sits; `which` 1 and up: other places where he works at times."""
        chance = random.Random(f"{self.seed}/client/{user}/{which}")
        platform, version, stem, _ = weighted(chance, CLIENTS, lambda client: client[3])
        at_home = which > 0 or chance.random() < 0.2
        number = f"{chance.randrange(16**6):06X}"
        address = (
            f"198.51.100.{chance.randrange(1, 255)}"
            if at_home
            else f"10.{20 + chance.randrange(8)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
        )
        via = f"203.0.113.{chance.randrange(1, 9)}" if at_home else None
        return Client(address, via, f"{stem}-{number}", platform, version)

    def resources_of(self, group_id: str) -> tuple[list[FleetResource], list[FleetResource]]:
        """(desktops, applications) that the group gives."""
        given = [r for r in self.fleet.resources if group_id in r.group_ids]
        desktops = [r for r in given if r.kind == "Desktop"]
        return desktops, [r for r in given if r.kind == "Application"]

    def _catalogs(self) -> list[FleetCatalog]:
        """One for each group; the second half of them stand in the other zone."""
        return [
            FleetCatalog(
                self.guid("catalog", group[0]),
                f"Simulated {group[0]} hosts",
                None if place % 2 == 0 else self.zone_id,
            )
            for place, group in enumerate(self._used)
        ]

    def _machines(
        self, group: tuple[str, str, str, int, str, tuple[str, ...]], count: int, all_count: int
    ) -> list[FleetMachine]:
        digits = max(3, len(str(all_count)))
        made = []
        for number in range(1, count + 1):
            name = f"{group[2]}{number:0{digits}}"
            chance = random.Random(f"{self.seed}/machine/{name}")
            os_type, os_version, _ = weighted(chance, SYSTEMS, lambda system: system[2])
            place = GROUPS.index(group) * MOST_MACHINES + number  # 198.18.0.0/15 is for such ends
            made.append(
                FleetMachine(
                    id=self.guid("machine", name),
                    host_name=name,
                    dns_name=f"{name.lower()}.fleet.example.test",
                    ip_address=f"198.18.{place // 250}.{place % 250 + 1}",
                    os_type=os_type,
                    os_version=os_version,
                    catalog_id=self.guid("catalog", group[0]),
                    group_id=self._group_ids[group[0]],
                )
            )
        return made

    def _resources(self) -> list[FleetResource]:
        made = []
        for group in self._used:
            ids = (self._group_ids[group[0]],)
            made.append(FleetResource(self.guid("desktop", group[4]), group[4], "Desktop", (), ids))
            for name in group[5]:
                command = (name.lower().replace(" ", "-"),)
                made.append(
                    FleetResource(self.guid("app", name), name, "Application", command, ids)
                )
        shared = self.guid("app", SHARED_APPLICATION)
        every = tuple(self._group_ids.values())
        made.append(FleetResource(shared, SHARED_APPLICATION, "Application", ("intranet",), every))
        return made

    def _users(self, count: int) -> list[FleetUser]:
        """Each pair of names once; then with a number behind it."""
        pairs = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
        random.Random(f"{self.seed}/users").shuffle(pairs)
        made = []
        for number in range(count):
            first, last = pairs[number % len(pairs)]
            again = number // len(pairs)
            name = f"{_ascii(first)}.{_ascii(last)}".lower() + (str(again + 1) if again else "")
            made.append(FleetUser(self.guid("user", number), name, f"{first} {last}"))
        return made


def weighted(chance: random.Random, options: Sequence[T], weight: Callable[[T], int]) -> T:
    """One of the options, each as likely as its weight says."""
    return chance.choices(options, [weight(option) for option in options])[0]


def _shares(options: Sequence[T], count: int, weight: Callable[[T], int]) -> list[tuple[T, int]]:
    """`count` divided among the options by their weights; those that get none are left out."""
    total = sum(weight(option) for option in options)
    given = [count * weight(option) // total for option in options]
    for place in range(count - sum(given)):
        given[place % len(options)] += 1
    return [(option, share) for option, share in zip(options, given, strict=True) if share]


_LETTERS = str.maketrans({"ß": "ss", "ø": "oe", "Ø": "Oe", "ł": "l", "Ł": "L", "ı": "i", "'": ""})


def _ascii(name: str) -> str:
    """The name as accounts are called: letters without marks."""
    plain = unicodedata.normalize("NFD", name.translate(_LETTERS))
    return "".join(letter for letter in plain if letter.isascii())
