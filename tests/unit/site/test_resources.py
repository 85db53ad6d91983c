from __future__ import annotations

import pytest
from sqlalchemy import update

from footlight.site import resources
from footlight.site.founding import found_site
from footlight.store import schema
from footlight.store.store import Store


@pytest.fixture
async def founded(store: Store) -> Store:
    await store.write(lambda tx: found_site(tx, "LAB", samples=True))
    return store


async def test_by_name_in_any_case_or_by_id(founded: Store) -> None:
    find = lambda text: founded.read(lambda c: resources.find(c, text))  # noqa: E731
    found = await find("text EDITOR")
    assert found is not None
    assert (found.name, found.kind, found.command) == ("Text Editor", "Application", ["mousepad"])
    assert await find(found.id.upper()) == found


@pytest.mark.parametrize("text", ["", "%", "_esktop", "Desk%", "Desktop\\", "Desktop ", "nothing"])
async def test_a_name_is_no_pattern(founded: Store, text: str) -> None:
    assert await founded.read(lambda c: resources.find(c, text)) is None


async def test_what_is_not_enabled_is_not_there(founded: Store) -> None:
    off = update(schema.resources).where(schema.resources.c.name == "Desktop").values(enabled=False)
    await founded.write(lambda tx: tx.connection.execute(off) and None)
    assert await founded.read(lambda c: resources.find(c, "Desktop")) is None
    names = [r.name for r in await founded.read(resources.every)]
    assert names == ["Terminal", "Text Editor", "Web Browser"]
