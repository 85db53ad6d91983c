"""The callers' own preferences over the wire."""

from __future__ import annotations

import httpx
import pytest


@pytest.mark.covers("PUT /me/Preferences", 204, 400)
@pytest.mark.covers("GET /me/Preferences", 200)
@pytest.mark.covers("GET /me/Preferences/{name}", 200)
@pytest.mark.covers("DELETE /me/Preferences/{name}", 204)
def test_each_caller_keeps_names_and_values(staff: httpx.Client, nobody: httpx.Client) -> None:
    for name, value in (("grid.size", "40"), ("grid.sort", "Name"), ("theme", "dark")):
        assert staff.put("/me/Preferences", json={"Name": name, "Value": value}).status_code == 204
    assert staff.put("/me/Preferences", json={"name": "theme", "value": "light"}).status_code == 204
    assert staff.get("/me/Preferences/theme").json() == {"Name": "theme", "Value": "light"}
    some = staff.get("/me/Preferences?namePrefix=grid.").json()
    assert [one["Value"] for one in some["Items"]] == ["40", "Name"]
    assert staff.get("/me/Preferences").json()["TotalItems"] == 3
    assert nobody.get("/me/Preferences").json()["Items"] == []
    assert nobody.delete("/me/Preferences/theme").status_code == 404
    assert staff.delete("/me/Preferences/theme").status_code == 204
    assert staff.get("/me/Preferences/theme").status_code == 404
    for wrong in ({"Value": "x"}, {"Name": "x" * 129}, {"Name": "n", "Value": "x" * 70_000}):
        assert staff.put("/me/Preferences", json=wrong).status_code == 400
