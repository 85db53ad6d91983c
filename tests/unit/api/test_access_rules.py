from __future__ import annotations

from typing import Any

URL = "/footlight/v1/delivery-groups/{}/access"


async def test_what_is_not_named_stays(door: Any) -> None:
    groups = (await door.get("/cvad/manage/DeliveryGroups")).json()["Items"]
    url = URL.format(groups[0]["Name"])
    send = door.client.patch
    await send(url, headers=door.headers, json={"clipboard": "in"})
    changed = await send(url, headers=door.headers, json={"askBeforeShadowing": True})
    assert changed.json() == {"clipboard": "in", "askBeforeShadowing": True, "files": "both"}
    assert (await door.get(url)).json() == changed.json()
