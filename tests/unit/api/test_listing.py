from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from footlight.api import listing
from footlight.errors import Invalid
from footlight.store import schema
from footlight.wire.rest.reference import Ref

_t = schema.tags


@pytest.fixture
async def tagged(rooms: Any) -> Any:
    """The rooms with seven tags."""
    rows = [{"id": f"t{number}", "name": f"tag {number}"} for number in range(7)]
    await rooms.store.write(lambda tx: tx.connection.execute(_t.insert(), rows) and None)
    return rooms


async def page(rooms: Any, token: str | None = None, name: str = "tags", **more: Any) -> Any:
    def render(connection: Any, rows: Any) -> list[Ref]:
        return [Ref(id=row.id, uid=row.uid, name=row.name) for row in rows]

    parts: Any = SimpleNamespace(store=rooms.store, site=rooms.site)
    chosen = {"limit": 3, "token": token, **more}
    return await listing.page(parts, name, select(_t), _t.c.uid, render, **chosen)


async def test_pages_show_each_row_once_and_the_total_of_the_first_page(tagged: Any) -> None:
    seen: list[str] = []
    answer = await page(tagged)
    delete = _t.delete().where(_t.c.id == "t6")
    await tagged.store.write(lambda tx: tx.connection.execute(delete) and None)
    while True:
        seen += [item.id for item in answer.items]
        assert answer.total_items == 7
        if answer.continuation_token is None:
            break
        answer = await page(tagged, answer.continuation_token)
    assert seen == [f"t{number}" for number in range(6)]


async def test_fields_and_their_default(tagged: Any) -> None:
    named = await page(tagged, fields="name", limit=1)
    assert named.items == [{"Name": "tag 0"}]
    default = await page(tagged, default_fields=frozenset({"id"}), limit=1)
    assert default.items == [{"Id": "t0"}]


async def test_a_token_of_another_list_is_refused(tagged: Any) -> None:
    token = (await page(tagged)).continuation_token
    with pytest.raises(Invalid):
        await page(tagged, token, "zones")
