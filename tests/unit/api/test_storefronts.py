from __future__ import annotations

from typing import Any

URL = "/cvad/manage/StoreFrontServers"


async def test_an_address_is_kept(door: Any) -> None:
    made = await door.post(URL, json={"name": "S", "url": "http://s.example", "enabled": False})
    assert made.json()["Enabled"] is False
    assert (await door.get(URL)).json()["Items"] == [made.json()]
