from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Identity"


async def test_the_host_is_in_the_domain(door: Any) -> None:
    (machine,) = (await door.get(f"{URL}/Machines")).json()["Items"]
    assert (machine["SamName"], machine["Domain"]) == ("FOOTLIGHT\\DESK1$", "FOOTLIGHT")
    assert (await door.get(f"{URL}/Machines/desk1")).json() == machine
    assert (await door.get(f"{URL}/Domains/FOOTLIGHT")).json()["Name"] == "FOOTLIGHT"
    assert (await door.get(f"{URL}/Forests/other")).status_code == 404
