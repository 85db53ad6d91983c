"""Zones over the wire, on a real site."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

CATALOG = "Linux hosts"  # of the founding


@pytest.fixture
def cellar(staff: httpx.Client) -> Iterator[str]:
    """The id of a zone "Cellar"."""
    made = staff.post("/Zones", json={"Name": "Cellar", "Description": "below"})
    assert made.status_code == 201, made.text
    zone_id = made.headers["location"].rpartition("/")[2]
    yield zone_id
    body = {"Items": [{"Name": CATALOG, "ItemType": "MachineCatalog"}]}
    staff.post("/Zones/$removeItems", json=body)
    staff.delete(f"/Zones/{zone_id}")


@pytest.mark.covers("POST /Zones", 201, 400, 409)
@pytest.mark.covers("GET /Zones", 200)
@pytest.mark.covers("GET /Zones/{nameOrId}", 200)
@pytest.mark.covers("HEAD /Zones/{nameOrId}", 204)
@pytest.mark.covers("PATCH /Zones/{nameOrId}", 204, 400, 409)
def test_a_zone_is_made_and_changed(staff: httpx.Client, cellar: str) -> None:
    listed = staff.get("/Zones").json()["Items"]
    assert [one["IsPrimary"] for one in listed] == [True, False]
    assert staff.head("/Zones/CELLAR").status_code == 204
    shown = staff.get(f"/Zones/{cellar}").json()
    assert (shown["Name"], shown["Description"], shown["Controllers"]) == ("Cellar", "below", [])
    assert staff.get("/Zones/Primary").json()["Controllers"] != []
    change = {"Name": "Attic", "Metadata": [{"Name": "floor", "Value": "9"}]}
    assert staff.patch("/Zones/Cellar", json=change).status_code == 204
    shown = staff.get("/Zones/attic").json()
    assert (shown["Id"], shown["Description"]) == (cellar, "below")
    assert shown["Metadata"] == change["Metadata"]
    assert staff.post("/Zones", json={"Name": "ATTIC"}).status_code == 409
    assert staff.post("/Zones", json={}).status_code == 400
    assert staff.patch("/Zones/Attic", json={"Name": "primary"}).status_code == 409
    assert staff.patch("/Zones/Attic", json={"Name": " "}).status_code == 400


@pytest.mark.covers("POST /Zones/{nameOrId}/$addItems", 204, 400)
@pytest.mark.covers("POST /Zones/{nameOrId}/$moveItems", 204, 400)
@pytest.mark.covers("POST /Zones/$removeItems", 204, 400, 404)
@pytest.mark.covers("POST /Zones/$search", 200, 400)
@pytest.mark.covers("DELETE /Zones/{nameOrId}", 204, 409)
def test_catalogs_move_between_zones(staff: httpx.Client, cellar: str) -> None:
    item = {"Name": CATALOG, "ItemType": "MachineCatalog"}

    def where() -> list[str]:
        found = staff.post("/Zones/$search", json={"BasicSearchString": "linux HOSTS"}).json()
        return [one["ZoneName"] for one in found["Items"]]

    assert where() == ["Primary"]
    for verb in ("$addItems", "$moveItems"):
        put = staff.post(f"/Zones/Cellar/{verb}", json={"Items": [item]})
        assert put.status_code == 204, put.text
        assert where() == ["Cellar"]
        assert staff.delete("/Zones/Cellar").status_code == 409
        assert staff.post("/Zones/$removeItems", json={"Items": [item]}).status_code == 204
        assert where() == ["Primary"]
        wrong = {"Items": [{"Name": "x", "ItemType": "User"}]}
        assert staff.post(f"/Zones/Cellar/{verb}", json=wrong).status_code == 400
        lost = {"Items": [{"Name": "x", "ItemType": "MachineCatalog"}]}
        assert staff.post(f"/Zones/Cellar/{verb}", json=lost).status_code == 404
    assert staff.post("/Zones/$removeItems", json={"Items": 3}).status_code == 400
    of_zone = {"ZoneId": cellar, "ItemType": "MachineCatalog"}
    assert staff.post("/Zones/$search", json=of_zone).json()["TotalItems"] == 0
    assert staff.post("/Zones/$search", json={"ItemType": "User"}).json()["Items"] == []
    assert staff.post("/Zones/$search", json={"ItemType": "Sand"}).status_code == 400
    assert staff.delete("/Zones/Primary").status_code == 409
    assert staff.delete("/Zones/Cellar").status_code == 204
    assert staff.get(f"/Zones/{cellar}").status_code == 404
