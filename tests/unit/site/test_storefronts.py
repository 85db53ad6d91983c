from __future__ import annotations

from typing import Any

import pytest

from footlight.errors import Forbidden, Invalid
from footlight.site import storefronts
from footlight.wire.rest.site import StoreFrontRequest


@pytest.mark.parametrize(
    "url", [None, "", "store", "javascript:x", "https://a b", "https://" + "x" * 1100]
)
async def test_only_addresses_are_kept(rooms: Any, url: str | None) -> None:
    request = StoreFrontRequest(name="Store", url=url)
    with pytest.raises(Invalid):
        await rooms.store.write(lambda tx: storefronts.create(tx, rooms.admin, request))


async def test_rights(rooms: Any) -> None:
    ada = rooms.caller(await rooms.account("ada"))
    request = StoreFrontRequest(name="Store", url="https://store.example")
    with pytest.raises(Forbidden):
        await rooms.store.write(lambda tx: storefronts.create(tx, ada, request))
