"""Administrators, roles and scopes over the wire, on a real site."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest

PASSWORD = "correct horse"
Enter = Callable[[str], AbstractContextManager[httpx.Client]]


@pytest.fixture(scope="module")
def enter(stage: Any, staff: httpx.Client) -> Enter:
    """Makes an account of that name and signs it in."""

    @contextmanager
    def entered(name: str) -> Iterator[httpx.Client]:
        body = {"name": name, "password": PASSWORD}
        made = staff.post(f"{stage.base_url}/footlight/v1/accounts", json=body)
        assert made.status_code in (201, 409), made.text
        token = staff.post("/tokens", auth=(name, PASSWORD)).json()["Token"]
        headers = {**stage.headers(), "Authorization": f"CWSAuth bearer={token}"}
        with httpx.Client(
            base_url=str(staff.base_url),
            verify=stage.tls(),
            headers=headers,
            timeout=40,
        ) as client:
            yield client

    return entered


@pytest.mark.covers("POST /Admin/Roles", 201, 400, 409)
@pytest.mark.covers("GET /Admin/Roles", 200, 400)
@pytest.mark.covers("GET /Admin/Roles/{nameOrId}", 200)
@pytest.mark.covers("HEAD /Admin/Roles/{nameOrId}", 204)
@pytest.mark.covers("PATCH /Admin/Roles/{nameOrId}", 204, 400, 409)
@pytest.mark.covers("DELETE /Admin/Roles/{nameOrId}", 204, 409)
def test_a_role_lives(staff: httpx.Client) -> None:
    made = staff.post("/Admin/Roles", json={"Name": "Watchers", "Permissions": ["Session_Read"]})
    assert made.status_code == 201, made.text
    place, role_id = made.headers["location"], made.json()["Id"]
    assert place == f"{staff.base_url}/Admin/Roles/{role_id}".replace("//Admin", "/Admin")
    for name in (role_id, "Watchers", "wATCHERS"):
        assert staff.get(f"/Admin/Roles/{name}").json()["Id"] == role_id
    assert staff.head("/Admin/Roles/Watchers").status_code == 204
    listed = staff.get("/Admin/Roles").json()
    assert all(one["Description"] for one in listed["Items"] if one["IsBuiltIn"])
    assert role_id in [one["Id"] for one in listed["Items"]]
    assert listed["TotalItems"] == len(listed["Items"])
    assert staff.get("/Admin/Roles?limit=0").status_code == 400
    for body in (
        {},
        {"Name": "Janitors"},
        {"Name": "Janitors", "Permissions": ["Floor_Sweep"]},
        {"Name": 7, "Permissions": ["Session_Read"]},
    ):
        assert staff.post("/Admin/Roles", json=body).status_code == 400, body
    again = staff.post("/Admin/Roles", json={"Name": "WATCHERS", "Permissions": ["Session_Read"]})
    assert (again.status_code, again.json()["SdkErrorId"]) == (409, "RoleAlreadyExists")
    changed = staff.patch(place, json={"Permissions": ["Session_Read", "Machine_Read"]})
    assert (changed.status_code, changed.content) == (204, b"")
    now = staff.get(place).json()["Permissions"]
    assert {one["Id"] for one in now} == {"Session_Read", "Machine_Read"}
    assert staff.patch(place, json={"Permissions": []}).status_code == 400
    built_in = "/Admin/Roles/Help%20Desk%20Administrator"
    assert staff.patch(built_in, json={"Name": "Mine"}).status_code == 409
    assert staff.delete(built_in).status_code == 409
    assert staff.delete(place).status_code == 204
    assert staff.get(place).status_code == 404


@pytest.mark.covers("GET /Admin/Permissions", 200)
@pytest.mark.covers("GET /Admin/PermissionGroups", 200)
@pytest.mark.covers("GET /Admin/PermissionGroups/{id}/Permissions", 200)
def test_a_role_can_be_made_of_every_permission_that_is_listed(staff: httpx.Client) -> None:
    every = staff.get("/Admin/Permissions").json()["Items"]
    groups = staff.get("/Admin/PermissionGroups").json()["Items"]
    grouped = [
        one["Id"]
        for group in groups
        for one in staff.get(f"/Admin/PermissionGroups/{group['Id']}/Permissions").json()["Items"]
    ]
    ids = [one["Id"] for one in every]
    assert sorted(grouped) == sorted(ids)
    made = staff.post("/Admin/Roles", json={"Name": "Everything", "Permissions": ids})
    assert made.status_code == 201, made.text
    got = staff.get(made.headers["location"]).json()["Permissions"]
    assert {one["Id"] for one in got} == set(ids)
    staff.delete(made.headers["location"])


@pytest.mark.covers("POST /Admin/Scopes", 201, 400, 404, 409)
@pytest.mark.covers("GET /Admin/Scopes", 200, 400)
@pytest.mark.covers("GET /Admin/Scopes/{nameOrId}", 200)
@pytest.mark.covers("HEAD /Admin/Scopes/{nameOrId}", 204)
@pytest.mark.covers("GET /Admin/Scopes/{nameOrId}/ScopedObjects", 200)
@pytest.mark.covers("PATCH /Admin/Scopes/{nameOrId}", 204, 400, 409)
@pytest.mark.covers("DELETE /Admin/Scopes/{nameOrId}", 204, 409)
def test_a_scope_lives(staff: httpx.Client, enter: Enter) -> None:
    hosts = {"ObjectType": "MachineCatalog", "Object": "Linux hosts"}
    body = {"Name": "Floor", "Description": "the first", "ScopedObjects": [hosts]}
    made = staff.post("/Admin/Scopes", json=body)
    assert made.status_code == 201, made.text
    place = made.headers["location"]
    assert staff.get("/Admin/Scopes/FLOOR").json()["Id"] == made.json()["Id"]
    assert staff.head("/Admin/Scopes/Floor").status_code == 204
    (held,) = staff.get("/Admin/Scopes/Floor/ScopedObjects").json()["Items"]
    assert (held["ObjectType"], held["Object"]["Name"]) == ("MachineCatalog", "Linux hosts")
    listed = staff.get("/Admin/Scopes").json()["Items"]
    assert [one["Name"] for one in listed if one["IsAllScope"]] == ["All"]
    assert "Floor" in [one["Name"] for one in listed]
    assert staff.get("/Admin/Scopes?limit=x").status_code == 400
    group = {"ObjectType": "DeliveryGroup", "Object": "Everyone"}
    assert staff.patch(place, json={"ScopedObjects": [group]}).status_code == 204
    (held,) = staff.get(f"{place}/ScopedObjects").json()["Items"]
    assert (held["ObjectType"], held["Object"]["Name"]) == ("DeliveryGroup", "Everyone")
    assert staff.post("/Admin/Scopes", json={}).status_code == 400
    wrong = [{"ObjectType": "Tag", "Object": "x"}]
    assert staff.patch(place, json={"ScopedObjects": wrong}).status_code == 400
    absent = {"Name": "Roof", "ScopedObjects": [{**group, "Object": "Nobody"}]}
    assert staff.post("/Admin/Scopes", json=absent).status_code == 404
    taken = staff.post("/Admin/Scopes", json={"Name": "fLOOR"})
    assert (taken.status_code, taken.json()["SdkErrorId"]) == (409, "ScopeAlreadyExists")
    assert staff.patch("/Admin/Scopes/All", json={"Name": "Most"}).status_code == 409
    with enter("fay"):
        right = {"Role": "Help Desk Administrator", "Scope": "Floor"}
        staff.post("/Admin/Administrators", json={"User": "fay", "Rights": [right]})
        assert staff.delete(place).status_code == 409
        assert staff.delete("/Admin/Administrators/fay").status_code == 204
    assert staff.delete(place).status_code == 204
    assert staff.get(place).status_code == 404


@pytest.mark.covers("POST /Admin/Administrators", 204, 400, 404, 409)
@pytest.mark.covers("GET /Admin/Administrators", 200, 400)
@pytest.mark.covers("GET /Admin/Administrators/{nameOrId}", 200)
@pytest.mark.covers("HEAD /Admin/Administrators/{nameOrId}", 204)
@pytest.mark.covers("PATCH /Admin/Administrators/{nameOrId}", 204, 400, 409)
@pytest.mark.covers("DELETE /Admin/Administrators/{nameOrId}", 204, 409)
@pytest.mark.covers("GET /Admin/EffectiveRights", 200, 304)
def test_an_administrator_has_rights_at_once_and_loses_them_at_once(
    staff: httpx.Client, enter: Enter
) -> None:
    with enter("gil") as gil:
        assert gil.get("/Admin/EffectiveRights").json()["Items"] == []
        assert gil.get("/Admin/Roles").status_code == 403
        right = {"Role": "Read Only Administrator", "Scope": "All"}
        body = {"User": "FOOTLIGHT\\gil", "Rights": [right]}
        assert staff.post("/Admin/Administrators", json=body).status_code == 204
        assert gil.get("/Admin/Roles").status_code == 200
        mine = gil.get("/Admin/EffectiveRights")
        assert mine.json()["Items"][0]["Role"]["Name"] == "Read Only Administrator"
        known = {"If-None-Match": mine.headers["etag"]}
        assert gil.get("/Admin/EffectiveRights", headers=known).status_code == 304
        place = "/Admin/Administrators/FOOTLIGHT%5Cgil"
        assert staff.head(place).status_code == 204
        assert staff.patch(place, json={"Enabled": False}).status_code == 204
        assert staff.get(place).json()["Enabled"] is False
        assert gil.get("/Admin/Roles").status_code == 403
        assert gil.get("/Admin/EffectiveRights", headers=known).status_code == 200
        names = [one["User"]["Name"] for one in staff.get("/Admin/Administrators").json()["Items"]]
        assert "FOOTLIGHT\\gil" in names
        assert staff.get("/Admin/Administrators?limit=1001").status_code == 400
        again = staff.post("/Admin/Administrators", json=body)
        assert (again.status_code, again.json()["SdkErrorId"]) == (409, "AdminAlreadyExists")
        assert staff.delete(place).status_code == 204
        assert staff.get(place).status_code == 404
    assert staff.post("/Admin/Administrators", json={}).status_code == 400
    assert staff.post("/Admin/Administrators", json={"User": "nobody at all"}).status_code == 404
    wrong = {"Rights": [{"Role": "Read Only Administrator"}]}
    assert staff.patch("/Admin/Administrators/admin", json=wrong).status_code == 400
    last = staff.patch("/Admin/Administrators/admin", json={"Enabled": False})
    assert (last.status_code, last.json()["SdkErrorId"]) == (409, "LastFullAdmin")
    assert staff.delete("/Admin/Administrators/admin").status_code == 409


@pytest.mark.covers("GET /Admin/Administrators/{nameOrId}/Report", 200)
@pytest.mark.covers("GET /Admin/Administrators/{nameOrId}/PreviewDeleteConsequence", 200)
@pytest.mark.covers("GET /Admin/Administrators/{nameOrId}/NamePreview", 200)
@pytest.mark.covers("POST /Admin/Administrators/$PreviewReport", 200, 400, 404)
def test_what_would_be_is_told_before_it_is(staff: httpx.Client, enter: Enter) -> None:
    with enter("hal"):
        name = "/Admin/Administrators/hal/NamePreview"
        assert staff.get(name).json() == {"Name": "hal", "Error": None}
        right = {"Role": "Help Desk Administrator", "Scope": "All"}
        body = {"User": "hal", "Rights": [right]}
        preview = staff.post("/Admin/Administrators/$PreviewReport", json=body)
        assert staff.post("/Admin/Administrators", json=body).status_code == 204
        assert staff.get(name).json()["Error"]
        report = staff.get("/Admin/Administrators/hal/Report")
        assert report.json() == preview.json()
        assert b"Help Desk" in base64.b64decode(report.json()["EncodedReport"])
        consequence = staff.get("/Admin/Administrators/hal/PreviewDeleteConsequence")
        assert consequence.json() == {"Consequence": "AllRightsLost"}
        staff.patch("/Admin/Administrators/hal", json={"Rights": []})
        consequence = staff.get("/Admin/Administrators/hal/PreviewDeleteConsequence")
        assert consequence.json() == {"Consequence": "NoRightsLost"}
        staff.delete("/Admin/Administrators/hal")
    wrong = staff.post("/Admin/Administrators/$PreviewReport", json={"User": " "})
    assert wrong.status_code == 400
    absent = staff.post("/Admin/Administrators/$PreviewReport", json={"User": "not here"})
    assert absent.status_code == 404
