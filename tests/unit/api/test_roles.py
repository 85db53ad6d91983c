from __future__ import annotations

from typing import Any

ROLES = "/cvad/manage/Admin/Roles"


async def test_a_role_is_made_at_its_place_changed_and_removed(door: Any) -> None:
    asked = {"name": "Watchers", "PERMISSIONS": ["Session_Read"], "CanLaunchManage": False}
    made = await door.post(ROLES, json=asked)
    assert (made.status_code, made.json()["Name"]) == (201, "Watchers")
    place = made.headers["location"]
    assert place.endswith(f"{ROLES}/{made.json()['Id']}")
    role = (await door.get(place)).json()
    assert role == made.json()
    assert [one["Id"] for one in role["Permissions"]] == ["Session_Read"]
    changed = await door.client.patch(place, headers=door.headers, json={"Description": "look"})
    assert (changed.status_code, changed.content) == (204, b"")
    assert (await door.get(place)).json()["Description"] == "look"
    listed = (await door.get(f"{ROLES}?limit=100")).json()
    assert listed["TotalItems"] == len(listed["Items"]) == 8
    assert [one["IsBuiltIn"] for one in listed["Items"]] == [True] * 7 + [False]
    head = await door.client.head(f"{ROLES}/watchers", headers=door.headers)
    assert head.status_code == 204
    gone = await door.client.delete(place, headers=door.headers)
    assert gone.status_code == 204
    assert (await door.get(place)).status_code == 404


async def test_a_built_in_role_says_what_it_is_for(door: Any) -> None:
    listed = (await door.get(ROLES)).json()["Items"]
    said = {one["Name"]: one["Description"] for one in listed}
    assert len(set(said.values())) == len(said) == 7
    assert all(text.startswith("Can ") and text.endswith(".") for text in said.values())
    assert "play, export, hold and delete recordings" in said["Session Recording Auditor"]
    held = {one["Name"]: {p["Id"] for p in one["Permissions"]} for one in listed}
    # What the texts deny.
    assert not any(p.startswith("Recording_") for p in held["Read Only Administrator"])
    assert held["Machine Catalog Administrator"] & {
        p for p in held["Help Desk Administrator"] if p.startswith("Session_")
    } == {"Session_Read"}
    group = held["Delivery Group Administrator"]
    assert not group & {"Session_Shadow", "Recording_Control"}
    assert "Recording_Control" not in held["Session Recording Auditor"]


async def test_permissions_stand_in_their_groups(door: Any) -> None:
    base = "/cvad/manage/Admin"
    every = (await door.get(f"{base}/Permissions")).json()["Items"]
    groups = (await door.get(f"{base}/PermissionGroups")).json()["Items"]
    inside = []
    for group in groups:
        path = f"{base}/PermissionGroups/{group['Id'].lower()}/Permissions"
        inside += (await door.get(path)).json()["Items"]
    assert inside == sorted(every, key=lambda one: [g["Id"] for g in groups].index(one["GroupId"]))
    assert (await door.get(f"{base}/PermissionGroups/None/Permissions")).status_code == 404


async def test_it_is_for_who_may(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    for path in (ROLES, "/cvad/manage/Admin/Permissions", f"{ROLES}/none"):
        assert (await door.client.get(path, headers=headers)).status_code == 403
    made = await door.client.post(ROLES, headers=headers, json={"Name": "x"})
    assert made.status_code == 403
