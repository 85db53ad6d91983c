"""Single filters over single values; whole searches over many sessions are in test_search.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from typing import Any, get_args

import pytest
from sqlalchemy import BigInteger, Boolean, ColumnElement, String, create_engine, event, literal
from sqlalchemy import select as sql_select
from sqlalchemy.pool import StaticPool

from footlight.errors import Invalid
from footlight.sessions.moments import Moment
from footlight.sessions.operators import MAX_LISTED, Operand, condition, listed
from footlight.sessions.properties import BY_NAME, Kind
from footlight.store.text import fold
from footlight.wire.rest.machine import FunctionalLevel

NOW_MS = 1_780_000_000_250  # 2026-05-28T20:26:40Z
FIVE_EAST = timezone(timedelta(hours=5))
SECOND = 1_780_000_000_000
TYPES = {Kind.BOOL: Boolean(), Kind.INT: BigInteger(), Kind.DATE: BigInteger()}

Holds = Callable[[str, Any, Any, str], bool]


def operand(name: str, actual: Any, text: str) -> Operand:
    about = BY_NAME[name.lower()]
    shown: ColumnElement[Any] = literal(actual, TYPES.get(about.kind, String()))
    return Operand(about, shown, text, Moment(NOW_MS, FIVE_EAST))


@pytest.fixture
def holds() -> Iterator[Holds]:
    engine = create_engine("sqlite://", poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: Any) -> None:
        raw.create_function("fold", 1, fold, deterministic=True)

    with engine.connect() as connection:

        def ask(name: str, actual: Any, operator: Any, text: str) -> bool:
            asked = sql_select(condition(operand(name, actual, text), operator))
            return bool(connection.execute(asked).scalar_one())

        yield ask
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "actual", "operator", "text", "found"),
    [
        ("ClientName", "ZOË-pc", "Equals", "zoë-PC", True),
        ("ClientName", "zoë-pc", "Equals", "zoë", False),
        ("ClientName", "100%", "Contains", "0%", True),
        ("ClientName", "100x", "EndsWith", "%", False),
        ("ClientName", "a*b", "StartsWith", "a*", True),
        ("ClientName", "axb", "StartsWith", "a*", False),
        ("ClientName", "axb", "Like", "a*", True),
        ("ClientName", "my axb", "Like", "a*", False),
        ("ClientName", "my axb", "Like", "axb", True),  # no wildcard: anywhere
        ("ClientName", "my axb", "ContainsLike", "a?b", True),
        ("ClientName", "desk7", "Like", "desk[0-4]", False),
        ("ClientName", "DESK3", "Like", "desk[0-4]", True),
        ("ClientName", "b", "GreaterThan", "A", True),
        ("ClientName", "b", "In", '["a", "B"]', True),
        ("ClientName", "b", "In", "a, B ,c", True),
        ("ClientName", "", "Any", "", False),
        ("SessionState", "Active", "Equals", "active", True),
        ("SessionState", "Active", "In", "Connected,Disconnected", False),
        ("SessionState", "Disconnected", "Like", "*connected", True),
        ("InMaintenanceMode", True, "Equals", "TRUE", True),
        ("InMaintenanceMode", True, "Equals", "0", False),
        ("Uid", 7, "LessThanOrEquals", "7", True),
        ("Uid", 7, "In", "[6, 7]", True),
        ("Uid", 7, "GreaterThan", "-8", True),
        ("AppsInUse", "Text Editor", "Contains", "text editor", True),
        ("AppsInUse", "Text Editor", "Contains", "text", False),  # a member, not a part of one
        ("AppsInUse", "Text Editor", "ContainsStartsWith", "text", True),
    ],
)
def test_what_operators_mean(
    holds: Holds, name: str, actual: Any, operator: str, text: str, found: bool
) -> None:
    assert holds(name, actual, operator, text) is found
    negated = {"Any": "None"}.get(operator, f"Not{operator}")
    if not operator.startswith(("Less", "Greater")):
        assert holds(name, actual, negated, text) is not found


@pytest.mark.parametrize(
    ("operator", "text", "found"),
    [
        ("Equals", "2026-05-28T20:26:40Z", [0, 999]),
        ("LessThan", "2026-05-28T20:26:40Z", [-1]),
        ("LessThanOrEquals", "5/29/2026 1:26:40 AM", [-1, 0, 999]),
        ("GreaterThan", "2026-05-28T20:26:40Z", [1000]),
        ("GreaterThanOrEquals", "2026-05-28T22:26:40+02:00", [0, 999, 1000]),
    ],
)
def test_times_are_compared_by_the_seconds_that_are_shown(
    holds: Holds, operator: str, text: str, found: list[int]
) -> None:
    tried = (-1, 0, 999, 1000)
    assert [ms for ms in tried if holds("StartTime", SECOND + ms, operator, text)] == found


def test_a_day_has_an_end_and_the_last_hour_none(holds: Holds) -> None:
    tomorrow = SECOND + 86_400_000
    assert holds("StartTime", tomorrow, "IsWithin", "lasthour")
    assert not holds("StartTime", tomorrow, "IsWithin", "Today")
    assert holds("StartTime", tomorrow, "IsNotWithin", "Today")


@pytest.mark.parametrize(
    ("name", "positive", "negative", "text"),
    [
        ("ClientName", "Equals", "NotEquals", "a"), ("ClientName", "Like", "NotLike", "*"),
        ("Uid", "In", "NotIn", "1"), ("StartTime", "IsWithin", "IsNotWithin", "Today"),
        ("AppsInUse", "Contains", "NotContains", "a"), ("AppState", "Any", "None", ""),
    ],
)  # fmt: skip
def test_null_fulfils_the_negative_operators_only(
    holds: Holds, name: str, positive: str, negative: str, text: str
) -> None:
    assert not holds(name, None, positive, text)
    assert holds(name, None, negative, text)


def test_levels_go_by_their_order_not_by_their_letters(holds: Holds) -> None:
    levels = get_args(FunctionalLevel)
    assert levels.index("L7_9") < levels.index("L7_20")
    assert holds("FunctionalLevel", "L7_9", "LessThan", "l7_20")
    assert not holds("FunctionalLevel", "L7_20", "LessThan", "L7_9")
    assert not holds("FunctionalLevel", None, "LessThanOrEquals", "LMAX")
    with pytest.raises(Invalid, match="does not fit PowerState"):
        holds("PowerState", "On", "LessThan", "Off")


@pytest.mark.parametrize(
    ("name", "operator", "text", "problem"),
    [
        ("Uid", "Equals", "9" * 19, "outOfRange"),
        ("Uid", "In", "1,two", "invalidString"),
        ("Uid", "Equals", "\u0663", "invalidString"),  # a digit, though of another script
        ("SessionState", "Equals", "Up", "invalidEnum"),
        ("StartTime", "LessThan", "soon", "invalidString"),
        ("StartTime", "IsWithin", "1 h", "invalidEnum"),
        ("IsAssigned", "Equals", "yes", "invalidString"),
        ("UserName", "In", "[1,", "invalidJson"),
        ("UserName", "In", '[{"a": 1}]', "invalidJson"),
    ],
)
def test_a_value_that_does_not_fit_is_named(
    name: str, operator: Any, text: str, problem: str
) -> None:
    with pytest.raises(Invalid) as caught:
        condition(operand(name, None, text), operator)
    facts = caught.value.facts
    assert (facts["name"], facts["value"], facts["problem"]) == (name, text, problem)


def test_lists_in_both_spellings_have_an_end() -> None:
    assert listed(operand("UserName", None, ' ["a,b", 1]')) == ["a,b", "1"]
    assert listed(operand("UserName", None, "a, b ,,c")) == ["a", "b", "", "c"]
    most = [str(number) for number in range(MAX_LISTED)]
    assert listed(operand("Uid", None, ",".join(most))) == most
    with pytest.raises(Invalid, match="at most 1000 values"):
        listed(operand("Uid", None, json.dumps([*most, "x"])))


def test_dates_without_a_zone_are_the_callers(holds: Holds) -> None:
    assert holds("StartTime", SECOND, "Equals", "2026-05-29T01:26:40")
    assert not holds("StartTime", SECOND, "Equals", "2026-05-28T20:26:40")
