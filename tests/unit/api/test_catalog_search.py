from __future__ import annotations

from typing import Any

MANAGE = "/cvad/manage"


async def test_items_are_those_of_the_lists(door: Any) -> None:
    for path in ("MachineCatalogs", "DeliveryGroups"):
        listed = (await door.get(f"{MANAGE}/{path}")).json()
        searched = (await door.post(f"{MANAGE}/{path}/$search", json={})).json()
        assert searched == listed


async def test_tokens_are_of_their_noun(door: Any) -> None:
    for name in ("A", "B"):
        await door.post(f"{MANAGE}/DeliveryGroups", json={"Name": name})
    first = (await door.post(f"{MANAGE}/DeliveryGroups/$search?limit=1", json={})).json()
    token = first["ContinuationToken"]
    more = f"$search?limit=1&continuationToken={token}"
    second = (await door.post(f"{MANAGE}/DeliveryGroups/{more}", json={})).json()
    assert [one["Name"] for one in (*first["Items"], *second["Items"])] == ["Everyone", "A"]
    other = await door.post(f"{MANAGE}/MachineCatalogs/{more}", json={})
    assert other.status_code == 400
