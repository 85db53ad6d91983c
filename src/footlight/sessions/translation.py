"""A search on its way from request to SQL: one condition and one order, whatever noun is searched.

Limits are counted here, and a wrong property, operator or value is named. Source: rest-api.md section 5.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

import msgspec
from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, true

from footlight.caller import Caller
from footlight.errors import Invalid
from footlight.sessions.moments import Moment
from footlight.sessions.operators import (
    MAX_LIST_CHARACTERS,
    MAX_LISTED,
    MAX_VALUE_CHARACTERS,
    Operand,
    condition,
    listed,
)
from footlight.sessions.properties import Kind, Property
from footlight.store.text import folded
from footlight.wire.rest.search import (
    GroupType,
    SearchFilter,
    SearchGroup,
    SearchOperator,
    SearchRequest,
    SearchSort,
    SortDirection,
)

MAX_FILTERS = 200
MAX_DEPTH = 8
MAX_SORTS = 8

Condition = ColumnElement[bool]

_BETWEEN = "\n"  # stands in no name
_NEEDS_NO_VALUE = ("Any", "None")


@dataclass(frozen=True)
class SortKey:
    """An expression that is never null, and its direction."""

    expression: ColumnElement[Any]
    descending: bool


@dataclass(frozen=True)
class Search:
    """What is looked for, and in which order; equal ones by uid. `name` tells one search from another;
    `everything`: nothing is left out."""

    name: str
    condition: Condition
    order: tuple[SortKey, ...]
    everything: bool = False


class Translation(ABC):
    """One request on its way: counts filters against the limits. Each noun says which properties it has and what
    free text means to it, and may give filters and sort keys a meaning of their own (`met`, `sort_key`)."""

    properties: ClassVar[Mapping[str, Property]]  # by name in lower case

    def __init__(self, caller: Caller, moment: Moment) -> None:
        self.caller = caller
        self._moment = moment
        self._expressions: dict[str, ColumnElement[Any]] = {}
        self._filters = 0
        self._listed = 0

    def search(self, request: SearchRequest, noun: str) -> Search:
        """The whole search; `noun` tells its tokens from those of other searches."""
        name = noun + hashlib.sha256(msgspec.json.encode(request)).hexdigest()[:32]
        sorts = request.sort_criteria_items or (
            [request.sort_criteria] if request.sort_criteria else []
        )
        met = self.whole(request)
        return Search(name, met, self.order(sorts), everything=met.compare(and_(true())))

    def whole(self, request: SearchRequest) -> Condition:
        """Free text, flat filters and groups: all must hold."""
        parts = [self._filter(one) for one in request.search_filters or ()]
        if request.basic_search_string and request.basic_search_string.strip():
            parts.append(self._free_text(request.basic_search_string.strip()))
        groups = self._groups(request.search_filter_groups, request.search_filter_groups_type, 1)
        return and_(true(), *parts, *groups)

    def _free_text(self, text: str) -> Condition:
        if len(text) > MAX_VALUE_CHARACTERS:
            raise _too_long("BasicSearchString", text)
        return false() if _BETWEEN in text else self.basic(text)

    @abstractmethod
    def basic(self, text: str) -> Condition:
        """Where the text stands in some string of the object or of what it names."""

    def _groups(
        self, groups: list[SearchGroup] | None, kind: str | None, depth: int
    ) -> list[Condition]:
        """At most one condition: that of all groups that say something."""
        parts = [made for one in groups or () for made in self._group(one, depth)]
        return _joined_by(parts, kind, "SearchFilterGroupsType")

    def _group(self, group: SearchGroup, depth: int) -> list[Condition]:
        if depth > MAX_DEPTH:
            raise Invalid(
                f"Groups are nested over {MAX_DEPTH} deep.",
                name="SearchFilterGroups",
                problem="outOfRange",
            )
        if group.search_filters and group.search_filter_groups:
            raise Invalid("A group holds filters or groups, not both.", name="SearchFilterGroups")
        own, inner = group.search_filter_group_type, group.search_filter_groups_type
        if group.search_filter_groups:
            return self._groups(group.search_filter_groups, inner or own, depth + 1)
        parts = [self._filter(one) for one in group.search_filters or ()]
        return _joined_by(parts, own or inner, "SearchFilterGroupType")

    def _filter(self, given: SearchFilter) -> Condition:
        self._filters += 1
        if self._filters > MAX_FILTERS:
            raise Invalid(
                f"A search has at most {MAX_FILTERS} filters.",
                name="SearchFilters",
                problem="outOfRange",
            )
        found = self.property(given.property)
        operator: SearchOperator = _one_of(SearchOperator, given.operator, "Operator")
        text = _text(given.value)
        if text is None and operator not in _NEEDS_NO_VALUE:
            raise Invalid(
                f"The filter on {found.name} has no value.",
                name="Value",
                property=found.name,
                problem="missing",
            )
        operand = Operand(found, self.expression(found), text or "", self._moment)
        self._check_size(operand, operator)
        return self.met(operand, operator)

    def met(self, operand: Operand, operator: SearchOperator) -> Condition:
        """What one filter means."""
        return condition(operand, operator)

    def property(self, name: str) -> Property:
        found = self.properties.get(name.lower())
        if found is None:
            raise Invalid(
                f"There is no property {name[:80]!r}.",
                name="Property",
                value=name[:256],
                problem="invalidEnum",
            )
        return found

    def expression(self, of: Property) -> ColumnElement[Any]:
        """One and the same each time, so that what it counts is counted once."""
        if of.name not in self._expressions:
            self._expressions[of.name] = of.expression(self.caller)
        return self._expressions[of.name]

    def _check_size(self, operand: Operand, operator: SearchOperator) -> None:
        lists = operator in ("In", "NotIn")
        if len(operand.text) > (MAX_LIST_CHARACTERS if lists else MAX_VALUE_CHARACTERS):
            raise _too_long(operand.property.name, operand.text)
        if "\0" in operand.text:
            raise operand.refused("the value holds a NUL")
        if lists:
            self._listed += len(listed(operand))
            if self._listed > MAX_LISTED:
                raise operand.refused(
                    f"the lists of a search have at most {MAX_LISTED} values", "outOfRange"
                )

    def order(self, sorts: list[SearchSort]) -> tuple[SortKey, ...]:
        """The sort keys. Those that are the same for all sessions order nothing and are left out."""
        if len(sorts) > MAX_SORTS:
            raise Invalid(
                f"A search is sorted by at most {MAX_SORTS} properties.",
                name="SortCriteriaItems",
                problem="outOfRange",
            )
        found: dict[str, SortKey] = {}
        for one in sorts:
            by = self.property(one.property)
            direction: SortDirection = _one_of(SortDirection, one.sort_direction, "SortDirection")
            if not by.fixed:
                found.setdefault(by.name, SortKey(self.sort_key(by), direction == "Descending"))
        return tuple(found.values())

    def sort_key(self, by: Property) -> ColumnElement[Any]:
        """What is compared in sorting by the property; never null."""
        return sortable(by, self.expression(by))


def together(expressions: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """All of them as one text: one look into that costs far less than one into each."""
    whole: ColumnElement[str] = literal("")
    for one in expressions:
        whole = whole + _BETWEEN + func.coalesce(one, "")
    return whole


def sortable(by: Property, expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """Never null, what is not there being least; databases place nulls differently."""
    match by.kind:
        case Kind.STRING | Kind.LIST:
            return folded(func.coalesce(expression, ""))
        case Kind.ENUM:
            ranks = {member: rank for rank, member in enumerate(by.members)}
            return case(ranks, value=expression, else_=-1)
        case Kind.BOOL:
            return case((expression, 1), else_=0)
        case _:
            return func.coalesce(expression, -1)


def _joined_by(parts: list[Condition], kind: str | None, name: str) -> list[Condition]:
    joined: GroupType = _one_of(GroupType, kind or "And", name)
    if not parts:
        return []
    return [or_(*parts) if joined == "Or" else and_(*parts)]


def _one_of(kind: Any, text: str, name: str) -> Any:
    """The member of a Literal that the text names, in any case. Raises Invalid."""
    known = {member.lower(): member for member in get_args(kind)}
    if text.lower() not in known:
        raise Invalid(
            f"{name}: {text[:80]!r} is not one of {', '.join(known.values())}.",
            name=name,
            value=text[:256],
            problem="invalidEnum",
        )
    return known[text.lower()]


def _text(value: str | int | float | bool | None) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _too_long(name: str, text: str) -> Invalid:
    return Invalid(
        f"{name}: the value is too long.", name=name, value=text[:256], problem="tooLong"
    )
