from __future__ import annotations

from typing import Any

from footlight.audit import listing
from footlight.audit.listing import Wanted
from footlight.store import schema


async def test_pages_go_either_way(chain: Any) -> None:
    async def page(wanted: Wanted, beyond: int | None, total: int | None = None) -> Any:
        return await chain.rooms.store.read(lambda c: listing.page(c, wanted, 2, beyond, total))

    newest = await page(Wanted(), None)
    assert ([r.seq for r in newest.rows], newest.more, newest.total) == ([5, 4], True, 5)
    rest = await page(Wanted(), 2, 77)
    assert ([r.seq for r in rest.rows], rest.more, rest.total) == ([1], False, 77)
    oldest = await page(Wanted((schema.audit.c.text > "b",), newest_first=False), 3)
    assert ([r.seq for r in oldest.rows], oldest.total) == ([4, 5], 3)
