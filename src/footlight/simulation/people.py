"""The users of a simulated fleet: who is at work in which session, who is not, and who logs on next."""

from __future__ import annotations

import random
from collections import Counter

from footlight.simulation.plan import Plan
from footlight.simulation.session import Origin
from footlight.wire.fleet import Logon

SECOND_SESSION = 0.08  # of those who log on first: they have a session already
AWAY = 0.3  # of the sessions at the start: nobody is on them
DESKTOPS = 0.6
_MINUTE_MS = 60_000
LONGEST_MS = 600 * _MINUTE_MS
USUAL_MS = 150 * _MINUTE_MS  # mean age of the sessions at the start


class People:
    """`origins` holds each session that was asked for and has not ended, by its id."""

    def __init__(self, plan: Plan) -> None:
        self.origins: dict[str, Origin] = {}
        self._plan = plan
        self._chance = random.Random(f"{plan.seed}/people")
        self._idle = list(range(len(plan.fleet.users)))
        self._chance.shuffle(self._idle)
        self._ids: list[str] = []  # of origins, in any order
        self._places: dict[str, int] = {}  # in _ids
        self._sessions_of: Counter[int] = Counter()
        self._given = {group.id: plan.resources_of(group.id) for group in plan.fleet.groups}
        self._count = 0

    def at_work(self, count: int, now_ms: int) -> list[Logon]:
        """The sessions that run when the fleet starts, the oldest first: begun some time ago, some of them left."""
        made = []
        ages = sorted(
            min(LONGEST_MS, int(self._chance.expovariate(1 / USUAL_MS))) + _MINUTE_MS
            for _ in range(count)
        )
        for age_ms in reversed(ages):
            away_ms = None
            if self._chance.random() < AWAY:
                away_ms = now_ms - self._chance.randrange(_MINUTE_MS // 2, age_ms)
            logon = self.log_on(now_ms - age_ms, away_ms)
            if logon is not None:
                made.append(logon)
        return made

    def log_on(self, at_ms: int | None = None, away_since_ms: int | None = None) -> Logon | None:
        """Somebody asks for a session; None when nobody is left who could."""
        again = self._ids and self._chance.random() < SECOND_SESSION
        if again:
            user = self.origins[self._chance.choice(self._ids)].user
        elif self._idle:
            user = self._idle.pop()
        else:
            return None
        machine = self._chance.choice(self._plan.fleet.machines)
        desktops, applications = self._given[machine.group_id]
        given = desktops if self._chance.random() < DESKTOPS else applications
        self._count += 1
        session_id = self._plan.guid("session", self._count)
        client = self._plan.client_of(user)
        self.origins[session_id] = Origin(user, machine.id, client, at_ms, away_since_ms)
        self._places[session_id] = len(self._ids)
        self._ids.append(session_id)
        self._sessions_of[user] += 1
        return Logon(
            session_id=session_id,
            account_id=self._plan.fleet.users[user].id,
            resource_id=self._chance.choice(given).id,
            machine_id=machine.id,
            client_address=client.address,
            brokering_ms=self._chance.randrange(20, 400),
            at_ms=at_ms,
        )

    @property
    def count(self) -> int:
        """Sessions that were asked for and are not over."""
        return len(self._ids)

    def somebodys(self, chance: random.Random) -> str | None:
        """The id of any of those sessions."""
        return chance.choice(self._ids) if self._ids else None

    def machine_of(self, session_id: str) -> str:
        """The id of the host that it was asked for on."""
        return self.origins[session_id].machine_id

    def over(self, session_id: str) -> None:
        """That session has ended, or never came: who has no other is free again. One of somebody else is none of
        theirs."""
        place = self._places.pop(session_id, None)
        if place is None:
            return
        last = self._ids.pop()
        if last != session_id:
            self._ids[place] = last
            self._places[last] = place
        user = self.origins.pop(session_id).user
        self._sessions_of[user] -= 1
        if not self._sessions_of[user]:
            self._idle.insert(self._chance.randrange(len(self._idle) + 1), user)
