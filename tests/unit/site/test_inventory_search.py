from __future__ import annotations

from datetime import UTC
from typing import Any, ClassVar

import pytest
from sqlalchemy import ColumnElement, true

from footlight.sessions.moments import Moment
from footlight.sessions.properties import Kind, Property
from footlight.site import inventory_search
from footlight.site.inventory_search import TextTranslation
from footlight.store import schema
from footlight.wire.rest.search import SearchFilter, SearchRequest, SearchSort

_t = schema.tags


class Tags(TextTranslation):
    properties: ClassVar[Any] = {"name": Property("Name", Kind.STRING, _t.c.name)}
    texts: ClassVar[Any] = (_t.c.name, _t.c.description)


@pytest.fixture
async def tagged(rooms: Any) -> Any:
    rows = [
        {"id": f"t{number}", "name": f"tag {number}", "description": "even"[: 4 - 4 * (number % 2)]}
        for number in range(6)
    ]
    await rooms.store.write(lambda tx: tx.connection.execute(_t.insert(), rows) and None)
    return rooms


async def page(rooms: Any, request: SearchRequest, **more: Any) -> Any:
    asked = Tags(rooms.admin, Moment(0, UTC)).search(request, "tags:")
    uid: ColumnElement[int] = _t.c.uid
    return await rooms.store.read(
        lambda c: inventory_search.page(c, _t, uid, true(), asked, 2, **more)
    )


async def test_pages_go_by_the_order_asked_for(tagged: Any) -> None:
    request = SearchRequest(
        sort_criteria=SearchSort(property="name", sort_direction="Descending"),
        basic_search_string="EVEN",
    )
    uids, total, end = await page(tagged, request)
    assert (uids, total) == ([5, 3], 3)
    uids, total, end = await page(tagged, request, after=end)
    assert (uids, total, end) == ([1], 3, None)
    assert (await page(tagged, request, skip=2))[:2] == ([1], 3)


async def test_filters_are_of_the_noun(tagged: Any) -> None:
    one = SearchFilter(property="NAME", operator="Equals", value="TAG 4")
    assert (await page(tagged, SearchRequest(search_filters=[one])))[:2] == ([5], 1)
