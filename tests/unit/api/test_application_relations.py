from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Applications/Terminal/DeliveryGroups"


async def test_groups_have_their_priority(door: Any) -> None:
    (one,) = (await door.get(URL)).json()["Items"]
    assert (one["Name"], one["Priority"]) == ("Everyone", 0)
    assert one["TotalApplications"] >= 1
