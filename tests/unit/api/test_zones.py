from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Zones"


async def test_a_search_is_paged_and_its_token_is_its_own(door: Any) -> None:
    found = (await door.post(f"{URL}/$search", json={})).json()
    assert [one["ItemType"] for one in found["Items"]] == ["MachineCatalog"]
    assert [one["Name"] for one in found["Items"][0]["Scopes"]] == ["All"]
    nothing = await door.post(f"{URL}/$search", json={"BasicSearchString": "sand"})
    assert nothing.json()["TotalItems"] == 0
    (zone,) = (await door.get(URL)).json()["Items"]
    assert (zone["IsPrimary"], zone["IsHealthy"]) == (True, True)
