"""A second, naive evaluation of searches: over the rendered objects, as the reference words it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cmp_to_key
from typing import Any

from footlight.sessions.properties import BY_NAME, Kind

NOW_MS = 1_780_000_000_250

PATHS = {
    "AppState": "AppState", "AppsInUse": "ApplicationsInUse[].Name", "ClientIP": "Client.IPAddress",
    "ClientName": "Client.Name", "ClientVersion": "Client.Version",
    "ConnectedViaHostName": "Connection.ConnectedViaHostName",
    "ConnectedViaIP": "Connection.ConnectedViaIP", "ConnectionProtocol": "Connection.Protocol",
    "CurrentUser": "User.Name", "LaunchedViaHostName": "Connection.LaunchedViaHostName",
    "LaunchedViaIP": "Connection.LaunchedViaIP",
    "PublishedName": "Connection.LaunchedViaPublishedName",
    "SecureIcaActive": "Connection.SecureIcaActive", "SessionState": "State",
    "SessionStateChangeTime": "FormattedStateChangeTime",
    "SmartAccessFilters": "Connection.SmartAccessTags[].Filter", "StartTime": "FormattedStartTime",
    "Uid": "Uid", "UserDisplayName": "User.DisplayName", "UserName": "User.Name",
    "UserPrincipalName": "User.PrincipalName", "DeliveryGroup": "Host.DeliveryGroup.Name",
    "HostedMachineName": "Host.Hosting.HostedMachineName",
    "HostingServerName": "Host.Hosting.HostingServerName",
    "HypervisorConnection": "Host.Hosting.HypervisorConnection.Name",
    "ImageOutOfDate": "Host.Hosting.ImageOutOfDate", "MachineCatalog": "Host.MachineCatalog.Name",
    "MachineName": "Host.Name", "ZoneName": "Host.Zone.Name",
    "LastConnectionTime": "Host.FormattedLastConnectionTime",
    "LastConnectionUser": "Host.LastConnectionUser",
    "LastDeregistrationTime": "Host.FormattedLastDeregistrationTime",
    "SupportedPowerActions": "Host.SupportedPowerActions[]", "Tags": "Host.Tags[]",
    "VdaUpgrade": "Host.UpgradeType", "VdaUpgradeState": "Host.UpgradeState",
}  # fmt: skip


OPERATORS = {
    Kind.STRING: [
        "Equals", "NotEquals", "LessThan", "GreaterThan", "LessThanOrEquals", "GreaterThanOrEquals",
        "Like", "NotLike", "StartsWith", "NotStartsWith", "EndsWith", "NotEndsWith", "Contains",
        "NotContains", "ContainsLike", "NotContainsLike", "In", "NotIn", "Any", "None",
    ],
    Kind.ENUM: ["Equals", "NotEquals", "Like", "NotLike", "In", "NotIn", "Any", "None"],
    Kind.BOOL: ["Equals", "NotEquals"],
    Kind.INT: [
        "Equals", "NotEquals", "LessThan", "GreaterThan", "LessThanOrEquals", "GreaterThanOrEquals",
        "In", "NotIn", "Any", "None",
    ],
    Kind.DATE: [
        "Equals", "NotEquals", "LessThan", "GreaterThan", "LessThanOrEquals", "GreaterThanOrEquals",
        "Any", "None", "IsWithin", "IsNotWithin",
    ],
    Kind.LIST: [
        "Equals", "NotEquals", "Like", "NotLike", "Contains", "NotContains", "ContainsLike",
        "NotContainsLike", "ContainsStartsWith", "ContainsEndsWith", "NotContainsStartsWith",
        "NotContainsEndsWith", "Any", "None",
    ],
}  # fmt: skip


def values_of(shown: Any, path: str) -> Any:
    """The value at a path; a list with `[]`."""
    here, _, rest = path.partition(".")
    if here.endswith("[]"):
        return [values_of(one, rest) if rest else one for one in shown[here[:-2]] or []]
    value = shown[here]
    return values_of(value, rest) if rest and value is not None else value


def value_of(shown: dict[str, Any], name: str) -> Any:
    return values_of(shown, PATHS.get(name, f"Host.{name}"))


def wild(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern, by trying every length of every star."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(wild(pattern[1:], text[at:]) for at in range(len(text) + 1))
    end = pattern.find("]", 2) if pattern[0] == "[" else -1
    if end > 0:
        body, allowed, at = pattern[1:end], set(), 0
        while at < len(body):
            if at + 2 < len(body) and body[at + 1] == "-":
                low, high = sorted((ord(body[at]), ord(body[at + 2])))
                allowed |= {chr(code) for code in range(low, high + 1)}
                at += 3
            else:
                allowed.add(body[at])
                at += 1
        return bool(text) and text[0] in allowed and wild(pattern[end + 1 :], text[1:])
    return bool(text) and pattern[0] in ("?", text[0]) and wild(pattern[1:], text[1:])


# A class of one character is that character.
ONE = re.compile(r"\[([^]])\]")


def is_wild(pattern: str) -> bool:
    pattern = ONE.sub("", pattern)
    return "*" in pattern or "?" in pattern or "]" in pattern[pattern.find("[") + 2 :]


def like(pattern: str, text: str) -> bool:
    pattern, text = pattern.lower(), text.lower()
    literal = ONE.sub(r"\1", pattern)
    return wild(pattern if is_wild(pattern) else f"*{plain(literal)}*", text)


def plain(text: str) -> str:
    return "".join(f"[{one}]" if one in "*?[" else one for one in text)


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def compare(operator: str, left: Any, right: Any) -> bool:
    return {
        "Equals": left == right,
        "LessThan": left < right,
        "GreaterThan": left > right,
        "LessThanOrEquals": left <= right,
        "GreaterThanOrEquals": left >= right,
    }[operator]


def holds(shown: dict[str, Any], name: str, operator: str, value: str) -> bool:
    """What the filter means, for one object."""
    if operator == "None" or operator.startswith("Not") or operator == "IsNotWithin":
        opposite = {"None": "Any", "IsNotWithin": "IsWithin"}.get(operator, operator[3:])
        return not holds(shown, name, opposite, value)
    kind, actual = BY_NAME[name.lower()].kind, value_of(shown, name)
    if kind is Kind.LIST:
        return list_holds(actual, operator, value)
    if operator == "Any":
        return actual not in (None, "")
    if actual is None:
        return False
    if operator == "In":
        return any(holds(shown, name, "Equals", one) for one in members_of(value))
    match kind:
        case Kind.STRING:
            also = {"DeliveryGroup": "DeliveryGroup.Id", "MachineCatalog": "MachineCatalog.Id"}
            if operator == "Equals" and name in also:
                return value.lower() in (actual.lower(), values_of(shown["Host"], also[name]))
            return text_holds(actual, operator, value)
        case Kind.ENUM:
            return text_holds(actual, operator, value)
        case Kind.BOOL:
            return bool(actual == (value.lower() == "true"))
        case Kind.INT:
            return compare(operator, actual, int(value))
        case _:
            if operator == "IsWithin":
                return within(seconds(actual), value)
            return compare(operator, seconds(actual), seconds(value))


def members_of(value: str) -> list[str]:
    return json.loads(value) if value.startswith("[") else [v.strip() for v in value.split(",")]


def within(at: int, option: str) -> bool:
    now = NOW_MS // 1000
    day = now // 86400 * 86400
    spans = {
        "LastMinute": 60, "Last5Minutes": 300, "Last30Minutes": 1800, "LastHour": 3600,
        "Last12Hours": 43200, "Last24Hours": 86400, "Last7Days": 604800, "Last28Days": 2419200,
    }  # fmt: skip
    if option in spans:
        return at >= now - spans[option]
    if option == "Today":
        return day <= at < day + 86400
    if option == "Yesterday":
        return day - 86400 <= at < day
    # 2026-05-28 20:26:40 UTC
    months = {"LastMonth": (2026, 4), "LastThreeMonths": (2026, 2), "LastSixMonths": (2025, 11)}
    return at >= int(datetime(*months[option], 28, 20, 26, 40, tzinfo=UTC).timestamp())


def text_holds(actual: str, operator: str, value: str) -> bool:
    low, wanted = actual.lower(), value.lower()
    match operator:
        case "Like":
            return like(value, actual)
        case "ContainsLike":
            return wild(f"*{wanted}*", low)
        case "StartsWith":
            return low.startswith(wanted)
        case "EndsWith":
            return low.endswith(wanted)
        case "Contains":
            return wanted in low
        case _:
            return compare(operator, low, wanted)


def list_holds(actual: list[str], operator: str, value: str) -> bool:
    tests: dict[str, Callable[[str], bool]] = {
        "Any": lambda one: True,
        "Equals": lambda one: one.lower() == value.lower(),
        "Contains": lambda one: one.lower() == value.lower(),
        "Like": lambda one: like(value, one),
        "ContainsLike": lambda one: like(value, one),
        "ContainsStartsWith": lambda one: one.lower().startswith(value.lower()),
        "ContainsEndsWith": lambda one: one.lower().endswith(value.lower()),
    }
    return any(tests[operator](one) for one in actual)


def basic_holds(shown: dict[str, Any], text: str) -> bool:
    places = [
        "User.Name", "User.PrincipalName", "User.DisplayName", "UntrustedUserName", "Machine.Name",
        "Machine.DnsName", "Machine.MachineCatalog.Name", "Machine.DeliveryGroup.Name",
        "Machine.Zone.Name", "Client.Name", "Client.IPAddress",
    ]  # fmt: skip
    found = [values_of(shown, path) for path in places]
    found += values_of(shown, "ApplicationsInUse[].Name") + shown["Host"]["Tags"]
    return any(text.strip().lower() in (one or "").lower() for one in found)


def group_holds(shown: dict[str, Any], group: dict[str, Any]) -> bool | None:
    """None: the group says nothing."""
    if group.get("SearchFilterGroups"):
        parts = [group_holds(shown, one) for one in group["SearchFilterGroups"]]
        kind = group.get("SearchFilterGroupsType")
    else:
        parts = [filter_holds(shown, one) for one in group.get("SearchFilters", [])]
        kind = group.get("SearchFilterGroupType")
    said = [part for part in parts if part is not None]
    if not said:
        return None
    return any(said) if kind == "Or" else all(said)


def filter_holds(shown: dict[str, Any], one: dict[str, Any]) -> bool:
    return holds(shown, one["Property"], one["Operator"], one["Value"])


def request_holds(shown: dict[str, Any], body: dict[str, Any]) -> bool:
    if not all(filter_holds(shown, one) for one in body.get("SearchFilters", [])):
        return False
    if body.get("BasicSearchString") and not basic_holds(shown, body["BasicSearchString"]):
        return False
    top = {key: body.get(key) for key in ("SearchFilterGroups", "SearchFilterGroupsType")}
    return group_holds(shown, top) is not False


def sort_value(shown: dict[str, Any], name: str) -> Any:
    value, about = value_of(shown, name), BY_NAME[name.lower()]
    match about.kind:
        case Kind.STRING:
            return (value or "").lower()
        case Kind.LIST:
            return value[0].lower() if value else ""
        case Kind.ENUM:
            return -1 if value is None else about.members.index(value)
        case Kind.DATE:
            return -1 if value is None else seconds(value)
        case _:
            return -1 if value is None else int(value)


def in_order(body: dict[str, Any], objects: dict[int, dict[str, Any]]) -> list[int]:
    def before(left: int, right: int) -> int:
        for one in body.get("SortCriteriaItems", []):
            a = sort_value(objects[left], one["Property"])
            b = sort_value(objects[right], one["Property"])
            if a != b:
                return (1 if a > b else -1) * (1 if one["SortDirection"] == "Ascending" else -1)
        return left - right

    return sorted(objects, key=cmp_to_key(before))
