"""A second evaluator of policies, written from the documentation and not from the first: slow and plain.

It works on what the API shows (PolicyView-like dictionaries), on numbers of bits and on lists of minutes.
"""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def deciding(policies: list[dict[str, Any]], session: dict[str, Any], at_ms: int) -> int | None:
    """The place in the list of the policy that decides; None for none."""
    for place, policy in enumerate(policies):
        if policy["enabled"] and not missing(policy["conditions"], session, at_ms):
            return place
    return None


def missing(conditions: dict[str, Any], session: dict[str, Any], at_ms: int) -> set[str]:
    """The names of the conditions that do not hold."""
    found = set()
    pairs = [
        ("users", [name.lower() for name in session["names"]]),
        ("deliveryGroups", [session["deliveryGroup"]]),
        ("resources", [session["resource"]]),
        ("machines", [session["machine"]]),
        ("tags", session["tags"]),
    ]
    for member, has in pairs:
        wanted = [one.lower() for one in conditions[member]]
        if wanted and not [one for one in has if one is not None and one.lower() in wanted]:
            found.add(member)
    networks = conditions["clientAddresses"]
    if networks and not [one for one in networks if in_network(session["clientAddress"], one)]:
        found.add("clientAddresses")
    times = conditions["times"]
    if times and not [one for one in times if in_times(at_ms, one)]:
        found.add("times")
    return found


def in_network(address: str | None, network: str) -> bool:
    if address is None:
        return False
    if address.lower().startswith("::ffff:") and "." in address:
        address = address[7:]
    base, _, bits = network.partition("/")
    family = socket.AF_INET6 if ":" in base else socket.AF_INET
    if (":" in address) != (":" in base):
        return False
    ours = "".join(f"{byte:08b}" for byte in socket.inet_pton(family, address))
    theirs = "".join(f"{byte:08b}" for byte in socket.inet_pton(family, base))
    length = int(bits) if bits else len(ours)
    return ours[:length] == theirs[:length]


def in_times(at_ms: int, times: dict[str, Any]) -> bool:
    """Walks the minutes of the window that began today or yesterday by the clock on the wall."""
    zone = ZoneInfo(times["timeZone"])
    wall = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)).astimezone(zone)
    now = wall.replace(tzinfo=None, second=0, microsecond=0)
    days = times["days"] or WEEK
    for back in (0, 1):
        midnight = now.replace(hour=0, minute=0) - timedelta(days=back)
        if WEEK[midnight.weekday()] not in days:
            continue
        begin = midnight + span(times["start"])
        end = midnight + span(times["end"])
        if end <= begin:
            end += timedelta(days=1)
        if begin <= now < end:
            return True
    return False


def span(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
