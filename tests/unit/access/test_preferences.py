from __future__ import annotations

from typing import Any

import pytest

from footlight.access import preferences
from footlight.errors import Conflict


async def test_an_account_keeps_so_many(rooms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "MAX_OF_ACCOUNT", 2)
    own, ada = rooms.admin.account_id, (await rooms.account("ada")).id
    for name in ("b", "a"):
        await rooms.store.write(lambda tx, n=name: preferences.put(tx, own, n, n.upper()))
    with pytest.raises(Conflict):
        await rooms.store.write(lambda tx: preferences.put(tx, own, "c", ""))
    await rooms.store.write(lambda tx: preferences.put(tx, own, "a", None))
    await rooms.store.write(lambda tx: preferences.put(tx, ada, "c", ""))
    assert await rooms.store.read(lambda c: preferences.every(c, own)) == [("a", ""), ("b", "B")]
