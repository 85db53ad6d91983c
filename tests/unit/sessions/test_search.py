"""Search in SQL against a second, naive evaluation over the rendered objects."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cmp_to_key
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event

from footlight.api import machines, render
from footlight.caller import FULL_GRANT, Caller
from footlight.errors import Invalid
from footlight.ids import new_guid
from footlight.sessions import queries, search
from footlight.sessions.moments import Moment
from footlight.sessions.properties import BY_NAME, Kind
from footlight.site import machine_rows
from footlight.store import schema, sight
from footlight.store.migrate import migrate
from footlight.store.text import fold
from footlight.wire.rest.dates import rfc3339
from footlight.wire.rest.members import read_members
from footlight.wire.rest.search import (
    SearchDateOption,
    SearchOperator,
    SearchProperty,
    SearchRequest,
)

NOW_MS = 1_780_000_000_250
ROWS = 240
NAMES = ["ada", "Ada Lovelace", "zoë", "ZOË K", "b%b", "a_c", "[x]", "*star", "q?", "O'Neil", ""]
VALUES = [
    *NAMES, "a", "A*", "*a", "a?a", "[a-c]*", "*[x_]*", "[]x]*", "ZOË", "EX\\ada", "desk", "%", "_",
    "\\", "192.0.2.*", "10.0", "linux", "Debian 12", "Terminal", "text editor", "nothing", "*", "?",
]  # fmt: skip
STATES = ["Connected", "Active", "Disconnected"]

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


@dataclass
class Stage:
    """A database full of sessions, and the same as objects, by uid."""

    connection: Connection
    admin: Caller
    user: Caller
    objects: dict[int, dict[str, Any]]
    own: dict[int, dict[str, Any]]  # what `user` sees


def caller(account_id: str, *, administrator: bool) -> Caller:
    return Caller(
        account_id=account_id,
        name="x",
        user_name="EX\\x",
        display_name="x",
        grants=(FULL_GRANT,) if administrator else (),
        token_id="t",
        expires_at_ms=2**50,
        refresh_until_ms=2**50,
        address="203.0.113.5",
    )


def open_database(path: Path) -> Connection:
    migrate(path)
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: Any) -> None:
        raw.create_function("fold", 1, fold, deterministic=True)

    return engine.connect()


def populate(connection: Connection, count: int, seed: int = 7) -> list[str]:
    """The ids of two accounts."""
    dice = random.Random(seed)
    run = connection.execute
    accounts = [new_guid(), new_guid()]
    for number, account_id in enumerate(accounts):
        run(schema.accounts.insert().values(
            id=account_id, name=f"a{number}", name_key=f"a{number}", display_name="",
            enabled=True, created_at_ms=0,
        ))  # fmt: skip
    zones, catalogs, groups, machines = [], [], [], []
    for number in range(3):
        zones.append(new_guid())
        catalogs.append(new_guid())
        groups.append(new_guid())
        run(
            schema.zones.insert().values(
                id=zones[-1], name=f"Zone {number}", is_primary=number == 0
            )
        )
        run(schema.catalogs.insert().values(
            id=catalogs[-1], name=f"catalog_{number}", zone_id=zones[-1]
        ))  # fmt: skip
        run(schema.delivery_groups.insert().values(id=groups[-1], name=f"Group %{number}"))
    for number in range(8):
        machines.append(new_guid())
        run(schema.machines.insert().values(
            id=machines[-1], name=f"EX\\DESK{number}", dns_name=f"desk{number}.example.test",
            ip_address=f"192.0.2.{number}", os_type=dice.choice(["Debian 12", "Debian 13"]),
            os_version=dice.choice(["12", "13"]), agent_version=f"0.{number}.0", as_root=True,
            agent_public_key="", catalog_id=catalogs[number % 3], delivery_group_id=groups[number % 2],
            zone_id=zones[number % 3], in_maintenance=number % 4 == 1, registered=number % 3 != 2,
            last_seen_ms=0,
        ))  # fmt: skip
    for number, name in enumerate(("red", "Blue_1", "rëd 50%")):
        tag_id = new_guid()
        run(schema.tags.insert().values(id=tag_id, name=name))
        for machine_id in machines[number : number + 4]:
            run(schema.tag_objects.insert().values(
                tag_id=tag_id, object_kind="Machine", object_id=machine_id
            ))  # fmt: skip
    connection.execute(
        schema.sessions.insert(), [session_row(dice, accounts, machines) for _ in range(count)]
    )
    connection.commit()
    return accounts


def session_row(dice: random.Random, accounts: list[str], machines: list[str]) -> dict[str, Any]:
    def past() -> int:
        return NOW_MS - dice.choice([0, 30, 200, 2000, 40_000, 90_000, 500_000, 9_000_000]) * 1000

    application = dice.random() < 0.5
    established = dice.random() < 0.8
    return {
        "id": new_guid(),
        "account_id": accounts[dice.random() < 0.3],
        "user_name": f"EX\\{dice.choice(NAMES)}",
        "user_display_name": dice.choice(NAMES),
        "machine_id": dice.choice(machines),
        "resource_id": new_guid(),
        "resource_name": dice.choice(["Terminal", "Text Editor", "Ünicode", "a_c"]),
        "session_type": "Application" if application else "Desktop",
        "launch": "{}",
        "brokered_at_ms": past(),
        "brokered_by": "EX\\admin",
        "generation": 1,
        "wanted": "run",
        "phase": "running",
        "state": dice.choice(STATES),
        "state_changed_at_ms": past(),
        "app_state": dice.choice(["PreLogon", "Active", "Desktop"]),
        "app_state_changed_at_ms": past(),
        "started_at_ms": past() if established else None,
        "established_at_ms": past() if established else None,
        "linux_user": dice.choice([None, "fl-ada", "fl-zoë"]),
        "client_address": dice.choice([None, "192.0.2.9", "10.0.0.1"]),
        "client_name": dice.choice(NAMES),
        "client_version": dice.choice([None, "140.0", "141.2"]),
        "connected_via_ip": dice.choice([None, "10.0.0.2"]),
        "launched_via_ip": dice.choice([None, "10.0.0.3"]),
        "launched_via_host": dice.choice([None, "site.example"]),
        "ended_at_ms": NOW_MS if dice.random() < 0.1 else None,
    }


def objects_of(connection: Connection, who: Caller) -> dict[int, dict[str, Any]]:
    live = queries.joined().where(schema.sessions.c.ended_at_ms.is_(None), sight.sessions(who))
    rows = list(connection.execute(live.order_by(schema.sessions.c.uid)))
    found = {}
    for row in rows:
        shown = msgspec.to_builtins(render.session(render.own(row), render.of_machine(row)))
        host = machine_rows.by_id(connection, row.machine_id)
        shown["Host"] = msgspec.to_builtins(machines.detailed(connection, who, host))
        found[row.uid] = shown
    return found


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    connection = open_database(tmp_path_factory.mktemp("search") / "site.db")
    first, second = populate(connection, ROWS)
    admin, user = caller(first, administrator=True), caller(second, administrator=False)
    yield Stage(
        connection, admin, user, objects_of(connection, admin), objects_of(connection, user)
    )
    connection.close()
    connection.engine.dispose()


# The naive evaluation


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


# What is tried

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
TEXTS = st.sampled_from(VALUES) | st.text(alphabet="aAzë*?[]-^_%\\b ", max_size=6)


def value_strategy(name: str, operator: str) -> st.SearchStrategy[str]:
    about = BY_NAME[name.lower()]
    if operator in ("Any", "None"):
        return st.just("")
    if operator in ("IsWithin", "IsNotWithin"):
        return st.sampled_from(get_args(SearchDateOption))
    one: st.SearchStrategy[str] = TEXTS
    if about.kind is Kind.BOOL:
        one = st.sampled_from(["true", "false", "True"])
    elif about.kind is Kind.INT:
        one = st.integers(-5, ROWS + 5).map(str)
    elif about.kind is Kind.DATE:
        spans = st.sampled_from([0, 30, 200, 2000, 40_000, 90_000, 500_000]) | st.integers(0, 10**6)
        one = spans.map(lambda span: str(rfc3339(NOW_MS - span * 1000)))
    elif about.kind is Kind.ENUM and operator not in ("Like", "NotLike"):
        one = st.sampled_from(about.members)
    if operator in ("In", "NotIn"):
        plain_ones = one.filter(lambda text: "," not in text and not text.lstrip().startswith("["))
        several = st.lists(plain_ones, min_size=1, max_size=4)
        return several.map(json.dumps) | several.map(",".join)
    return one


@st.composite
def filters(draw: st.DrawFn) -> dict[str, str]:
    name = draw(st.sampled_from(get_args(SearchProperty)))
    operator = draw(st.sampled_from(OPERATORS[BY_NAME[name.lower()].kind]))
    return {"Property": name, "Operator": operator, "Value": draw(value_strategy(name, operator))}


KINDS = st.sampled_from(["And", "Or"])
LEAVES = st.fixed_dictionaries(
    {"SearchFilters": st.lists(filters(), max_size=3), "SearchFilterGroupType": KINDS}
)
GROUPS = st.recursive(
    LEAVES,
    lambda inner: st.fixed_dictionaries(
        {"SearchFilterGroups": st.lists(inner, max_size=3), "SearchFilterGroupsType": KINDS}
    ),
    max_leaves=5,
)
SORTS = st.lists(
    st.fixed_dictionaries(
        {
            "Property": st.sampled_from(get_args(SearchProperty)),
            "SortDirection": st.sampled_from(["Ascending", "Descending"]),
        }
    ),
    max_size=3,
    unique_by=lambda one: one["Property"],
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "BasicSearchString": TEXTS,
        "SearchFilters": st.lists(filters(), max_size=2),
        "SearchFilterGroups": st.lists(GROUPS, max_size=3),
        "SearchFilterGroupsType": KINDS,
        "SortCriteriaItems": SORTS,
    },
)
thorough = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def translated(body: dict[str, Any], who: Caller, now_ms: int = NOW_MS) -> search.Search:
    request = read_members(json.dumps(body).encode(), SearchRequest)
    return search.translate(request, who, Moment(now_ms, UTC))


def uids(stage: Stage, body: dict[str, Any], who: Caller | None = None) -> list[int]:
    """All pages of a search, in three sizes of page."""
    caller_ = who or stage.admin
    asked = translated(body, caller_)
    whole = search.page(stage.connection, caller_, asked, 1000)
    assert whole.end is None
    assert whole.total == len(whole.uids)
    return whole.uids


@thorough
@given(body=REQUESTS, limited=st.booleans())
def test_any_request_finds_what_the_objects_say(
    stage: Stage, body: dict[str, Any], limited: bool
) -> None:
    objects = stage.own if limited else stage.objects
    wanted = {uid: one for uid, one in objects.items() if request_holds(one, body)}
    assert uids(stage, body, stage.user if limited else stage.admin) == in_order(body, wanted)


@settings(thorough, max_examples=400)
@given(one=filters())
def test_any_filter_finds_what_the_objects_say(stage: Stage, one: dict[str, str]) -> None:
    wanted = [uid for uid, shown in stage.objects.items() if filter_holds(shown, one)]
    assert uids(stage, {"SearchFilters": [one]}) == wanted


@settings(thorough, max_examples=60)
@given(sorts=SORTS, limit=st.integers(7, 90), key=st.binary(min_size=8, max_size=8))
def test_pages_hold_each_row_once_in_order(
    stage: Stage, sorts: list[dict[str, str]], limit: int, key: bytes
) -> None:
    asked = translated({"SortCriteriaItems": sorts}, stage.admin)
    seen, after = [], None
    while True:
        found = search.page(stage.connection, stage.admin, asked, limit, after=after)
        assert found.total == len(stage.objects)
        seen += found.uids
        if found.end is None:
            break
        token = search.write_position(key, asked, found.end)
        after = search.read_position(key, asked, token)
    assert seen == in_order({"SortCriteriaItems": sorts}, stage.objects)


@pytest.mark.parametrize("name", get_args(SearchProperty))
def test_every_property_has_the_operators_of_its_kind_and_no_others(
    stage: Stage, name: str
) -> None:
    kind = BY_NAME[name.lower()].kind
    good = {
        "Value": {Kind.BOOL: "true", Kind.INT: "3", Kind.DATE: "2026-05-01"}.get(kind, "Active")
    }
    if kind is Kind.ENUM:
        good = {"Value": BY_NAME[name.lower()].members[1]}
    ordered = {"LessThan", "GreaterThan", "LessThanOrEquals", "GreaterThanOrEquals"}
    for operator in get_args(SearchOperator):
        one = {"Property": name.upper(), "Operator": operator.lower(), **good}
        if operator.endswith("Within"):
            one["Value"] = "lasthour"
        extra = ordered if name == "FunctionalLevel" else set()
        if operator in OPERATORS[kind] or operator in extra:
            uids(stage, {"SearchFilters": [one]})
            continue
        with pytest.raises(Invalid) as caught:
            uids(stage, {"SearchFilters": [one]})
        assert caught.value.facts["name"] == "Operator"
        assert caught.value.facts["value"] == operator
        assert caught.value.facts["property"] == name


@pytest.mark.parametrize(
    ("body", "name", "value"),
    [
        ({"SearchFilters": [{"Property": "Nope", "Operator": "Equals"}]}, "Property", "Nope"),
        ({"SearchFilters": [{"Property": "Uid", "Operator": "Is"}]}, "Operator", "Is"),
        ({"SearchFilters": [{"Property": "Uid", "Operator": "Equals"}]}, "Value", None),
        ({"SearchFilters": [{"Property": "Uid", "Operator": "Equals", "Value": "x"}]}, "Uid", "x"),
        ({"SortCriteria": {"Property": "Nope", "SortDirection": "Ascending"}}, "Property", "Nope"),
        ({"SortCriteria": {"Property": "Uid", "SortDirection": "Up"}}, "SortDirection", "Up"),
        ({"SearchFilterGroupsType": "Xor"}, "SearchFilterGroupsType", "Xor"),
        ({"SearchFilterGroups": [{"SearchFilterGroupType": ""}]}, None, None),
        (
            {"SearchFilters": [{"Property": "Uid", "Operator": "Any"}] * 201},
            "SearchFilters",
            None,
        ),
        ({"SortCriteriaItems": [{"Property": "Uid"}] * 9}, "SortCriteriaItems", None),
        ({"BasicSearchString": "x" * 1025}, "BasicSearchString", "x" * 256),
    ],
)
def test_what_is_wrong_is_named(body: dict[str, Any], name: str | None, value: str | None) -> None:
    who = caller("a", administrator=True)
    if name is None:
        translated(body, who)
        return
    with pytest.raises(Invalid) as caught:
        translated(body, who)
    assert caught.value.facts["name"] == name
    assert caught.value.facts.get("value") == value


def test_depth_and_mixture_of_groups() -> None:
    who = caller("a", administrator=True)
    leaf: dict[str, Any] = {"SearchFilters": [{"Property": "Uid", "Operator": "Any"}]}
    body = leaf
    for _ in range(7):
        body = {"SearchFilterGroups": [body]}
    translated({"SearchFilterGroups": [body]}, who)
    with pytest.raises(Invalid, match="deep"):
        translated({"SearchFilterGroups": [{"SearchFilterGroups": [body]}]}, who)
    with pytest.raises(Invalid, match="not both"):
        translated({"SearchFilterGroups": [{**leaf, "SearchFilterGroups": [leaf]}]}, who)


def test_two_hundred_filters_and_a_thousand_values_run(stage: Stage) -> None:
    one = {"Property": "UserName", "Operator": "NotLike", "Value": "*[z-a]q*q%_"}
    assert len(uids(stage, {"SearchFilters": [one] * 200})) == len(stage.objects)
    many = json.dumps([str(number) for number in range(1000)])
    listed = {"Property": "Uid", "Operator": "In", "Value": many}
    assert len(uids(stage, {"SearchFilters": [listed]})) == len(stage.objects)
    with pytest.raises(Invalid, match="1000 values"):
        uids(stage, {"SearchFilters": [listed, {**listed, "Value": "1"}]})


def test_a_pattern_of_many_stars_ends(stage: Stage) -> None:
    one = {"Property": "MachineName", "Operator": "Like", "Value": "*a" * 60 + "*?" * 60 + "b"}
    assert uids(stage, {"SearchFilters": [one]}) == []
    one["Value"] = "*[e-k]" * 100 + "!"
    assert uids(stage, {"SearchFilters": [one]}) == []


def test_a_token_is_of_one_search_only(stage: Stage) -> None:
    asked = translated({"SortCriteriaItems": [{"Property": "UserName"}]}, stage.admin)
    end = search.page(stage.connection, stage.admin, asked, 5).end
    assert end is not None
    token = search.write_position(b"key", asked, end)
    assert search.read_position(b"key", asked, token) == end
    other = translated({"SortCriteriaItems": [{"Property": "Uid"}]}, stage.admin)
    for key, given_to, text in (
        (b"key", other, token), (b"other", asked, token), (b"key", asked, token[:-1]),
        (b"key", asked, "A" + token), (b"key", asked, ""),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            search.read_position(key, given_to, text)


def test_pages_under_churn_hold_who_stays_once(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "churn.db")
    first, _ = populate(connection, 200, seed=3)
    admin = caller(first, administrator=True)
    dice = random.Random(5)
    sorts = [
        {"Property": "UserDisplayName", "SortDirection": "Descending"},
        {"Property": "ClientIP"},
    ]
    asked = translated({"SortCriteriaItems": sorts}, admin)
    stay = set(objects_of(connection, admin))
    machines = list(
        connection.execute(
            schema.machines.select().with_only_columns(schema.machines.c.id)
        ).scalars()
    )
    seen: list[int] = []
    after = None
    while True:
        found = search.page(connection, admin, asked, 11, after=after)
        seen += found.uids
        if found.end is None:
            break
        after = found.end
        gone = dice.choice(sorted(stay | set(seen)))
        stay.discard(gone)
        connection.execute(schema.sessions.delete().where(schema.sessions.c.uid == gone))
        connection.execute(schema.sessions.insert(), [session_row(dice, [first, first], machines)])
    assert stay <= set(seen)
    assert len(seen) == len(set(seen))
    connection.close()
    connection.engine.dispose()


def test_skip_comes_before_the_first_page(stage: Stage) -> None:
    asked = translated({}, stage.admin)
    found = search.page(stage.connection, stage.admin, asked, 4, skip=10)
    assert found.uids == sorted(stage.objects)[10:14]
    assert found.total == len(stage.objects)
