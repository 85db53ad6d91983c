"""Search in SQL against a second, naive evaluation over the rendered objects."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event
from tests.unit.sessions.naive_search import (
    NOW_MS,
    OPERATORS,
    filter_holds,
    in_order,
    request_holds,
)

from footlight.api import machines, render
from footlight.caller import FULL_GRANT, Caller
from footlight.errors import Invalid
from footlight.ids import new_guid
from footlight.sessions import queries, search
from footlight.sessions.moments import Moment
from footlight.sessions.positions import read_position, write_position
from footlight.sessions.properties import BY_NAME, Kind
from footlight.sessions.translation import Search
from footlight.site import machine_rows
from footlight.store import schema, sight
from footlight.store.migrate import migrate
from footlight.store.text import fold
from footlight.wire.rest.dates import rfc3339
from footlight.wire.rest.members import read_members
from footlight.wire.rest.search import (
    SearchDateOption,
    SearchProperty,
    SearchRequest,
)

ROWS = 120  # enough for each value to meet each other, and several pages
NAMES = ["ada", "Ada Lovelace", "zoë", "ZOË K", "b%b", "a_c", "[x]", "*star", "q?", "O'Neil", ""]
VALUES = [
    *NAMES, "a", "A*", "*a", "a?a", "[a-c]*", "*[x_]*", "[]x]*", "ZOË", "EX\\ada", "desk", "%", "_",
    "\\", "192.0.2.*", "10.0", "linux", "Debian 12", "Terminal", "text editor", "nothing", "*", "?",
]  # fmt: skip
STATES = ["Connected", "Active", "Disconnected"]


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
        shown = msgspec.to_builtins(
            render.session(render.own(row), render.of_machine(row, None, None))
        )
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


def translated(body: dict[str, Any], who: Caller, now_ms: int = NOW_MS) -> Search:
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
        token = write_position(key, asked, found.end)
        after = read_position(key, asked, token)
    assert seen == in_order({"SortCriteriaItems": sorts}, stage.objects)


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
