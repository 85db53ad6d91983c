from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from footlight.caller import Caller, Grant, Permission
from footlight.sessions.moments import Moment
from footlight.site import application_search, tags
from footlight.site.tags import Tagged
from footlight.store.store import Tx
from footlight.wire.rest.application_request import ApplicationSearchRequest
from footlight.wire.rest.search import SearchFilter, SearchSort
from footlight.wire.rest.tag import TagRequest, TagsRequest


async def found(rooms: Any, caller: Caller | None = None, **members: Any) -> list[int]:
    request = ApplicationSearchRequest(**members)
    who = caller or rooms.admin

    def read(connection: Any) -> list[int]:
        asked = application_search.translate(request, who, Moment(0, UTC))
        uids, total, _ = application_search.page(connection, who, request, asked, 100)
        assert total == len(uids)
        return uids

    uids: list[int] = await rooms.store.read(read)
    return uids


def where(name: str, operator: str, value: str | None = None) -> list[SearchFilter]:
    return [SearchFilter(property=name, operator=operator, value=value)]


@pytest.mark.parametrize("name", sorted(one.name for one in application_search._PROPERTIES))
async def test_every_property_filters_and_sorts(rooms: Any, name: str) -> None:
    for direction in ("Ascending", "Descending"):
        by = SearchSort(property=name, sort_direction=direction)
        assert sorted(await found(rooms, sort_criteria=by)) == [2, 3, 4]
    found_kind = application_search._Translation.properties[name.lower()].kind.value
    operator, value = {"boolean": ("Equals", "true"), "number": ("Equals", "0")}.get(
        found_kind, ("Any", None)
    )
    assert set(await found(rooms, search_filters=where(name, operator, value))) <= {2, 3, 4}


async def test_lists_are_met_by_some_member(rooms: Any) -> None:
    def write(tx: Tx) -> None:
        for name in ("Terminal", "Text Editor"):
            target = tags.target(tx.connection, rooms.admin, Tagged.APPLICATION, name)
            new = [TagRequest(name=f"{name} tag"), TagRequest(name=f"{name} other")]
            tags.apply(tx, rooms.admin, target, TagsRequest(create_tags=new))

    await rooms.store.write(write)
    assert await found(rooms, search_filters=where("Tags", "ContainsStartsWith", "term")) == [2]
    assert await found(rooms, search_filters=where("Tags", "None")) == [4]
    assert await found(rooms, search_filters=where("Tags", "Any")) == [2, 3]
    assert await found(rooms, basic_search_string="other") == [2, 3]
    by = [SearchSort(property="Tags", sort_direction="Descending")]
    assert await found(rooms, sort_criteria_items=by) == [3, 2, 4]


async def test_unseen_groups_match_nothing(rooms: Any) -> None:
    everyone = where("DeliveryGroup", "Equals", "everyone")
    assert await found(rooms, search_filters=everyone) == [2, 3, 4]
    grant = Grant(frozenset({Permission.APPLICATION_READ}), frozenset({"nothing"}))
    blind = rooms.caller(await rooms.account("ada"), grants=(grant,))
    assert await found(rooms, blind, search_filters=everyone) == []
    assert await found(rooms, blind) == []
