from __future__ import annotations

import pytest

from footlight.cli.conditions import search_body
from footlight.cli.exits import UsageProblem


def test_all_conditions_and_order() -> None:
    body = search_body("zoë", ["A:Equals:1:2", "B:Any"], ["A:desc", "B"])
    assert body == {
        "BasicSearchString": "zoë",
        "SearchFilters": [
            {"Property": "A", "Operator": "Equals", "Value": "1:2"},
            {"Property": "B", "Operator": "Any"},
        ],
        "SortCriteriaItems": [
            {"Property": "A", "SortDirection": "Descending"},
            {"Property": "B", "SortDirection": "Ascending"},
        ],
    }
    assert search_body(None, None, None, any_of=True) == {}


def test_one_of_the_conditions() -> None:
    filters = [{"Property": "A", "Operator": "Any"}]
    group = {"SearchFilters": filters, "SearchFilterGroupType": "Or"}
    assert search_body(None, ["A:Any"], None, any_of=True) == {
        "SearchFilterGroups": [group],
        "SearchFilterGroupsType": "And",
    }


@pytest.mark.parametrize(("where", "sort"), [("A", None), (":Equals:1", None), (None, "A:up")])
def test_nonsense_says_what_to_give(where: str | None, sort: str | None) -> None:
    with pytest.raises(UsageProblem, match="PROPERTY"):
        search_body(None, where and [where], sort and [sort])
