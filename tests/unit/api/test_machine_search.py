from __future__ import annotations

from typing import Any

MACHINES = "/cvad/manage/Machines"


async def test_items_are_those_of_the_list(door: Any) -> None:
    listed = (await door.get(MACHINES)).json()
    searched = (await door.post(f"{MACHINES}/$search", json={})).json()
    assert searched == listed
    counted = await door.post(f"{MACHINES}/$group", json={"machinepropertyname": "ostype"})
    assert counted.json() == {"Debian 12": 1}
