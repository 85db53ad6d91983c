from __future__ import annotations

import msgspec
import pytest

from footlight.sdk.types import search as typed
from footlight.wire.rest.search import SearchFilter, SearchGroup, SearchRequest, SearchSort


def names(kind: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


def test_nothing_asks_for_everything() -> None:
    empty = msgspec.json.decode(b"{}", type=SearchRequest)
    assert empty == SearchRequest()
    assert set(msgspec.to_builtins(empty).values()) <= {None}


def test_the_sdk_types_the_same_members() -> None:
    assert names(SearchFilter) == set(typed.SearchFilter.__annotations__)
    assert names(SearchSort) == set(typed.SearchSort.__annotations__)
    assert names(SearchGroup) == set(typed.SearchGroup.__annotations__)
    # The one sort key is the old spelling of a list of one; the SDK writes the list.
    assert names(SearchRequest) - {"SortCriteria"} == set(typed.SearchBody.__annotations__)


@pytest.mark.parametrize("value", ["7", 7, 7.5, True, None])
def test_a_value_may_stand_bare(value: object) -> None:
    given = {"Property": "Uid", "Operator": "Equals", "Value": value}
    assert msgspec.convert(given, SearchFilter).value is value


@pytest.mark.parametrize("value", [["7"], {"a": 7}])
def test_a_value_is_never_a_structure(value: object) -> None:
    with pytest.raises(msgspec.ValidationError, match="Value"):
        msgspec.convert({"Property": "Uid", "Operator": "In", "Value": value}, SearchFilter)


def test_a_sort_key_goes_upwards_unless_told() -> None:
    assert msgspec.convert({"Property": "Uid"}, SearchSort).sort_direction == "Ascending"


def test_groups_hold_groups() -> None:
    inner = {"SearchFilters": [{"Property": "Uid", "Operator": "Any"}]}
    outer = msgspec.convert({"SearchFilterGroups": [inner]}, SearchGroup)
    assert outer.search_filter_groups is not None
    assert isinstance(outer.search_filter_groups[0], SearchGroup)
