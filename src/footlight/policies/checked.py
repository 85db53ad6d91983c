"""What administrators may write into a policy: checked, and as it is kept. Raises Invalid naming the member."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_network

import msgspec
from sqlalchemy import Connection

from footlight.errors import Invalid
from footlight.policies import objects
from footlight.policies.objects import Kind
from footlight.policies.times import DAYS, day_of, minute_of
from footlight.site import entitlement
from footlight.site.names import checked_name
from footlight.wire.policies import PolicyConditions, PolicyOutcome, PolicyTimes
from footlight.wire.rest.time_zones import time_zone

MOST_IN_LIST = 1000
MOST_TIMES = 50
MOST_PRE_ROLL_S = 600
ROLL_OVER_BYTES = (1_000_000, 1_000_000_000_000)
ROLL_OVER_S = (60, 7 * 86_400)
BYTES_PER_S = (1_000, 1_000_000_000)


def conditions(
    connection: Connection, wanted: PolicyConditions, before: PolicyConditions, site_name: str
) -> PolicyConditions:
    """With objects by their ids, addresses as networks and days by their names. What was in it before and is gone
    meanwhile stays by its id."""
    lists: dict[str, list[str]] = {}
    for kind in Kind:
        member = kind.member
        given = _bounded(getattr(wanted, kind.attribute), member)
        lists[kind.attribute] = objects.resolve(
            connection, kind, given, getattr(before, kind.attribute)
        )
    users = entitlement.principals(
        connection, _bounded(wanted.users, "conditions.users"), site_name, "conditions.users"
    )
    return PolicyConditions(
        users=list(users),
        client_addresses=_networks(wanted.client_addresses),
        times=_times(wanted.times),
        **lists,
    )


def outcome(wanted: PolicyOutcome) -> PolicyOutcome:
    """The same, its numbers within their bounds."""
    _within("then.preRollSeconds", wanted.pre_roll_seconds, (0, MOST_PRE_ROLL_S))
    _within("then.rollOverBytes", wanted.roll_over_bytes, ROLL_OVER_BYTES)
    _within("then.rollOverSeconds", wanted.roll_over_seconds, ROLL_OVER_S)
    _within("then.bytesPerSecond", wanted.bytes_per_second, BYTES_PER_S)
    if wanted.record == "no" and wanted.if_lost != "go-on":
        raise Invalid(
            "What is not recorded cannot be lost: ifLost is go-on.",
            name="then.ifLost",
            value=wanted.if_lost,
        )
    retention = wanted.retention_class
    if retention is not None:
        retention = checked_name(retention, "then.retentionClass")
    return msgspec.structs.replace(wanted, retention_class=retention)


def _within(name: str, value: int | None, bounds: tuple[int, int]) -> None:
    least, most = bounds
    if value is not None and not least <= value <= most:
        raise Invalid(
            f"{name} is {least} to {most}.", name=name, value=str(value), problem="outOfRange"
        )


def _bounded(given: Sequence[str], member: str, most: int = MOST_IN_LIST) -> Sequence[str]:
    if len(given) > most:
        raise Invalid(f"{member} names at most {most}.", name=member, problem="outOfRange")
    return given


def _networks(given: Sequence[str]) -> list[str]:
    member = "conditions.clientAddresses"
    found: dict[str, None] = {}
    for text in _bounded(given, member):
        try:
            network = ip_network(text.strip(), strict=False)
        except ValueError:
            raise Invalid(
                f"{text[:80]!r} is no address or network.", name=member, value=text[:256]
            ) from None
        found[str(network)] = None
    return list(found)


def _times(given: Sequence[PolicyTimes]) -> list[PolicyTimes]:
    member = "conditions.times"
    if len(given) > MOST_TIMES:
        raise Invalid(f"{member} has at most {MOST_TIMES}.", name=member, problem="outOfRange")
    return [_one_time(one, f"{member}[{place}]") for place, one in enumerate(given)]


def _one_time(given: PolicyTimes, member: str) -> PolicyTimes:
    numbers = sorted({_read(day_of, day, f"{member}.days", "a day") for day in given.days})
    start = _read(minute_of, given.start, f"{member}.start", "a time of day (HH:MM)")
    _read(minute_of, given.end, f"{member}.end", "a time of day (HH:MM)")
    if start >= 1440:
        raise Invalid("A window begins before 24:00.", name=f"{member}.start", value=given.start)
    zone = given.time_zone.strip() or "UTC"
    if time_zone(zone) is None:
        raise Invalid(
            f"{zone[:80]!r} is no time zone.", name=f"{member}.timeZone", value=zone[:256]
        )
    return msgspec.structs.replace(given, days=[DAYS[one] for one in numbers], time_zone=zone)


def _read(parse: Callable[[str], int | None], text: str, member: str, what: str) -> int:
    found = parse(text)
    if found is None:
        raise Invalid(f"{text[:80]!r} is not {what}.", name=member, value=text[:256])
    return found
