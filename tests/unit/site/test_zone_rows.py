from __future__ import annotations

from typing import Any

import pytest

from footlight.errors import NotFound
from footlight.site import zone_rows


async def test_the_primary_zone_is_meant_when_none_is_named(rooms: Any) -> None:
    primary = await rooms.store.read(lambda c: zone_rows.find(c, None))
    for name in (primary.id, "PRIMARY", " primary "):
        found = await rooms.store.read(lambda c, n=name: zone_rows.find(c, n))
        assert found.id == primary.id
    with pytest.raises(NotFound):
        await rooms.store.read(lambda c: zone_rows.find(c, "nowhere"))
