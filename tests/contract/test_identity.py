"""Users, groups, domains and machines of the identity routes, over the wire."""

from __future__ import annotations

import httpx
import pytest
from tests.contract.conftest import LiveSite, introduce

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def ivy(staff: httpx.Client, stage: LiveSite) -> str:
    """An account of the site, made for these tests."""
    body = {"name": "ivy", "displayName": "Ivy League", "password": PASSWORD}
    made = staff.post(f"{stage.base_url}/footlight/v1/accounts", json=body)
    assert made.status_code == 201, made.text
    return "ivy"


@pytest.mark.covers("GET /Identity/Users", 200, 400)
def test_an_account_is_found_once_it_is_there(staff: httpx.Client, stage: LiveSite) -> None:
    def names(**query: object) -> list[str]:
        answer = staff.get("/Identity/Users", params=query)
        assert answer.status_code == 200, answer.text
        return [one["SamName"] for one in answer.json()["Items"]]

    assert names(user="FOOTLIGHT\\fern") == []
    body = {"name": "fern", "displayName": "Fern Gully"}
    staff.post(f"{stage.base_url}/footlight/v1/accounts", json=body)
    for name in ("FOOTLIGHT\\fern", "fern@footlight", "FERN"):
        assert names(user=name) == ["FOOTLIGHT\\fern"]
    (shown,) = staff.get("/Identity/Users?user=fern").json()["Items"]
    assert (shown["DisplayName"], shown["IsGroup"], shown["Enabled"]) == ("Fern Gully", False, True)
    assert names(startsWith="fern", userType="User") == ["FOOTLIGHT\\fern"]
    assert names(contains="gull") == ["FOOTLIGHT\\fern"]
    assert names(matches="fe*n", domain="footlight") == ["FOOTLIGHT\\fern"]
    assert names(startsWith="fern", userType="Group") == []
    assert names(startsWith="fern", provider="Okta") == []
    both = names(user=["fern", "admin"])
    assert set(both) == {"FOOTLIGHT\\fern", "FOOTLIGHT\\admin"}
    limited = staff.get("/Identity/Users?limit=1").json()
    assert (len(limited["Items"]), limited["TotalItems"] > 1) == (1, True)
    for wrong in ("startsWith=a&contains=b", "userType=Sand", "provider=Sand", "limit=0"):
        assert staff.get(f"/Identity/Users?{wrong}").status_code == 400, wrong


@pytest.mark.covers("GET /Identity/Users/{userOrGroup}", 200)
@pytest.mark.covers("PATCH /Identity/Users/{userOrGroup}", 200, 400, 409)
def test_a_display_name_is_changed(staff: httpx.Client, ivy: str) -> None:
    root = staff.get("/Identity/Users/S-1-22-1-0").json()
    assert (root["SamAccountName"], root["IsBuiltIn"]) == ("root", True)
    assert staff.get("/Identity/Users/S-1-22-2-0").json()["IsGroup"] is True
    changed = staff.patch(f"/Identity/Users/{ivy}", json={"DisplayName": "Ivy Bush"})
    assert (changed.status_code, changed.json()["DisplayName"]) == (200, "Ivy Bush")
    assert staff.get("/Identity/Users/FOOTLIGHT%5Civy").json()["DisplayName"] == "Ivy Bush"
    assert staff.patch("/Identity/Users/root", json={"DisplayName": "x"}).status_code == 409
    assert staff.patch(f"/Identity/Users/{ivy}", json={"DisplayName": " "}).status_code == 400


@pytest.mark.covers("POST /Identity/Users/$validate", 200, 400)
def test_a_password_is_looked_at(staff: httpx.Client, ivy: str) -> None:
    body = {"UserName": f"FOOTLIGHT\\{ivy}", "Password": PASSWORD}
    good = staff.post("/Identity/Users/$validate", json=body)
    assert (good.status_code, good.json()["SamAccountName"]) == (200, ivy)
    assert staff.get(f"/Identity/Users/{ivy}").json()["Guid"] == good.json()["Guid"]
    bad = staff.post("/Identity/Users/$validate", json={**body, "Password": "wrong"})
    assert (bad.status_code, bad.json()["SdkErrorId"]) == (400, "InvalidAccount")
    assert staff.post("/Identity/Users/$validate", json={"UserName": ivy}).status_code == 400


@pytest.mark.covers("GET /Identity/Machines", 200, 400)
@pytest.mark.covers("GET /Identity/Machines/{machine}", 200)
def test_machines_are_those_of_the_site(staff: httpx.Client, stage: LiveSite) -> None:
    machine_id = stage.in_database(lambda c: introduce(c, "known"))
    shown = staff.get("/Identity/Machines/KNOWN").json()
    assert (shown["Guid"], shown["SamAccountName"]) == (machine_id, "KNOWN$")
    listed = staff.get("/Identity/Machines").json()["Items"]
    assert machine_id in [one["Guid"] for one in listed]
    assert staff.get("/Identity/Machines?limit=0").status_code == 400
    assert staff.delete(f"/Machines/{machine_id}").status_code == 204
    assert staff.get("/Identity/Machines/KNOWN").status_code == 404


@pytest.mark.covers("GET /Identity/Domains", 200)
@pytest.mark.covers("GET /Identity/Domains/{domain}", 200)
@pytest.mark.covers("GET /Identity/Forests", 200)
@pytest.mark.covers("GET /Identity/Forests/{forest}", 200)
@pytest.mark.covers("GET /Identity/Directories", 200)
@pytest.mark.covers("GET /Identity/Containers", 200)
def test_the_site_is_a_domain_and_a_forest(staff: httpx.Client) -> None:
    domains = [one["Name"] for one in staff.get("/Identity/Domains").json()["Items"]]
    assert domains[0] == "FOOTLIGHT"
    assert staff.get("/Identity/Domains/footlight").json()["Forest"] == "FOOTLIGHT"
    (forest,) = staff.get("/Identity/Forests").json()["Items"]
    assert forest["Domains"] == domains
    assert staff.get("/Identity/Forests/Footlight").json() == forest
    directories = staff.get("/Identity/Directories").json()["Items"]
    assert [one["Domain"] for one in directories] == domains
    assert staff.get("/Identity/Containers").json()["Items"] == []
