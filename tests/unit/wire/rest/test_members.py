from __future__ import annotations

import pytest

from footlight.wire.rest.members import Unreadable, read_members
from footlight.wire.rest.search import SearchGroup, SearchRequest


def test_names_in_any_case_at_every_depth() -> None:
    raw = (
        b'{"SEARCHFILTERGROUPS": [{"searchfiltergroups": [{"searchFILTERS": '
        b'[{"property": "Uid", "OPERATOR": "In", "value": 7, "unknown": [{}]}]}]}], "x": null}'
    )
    request = read_members(raw, SearchRequest)
    assert request.search_filter_groups is not None
    (outer,) = request.search_filter_groups
    assert isinstance(outer, SearchGroup)
    assert outer.search_filter_groups is not None
    filters = outer.search_filter_groups[0].search_filters
    assert filters is not None
    assert (filters[0].property, filters[0].operator, filters[0].value) == ("Uid", "In", 7)


@pytest.mark.parametrize("raw", [b"", b"  ", b"null", b"{}"])
def test_nothing_is_a_model_of_nothing(raw: bytes) -> None:
    assert read_members(raw, SearchRequest) == SearchRequest()


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b"{", ""), (b"[]", ""), (b"1", ""), (b"\xff", ""), (b'{"x": "\xff"}', ""), (b"[" * 100_000, ""),
        (b'{"SearchFilters": 1}', "SearchFilters"),
        (b'{"SearchFilters": [{"Property": "Uid"}]}', "SearchFilters[0]"),
        (b'{"SearchFilters": [{"Property": 1, "Operator": "x"}]}', "SearchFilters[0].Property"),
        (b'{"SearchFilterGroups": [' * 70 + b"]}" * 70, ""),
    ],
)  # fmt: skip
def test_what_is_wrong_has_a_place(raw: bytes, where: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_members(raw, SearchRequest)
    assert caught.value.where == where
    assert caught.value.missing == (b'"Uid"' in raw)
