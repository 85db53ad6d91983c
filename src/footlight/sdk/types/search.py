"""What a search asks for, member for member as on the wire."""

from __future__ import annotations

from typing import TypedDict


class SearchFilter(TypedDict, total=False):
    """One condition. `Value` is a string, also for numbers, booleans and dates; `Any` and `None` need none."""

    Property: str
    Operator: str
    Value: str


class SearchSort(TypedDict):
    """One sort key; the direction is Ascending or Descending."""

    Property: str
    SortDirection: str


class SearchGroup(TypedDict, total=False):
    """Filters or further groups, never both; joined by And or Or."""

    SearchFilters: list[SearchFilter]
    SearchFilterGroupType: str
    SearchFilterGroups: list[SearchGroup]
    SearchFilterGroupsType: str


class SearchBody(TypedDict, total=False):
    """The whole request."""

    BasicSearchString: str
    SearchFilters: list[SearchFilter]
    SearchFilterGroups: list[SearchGroup]
    SearchFilterGroupsType: str
    SortCriteriaItems: list[SearchSort]
