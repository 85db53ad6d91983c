"""Random rule sets and sessions, on which both evaluators of recording policies must agree."""

from __future__ import annotations

import random
from ipaddress import ip_network
from typing import Any

from footlight.policies.policy import Circumstances, Conditions, Policy, decide, first
from footlight.policies.times import DAYS, Times, day_of, minute_of
from footlight.wire.policies import PolicyOutcome
from footlight.wire.rest.time_zones import time_zone
from naive_policies import deciding, missing

NOON_MS = 1_795_348_800_000  # Sunday 2026-11-22 12:00 UTC

NAMES = ["alice", "bob", "eve", "accounting", "oidc\\ops", "everyone"]
IDS = ["1", "2", "3", "4"]
ADDRESSES = ["192.0.2.7", "192.0.2.200", "10.1.2.3", "::1", "2001:db8::5", "::ffff:10.1.2.3", None]
NETWORKS = ["192.0.2.0/24", "192.0.2.128/25", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::/0",
            "10.1.2.3/32"]  # fmt: skip
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]
CLOCKS = ["00:00", "06:30", "08:00", "12:00", "17:59", "22:15", "23:59"]


def some(draw: random.Random, among: list[Any], odds: float = 0.35) -> list[Any]:
    return draw.sample(among, draw.randint(1, 3)) if draw.random() < odds else []


def random_policy(draw: random.Random) -> dict[str, Any]:
    times = [
        {
            "days": draw.sample(DAYS, draw.randint(0, 5)),
            "start": draw.choice(CLOCKS),
            "end": draw.choice([*CLOCKS, "24:00"]),
            "timeZone": draw.choice(ZONES),
        }
        for _ in range(draw.randint(1, 2) if draw.random() < 0.4 else 0)
    ]
    return {
        "enabled": draw.random() < 0.9,
        "conditions": {
            "users": some(draw, NAMES),
            "deliveryGroups": some(draw, IDS, 0.2),
            "resources": some(draw, IDS, 0.2),
            "machines": some(draw, IDS, 0.2),
            "tags": some(draw, IDS, 0.2),
            "clientAddresses": some(draw, NETWORKS, 0.3),
            "times": times,
        },
    }


def random_session(draw: random.Random) -> dict[str, Any]:
    return {
        "names": draw.sample(NAMES, draw.randint(0, 4)),
        "deliveryGroup": draw.choice([*IDS, None]),
        "resource": draw.choice([*IDS, None]),
        "machine": draw.choice([*IDS, None]),
        "tags": draw.sample(IDS, draw.randint(0, 3)),
        "clientAddress": draw.choice(ADDRESSES),
    }


def built(place: int, plain: dict[str, Any]) -> Policy:
    """Ours from what the second evaluator reads."""
    wanted = plain["conditions"]
    times = []
    for one in wanted["times"]:
        start, end, zone = (
            minute_of(one["start"]),
            minute_of(one["end"]),
            time_zone(one["timeZone"]),
        )
        assert start is not None
        assert end is not None
        assert zone is not None
        days = frozenset(number for day in one["days"] if (number := day_of(day)) is not None)
        times.append(Times(days or frozenset(range(7)), start, end, zone))
    conditions = Conditions(
        users=frozenset(wanted["users"]),
        delivery_groups=frozenset(wanted["deliveryGroups"]),
        resources=frozenset(wanted["resources"]),
        machines=frozenset(wanted["machines"]),
        tags=frozenset(wanted["tags"]),
        client_addresses=tuple(ip_network(one) for one in wanted["clientAddresses"]),
        times=tuple(times),
    )
    then = PolicyOutcome(record="screen")
    return Policy(str(place), place + 1, str(place), plain["enabled"], conditions, then)


def of(plain: dict[str, Any]) -> Circumstances:
    return Circumstances(
        names=frozenset(plain["names"]),
        delivery_group=plain["deliveryGroup"],
        resource=plain["resource"],
        machine=plain["machine"],
        tags=frozenset(plain["tags"]),
        client_address=plain["clientAddress"],
    )


def agree(draw: random.Random) -> int | None:
    """One random rule set, three sessions: both evaluators say the same of each rule. Which decides, last."""
    plain = [random_policy(draw) for _ in range(draw.randint(0, 8))]
    ours = [built(place, one) for place, one in enumerate(plain)]
    found = None
    for _ in range(3):
        session = random_session(draw)
        # Two years, so that clocks are put forward and back on the way.
        at_ms = NOON_MS + draw.randint(-365 * 86_400, 365 * 86_400) * 1000
        decision = decide(ours, of(session), at_ms)
        found = deciding(plain, session, at_ms)
        assert decision.policy is (None if found is None else ours[found])
        assert first(ours, of(session), at_ms) is decision.policy
        for one, judged in zip(plain, decision.judgements, strict=True):
            expected = missing(one["conditions"], session, at_ms) if one["enabled"] else set()
            assert set(judged.missed) == expected
    return found
