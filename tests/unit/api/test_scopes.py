from __future__ import annotations

from typing import Any

from footlight.ids import ZERO_GUID

SCOPES = "/cvad/manage/Admin/Scopes"
HOSTS = {"ObjectType": "MachineCatalog", "Object": "Linux hosts"}


async def test_a_scope_is_made_at_its_place_changed_and_removed(door: Any) -> None:
    made = await door.post(SCOPES, json={"Name": "Floor", "ScopedObjects": [HOSTS]})
    assert (made.status_code, made.json()["IsBuiltIn"]) == (201, False)
    place = made.headers["location"]
    held = (await door.get(f"{place}/ScopedObjects")).json()
    assert (held["TotalItems"], held["Items"][0]["ObjectType"]) == (1, "MachineCatalog")
    assert held["Items"][0]["Object"]["Name"] == "Linux hosts"
    body = {"Description": "first", "ScopedObjects": []}
    changed = await door.client.patch(place, headers=door.headers, json=body)
    assert changed.status_code == 204
    assert (await door.get(f"{place}/ScopedObjects")).json()["Items"] == []
    assert (await door.get(f"{SCOPES}/floor")).json()["Description"] == "first"
    assert (await door.client.head(place, headers=door.headers)).status_code == 204
    gone = await door.client.delete(place, headers=door.headers)
    assert gone.status_code == 204
    assert (await door.get(place)).status_code == 404


async def test_all_comes_first_in_pages_and_is_the_same_everywhere(door: Any) -> None:
    for name in ("One", "Two"):
        await door.post(SCOPES, json={"Name": name})
    names, token = [], ""
    while token is not None:
        page = (await door.get(f"{SCOPES}?limit=1&continuationToken={token}")).json()
        assert page["TotalItems"] == 3
        names += [one["Name"] for one in page["Items"]]
        token = page["ContinuationToken"]
    assert names == ["All", "One", "Two"]
    everything = (await door.get(f"{SCOPES}/{ZERO_GUID}/ScopedObjects")).json()
    assert everything["TotalItems"] == 2
    for method in ("PATCH", "DELETE"):
        answer = await door.client.request(method, f"{SCOPES}/All", headers=door.headers)
        assert answer.status_code == 409
    wrong = {"Name": "Three", "ScopedObjects": [{"ObjectType": "PolicySet", "Object": "x"}]}
    refused = await door.post(SCOPES, json=wrong)
    assert refused.status_code == 400
    assert {"name": "name", "value": "ScopedObjects.ObjectType"} in refused.json()["parameters"]
