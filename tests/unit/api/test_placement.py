from __future__ import annotations

from typing import Any

V1 = "/footlight/v1"


async def test_rules_of_a_group_are_read_back(door: Any) -> None:
    groups = (await door.get("/cvad/manage/DeliveryGroups")).json()["Items"]
    url = f"{V1}/delivery-groups/{groups[0]['Name']}/placement"
    none = {"maxSessions": None, "maxSessionsPerUser": None, "zone": None, "zoneOnly": False}
    assert (await door.get(url)).json() == none
    wanted = {**none, "maxSessions": 3}
    put = await door.client.put(url, headers=door.headers, json={"maxSessions": 3})
    assert put.json() == wanted
    assert (await door.get(url)).json() == wanted


async def test_placement_of_the_caller_and_of_others(door: Any) -> None:
    found = (await door.get(f"{V1}/resources/Desktop/placement")).json()
    assert (found["user"], found["machine"], found["waiting"]) == ("admin", "FOOTLIGHT\\DESK1", 0)
    theirs = await door.get(f"{V1}/resources/Desktop/placement?user=FOOTLIGHT%5Cbob")
    assert theirs.json()["user"] == "bob"
    plain = await door.sign_in_as("zoe")
    refused = await door.client.get(f"{V1}/resources/Desktop/placement", headers=plain)
    assert refused.status_code == 403
