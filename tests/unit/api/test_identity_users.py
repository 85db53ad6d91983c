from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Identity/Users"


async def test_an_account_is_shown_as_a_user(door: Any) -> None:
    shown = (await door.get(f"{URL}/admin")).json()
    assert (shown["SamName"], shown["PrincipalName"]) == ("FOOTLIGHT\\admin", "admin@footlight")
    assert shown["Directory"]["Domain"] == shown["Domain"] == "FOOTLIGHT"
    masked = await door.get(
        f"{URL}?user=admin&propertiesToRetrieve=5&userType=User&domain=FOOTLIGHT"
    )
    assert [one["PropertiesFetched"] for one in masked.json()["Items"]] == [5]
    many = "&".join(["user=x"] * 201)
    assert (await door.get(f"{URL}?{many}")).status_code == 400
