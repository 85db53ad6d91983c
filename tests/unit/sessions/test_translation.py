"""What a search may say; what it finds is looked at in test_search.py."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any, get_args

import pytest
from tests.unit.sessions.naive_search import NOW_MS, OPERATORS

from footlight.caller import FULL_GRANT, Caller
from footlight.errors import Invalid
from footlight.sessions import search
from footlight.sessions.moments import Moment
from footlight.sessions.properties import BY_NAME, Kind
from footlight.sessions.translation import Search
from footlight.wire.rest.members import read_members
from footlight.wire.rest.search import SearchOperator, SearchProperty, SearchRequest

WHO = Caller(
    account_id="a", name="x", user_name="EX\\x", display_name="x", grants=(FULL_GRANT,), token_id="t",
    expires_at_ms=2**50, refresh_until_ms=2**50, address="203.0.113.5",
)  # fmt: skip


def translated(body: dict[str, Any]) -> Search:
    request = read_members(json.dumps(body).encode(), SearchRequest)
    return search.translate(request, WHO, Moment(NOW_MS, UTC))


@pytest.mark.parametrize("name", get_args(SearchProperty))
def test_every_property_has_the_operators_of_its_kind_and_no_others(name: str) -> None:
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
            translated({"SearchFilters": [one]})
            continue
        with pytest.raises(Invalid) as caught:
            translated({"SearchFilters": [one]})
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
    if name is None:
        translated(body)
        return
    with pytest.raises(Invalid) as caught:
        translated(body)
    assert caught.value.facts["name"] == name
    assert caught.value.facts.get("value") == value


def test_depth_and_mixture_of_groups() -> None:
    leaf: dict[str, Any] = {"SearchFilters": [{"Property": "Uid", "Operator": "Any"}]}
    body = leaf
    for _ in range(7):
        body = {"SearchFilterGroups": [body]}
    translated({"SearchFilterGroups": [body]})
    with pytest.raises(Invalid, match="deep"):
        translated({"SearchFilterGroups": [{"SearchFilterGroups": [body]}]})
    with pytest.raises(Invalid, match="not both"):
        translated({"SearchFilterGroups": [{**leaf, "SearchFilterGroups": [leaf]}]})
