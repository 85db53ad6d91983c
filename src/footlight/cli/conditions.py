"""Conditions and order of a search on the command line: `--where PROPERTY:OPERATOR:VALUE`, `--sort PROPERTY:desc`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from footlight.cli.exits import UsageProblem
from footlight.sdk.types.search import SearchBody, SearchFilter, SearchSort

Words = Annotated[str | None, typer.Argument(metavar="TEXT", help="Part of a name or address.")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="PROPERTY:OPERATOR:VALUE",
        help="Such as SessionState:Equals:Active; may be given more than once.",
    ),
]
AnyOf = Annotated[bool, typer.Option("--any", help="One --where is enough.")]
Sort = Annotated[
    list[str] | None,
    typer.Option("--sort", metavar="PROPERTY[:desc]", help="May be given more than once."),
]
TimeZone = Annotated[
    str | None, typer.Option("--time-zone", help="Where days begin; UTC by default.")
]


def search_body(
    text: str | None,
    where: Sequence[str] | None,
    sort: Sequence[str] | None,
    *,
    any_of: bool = False,
) -> SearchBody:
    """The body of a search for TEXT and every --where (or any of them). Raises UsageProblem."""
    body: SearchBody = {}
    if text:
        body["BasicSearchString"] = text
    filters = [_filter(one) for one in where or ()]
    if filters and any_of:
        body["SearchFilterGroups"] = [{"SearchFilters": filters, "SearchFilterGroupType": "Or"}]
        body["SearchFilterGroupsType"] = "And"
    elif filters:
        body["SearchFilters"] = filters
    if sort:
        body["SortCriteriaItems"] = [_sort(one) for one in sort]
    return body


def _filter(text: str) -> SearchFilter:
    """PROPERTY:OPERATOR:VALUE; the value may hold colons, and Any and None need none."""
    name, _, rest = text.partition(":")
    operator, colon, value = rest.partition(":")
    if not name or not operator:
        raise UsageProblem(f"--where {text}: give PROPERTY:OPERATOR:VALUE")
    made: SearchFilter = {"Property": name, "Operator": operator}
    return {**made, "Value": value} if colon else made


def _sort(text: str) -> SearchSort:
    name, _, direction = text.partition(":")
    directions = {"": "Ascending", "asc": "Ascending", "desc": "Descending"}
    if not name or direction.lower() not in directions:
        raise UsageProblem(f"--sort {text}: give PROPERTY, PROPERTY:asc or PROPERTY:desc")
    return {"Property": name, "SortDirection": directions[direction.lower()]}
