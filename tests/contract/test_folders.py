"""Folders over the wire, on a real site."""

from __future__ import annotations

import httpx
import pytest


@pytest.mark.covers("POST /AdminFolders", 200, 400, 404, 409)
@pytest.mark.covers("GET /AdminFolders", 200, 400)
@pytest.mark.covers("GET /AdminFolders/{pathOrId}", 200)
@pytest.mark.covers("PATCH /AdminFolders/{pathOrId}", 200, 400, 409)
@pytest.mark.covers("DELETE /AdminFolders/{pathOrId}", 204, 409)
def test_a_folder_is_made_moved_and_deleted(staff: httpx.Client) -> None:
    body = {"Name": "Games", "Path": "Home|Fun", "ObjectIdentifiers": ["ContainsApplications"]}
    made = staff.post("/AdminFolders", json=body)
    assert made.status_code == 200, made.text
    assert made.json()["Path"] == "Home\\Fun\\Games\\"
    assert made.json()["Metadata"] == [{"Name": "ContainsApplications", "Value": "true"}]
    for name in (made.json()["Id"], "home|fun|GAMES", "Home%5CFun%5CGames%5C", "Home|Fun|Games|"):
        assert staff.get(f"/AdminFolders/{name}").json()["Id"] == made.json()["Id"], name
    (child,) = staff.get("/AdminFolders/Home|Fun").json()["Children"]
    assert child["Name"] == "Home\\Fun\\Games\\"
    assert made.json()["Parent"]["Name"] == "Home\\Fun\\"
    assert staff.get("/AdminFolders?fields=Path").json()["TotalItems"] >= 3
    assert staff.get("/AdminFolders?limit=0").status_code == 400

    assert staff.post("/AdminFolders", json=body).status_code == 409
    assert staff.post("/AdminFolders", json={"Name": "a|b"}).status_code == 400
    unknown = {"Name": "x", "ObjectIdentifiers": ["ContainsSand"]}
    assert staff.post("/AdminFolders", json=unknown).status_code == 400
    lost = {"Name": "x", "ParentId": "11111111-1111-4111-8111-111111111111"}
    assert staff.post("/AdminFolders", json=lost).status_code == 404

    moved = staff.patch("/AdminFolders/Home|Fun", json={"Name": "Play", "Parent": ""})
    assert (moved.status_code, moved.json()["Path"]) == (200, "Play\\")
    assert staff.get(f"/AdminFolders/{made.json()['Id']}").json()["Path"] == "Play\\Games\\"
    inside = staff.patch("/AdminFolders/Play", json={"Parent": "Play|Games"})
    assert inside.status_code == 409
    assert staff.patch("/AdminFolders/Play", json={"Name": ""}).status_code == 400
    assert staff.patch("/AdminFolders/Play", json={"Name": "HOME"}).status_code == 409

    assert staff.delete("/AdminFolders/Play").status_code == 409
    for path in ("Play|Games", "Play", "Home"):
        assert staff.delete(f"/AdminFolders/{path}").status_code == 204
    assert staff.get("/AdminFolders/Play").status_code == 404


@pytest.mark.covers("POST /ApplicationFolders", 200, 400, 404, 409)
@pytest.mark.covers("GET /ApplicationFolders", 200, 400)
@pytest.mark.covers("GET /ApplicationFolders/{pathOrId}", 200)
@pytest.mark.covers("HEAD /ApplicationFolders/{pathOrId}", 204)
@pytest.mark.covers("PATCH /ApplicationFolders/{pathOrId}", 200, 400, 409)
@pytest.mark.covers("DELETE /ApplicationFolders/{pathOrId}", 204, 409)
def test_application_folders_are_the_same_tree(staff: httpx.Client) -> None:
    made = staff.post("/ApplicationFolders", json={"Path": "Office|Tools"})
    assert made.status_code == 200, made.text
    above = staff.get("/AdminFolders/Office").json()
    below = staff.post("/ApplicationFolders", json={"Name": "More", "ParentId": above["Id"]})
    assert below.json()["Path"] == "Office\\More\\"
    assert staff.head("/ApplicationFolders/Office|Tools").status_code == 204
    listed = staff.get("/ApplicationFolders").json()["Items"]
    assert {"Office\\", "Office\\Tools\\", "Office\\More\\"} <= {one["Path"] for one in listed}
    assert staff.get("/ApplicationFolders?limit=x").status_code == 400
    assert staff.post("/ApplicationFolders", json={}).status_code == 400
    assert staff.post("/ApplicationFolders", json={"Path": "OFFICE|tools"}).status_code == 409
    nowhere = {"Name": "x", "ParentId": "11111111-1111-4111-8111-111111111111"}
    assert staff.post("/ApplicationFolders", json=nowhere).status_code == 404
    renamed = staff.patch("/ApplicationFolders/Office|More", json={"Name": "Less"})
    assert renamed.json()["Name"] == "Less"
    assert staff.get("/ApplicationFolders/Office|Less").json()["Id"] == below.json()["Id"]
    assert staff.patch("/ApplicationFolders/Office|Less", json={"Name": "Tools"}).status_code == 409
    assert staff.patch("/ApplicationFolders/Office|Less", json={"Name": 5}).status_code == 400
    assert staff.delete("/ApplicationFolders/Office").status_code == 409
    for path in ("Office|Tools", "Office|Less", "Office"):
        assert staff.delete(f"/ApplicationFolders/{path}").status_code == 204
    assert staff.head("/ApplicationFolders/Office").status_code == 404
