"""Tags over the wire, on a real site."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from tests.contract.conftest import LiveSite, introduce


@pytest.fixture
def red(staff: httpx.Client) -> Iterator[str]:
    """The id of a tag "Red"."""
    made = staff.post("/Tags", json={"Name": "Red", "Description": "of the first floor"})
    assert made.status_code == 200, made.text
    yield made.json()["Id"]
    staff.delete(f"/Tags/{made.json()['Id']}")


@pytest.mark.covers("POST /Tags", 200, 400, 409)
@pytest.mark.covers("GET /Tags", 200, 400)
@pytest.mark.covers("GET /Tags/{nameOrId}", 200)
@pytest.mark.covers("HEAD /Tags/{nameOrId}", 204)
def test_a_tag_is_made_once_and_found_by_each_of_its_names(staff: httpx.Client, red: str) -> None:
    found = [staff.get(f"/Tags/{name}").json() for name in (red, "Red", "rED")]
    assert [one["Id"] for one in found] == [red] * 3
    assert found[0]["Description"] == "of the first floor"
    assert found[0]["NumMachines"] == found[0]["NumUnknownObjects"] == 0
    assert staff.head("/Tags/red").status_code == 204
    listed = staff.get("/Tags?fields=Id,Name").json()
    assert {"Id": red, "Name": "Red"} in listed["Items"]
    assert listed["TotalItems"] == len(listed["Items"])
    assert staff.get("/Tags?limit=0").status_code == 400
    again = staff.post("/Tags", json={"name": "RED"})
    assert (again.status_code, again.json()["SdkErrorId"]) == (409, "DuplicateObject")
    for body in ({}, {"Name": " "}, {"Name": "x" * 65}, {"Name": 7}, {"Name": "a\nb"}):
        wrong = staff.post("/Tags", json=body)
        assert wrong.status_code == 400, body
        assert {"name": "name", "value": "Name"} in wrong.json()["parameters"], wrong.text


@pytest.mark.covers("PATCH /Tags/{nameOrId}", 200, 400, 409)
def test_a_tag_is_renamed(staff: httpx.Client, red: str) -> None:
    renamed = staff.patch("/Tags/Red", json={"name": "Blue"})
    assert (renamed.status_code, renamed.json()["Name"]) == (200, "Blue")
    assert renamed.json()["Description"] == "of the first floor"
    assert staff.get("/Tags/Red").status_code == 404
    assert staff.get("/Tags/Blue").json()["Id"] == red
    other = staff.post("/Tags", json={"Name": "Green"}).json()["Id"]
    assert staff.patch("/Tags/Green", json={"Name": "BLUE"}).status_code == 409
    assert staff.patch("/Tags/Green", json={"Name": ""}).status_code == 400
    assert staff.delete(f"/Tags/{other}").status_code == 204


@pytest.mark.covers("DELETE /Tags/{nameOrId}", 204)
def test_a_deleted_tag_is_gone(staff: httpx.Client) -> None:
    staff.post("/Tags", json={"Name": "Short lived"})
    assert staff.delete("/Tags/short%20lived?force=true").status_code == 204
    assert staff.head("/Tags/Short%20lived").status_code == 404


@pytest.mark.covers("PUT /Tags/{nameOrId}/Applications", 204, 400)
@pytest.mark.covers("GET /Tags/{nameOrId}/Applications", 200, 400)
@pytest.mark.covers("PUT /Tags/{nameOrId}/DeliveryGroups", 204, 400)
@pytest.mark.covers("GET /Tags/{nameOrId}/DeliveryGroups", 200, 400)
@pytest.mark.covers("GET /Tags/{nameOrId}/MachineCatalogs", 200, 400)
def test_a_tag_is_put_on_objects(staff: httpx.Client, red: str) -> None:
    def named() -> list[str]:
        return [one["Name"] for one in staff.get("/Tags/Red/Applications").json()["Items"]]

    url = "/Tags/Red/Applications"
    assert staff.put(url, json={"Items": ["terminal", "Web Browser"]}).status_code == 204
    assert named() == ["Terminal", "Web Browser"]
    assert staff.get(f"/Tags/{red}").json()["NumApplications"] == 2
    assert staff.put(url, json={"Items": ["Text Editor"]}).status_code == 204
    assert named() == ["Text Editor"]
    assert staff.get("/Applications/Text%20Editor").json()["Tags"] == ["Red"]
    assert staff.put(url, json={"Items": ["nothing"]}).status_code == 404
    assert staff.put(url, json={}).status_code == 400
    assert staff.get(f"{url}?limit=0").status_code == 400
    groups = "/Tags/Red/DeliveryGroups"
    assert staff.put(groups, json={"Items": ["Everyone"]}).status_code == 204
    assert staff.get("/Tags/Red").json()["NumDeliveryGroups"] == 1
    assert [one["Name"] for one in staff.get(groups).json()["Items"]] == ["Everyone"]
    assert staff.get(f"{groups}?limit=0").status_code == 400
    catalogs = "/Tags/Red/MachineCatalogs"
    assert staff.post("/MachineCatalogs/Linux%20hosts/Tags/Red").status_code == 200
    (one,) = staff.get(catalogs).json()["Items"]
    assert (one["Name"], staff.get("/Tags/Red").json()["NumMachineCatalogs"]) == ("Linux hosts", 1)
    assert staff.get(f"{catalogs}?limit=0").status_code == 400
    assert staff.delete("/MachineCatalogs/Linux%20hosts/Tags/Red").status_code == 204
    assert staff.get(catalogs).json()["Items"] == []
    assert staff.put(groups, json={"Items": []}).status_code == 204
    assert staff.get("/Tags/Red").json()["NumDeliveryGroups"] == 0
    assert staff.put(groups, json={"Items": [1]}).status_code == 400


@pytest.mark.covers("GET /Tags/{nameOrId}/Machines", 200, 400)
def test_machines_of_a_tag(staff: httpx.Client, stage: LiveSite, red: str) -> None:
    machine_id = stage.in_database(lambda c: introduce(c, "tagged"))
    assert staff.get("/Tags/Red/Machines").json()["Items"] == []
    assert staff.post(f"/Machines/{machine_id}/Tags/Red").status_code == 200
    (one,) = staff.get("/Tags/Red/Machines?fields=Id,Tags").json()["Items"]
    assert one == {"Id": machine_id, "Tags": ["Red"]}
    assert staff.get("/Tags/Red/Machines?continuationToken=x").status_code == 400
    assert staff.delete("/Machines/tagged").status_code == 204
    assert staff.get("/Tags/Red/Machines").json()["TotalItems"] == 0
