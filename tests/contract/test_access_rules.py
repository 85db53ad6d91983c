"""What viewers of a delivery group's sessions may do, over the wire."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.contract.conftest import LiveSite

PATH = "/footlight/v1/delivery-groups/{}/access"


@pytest.fixture(scope="module")
def group(staff: httpx.Client) -> dict[str, Any]:
    """A delivery group of its own."""
    body = {"Name": "Ruled", "MachineCatalogs": [], "SessionSupport": "MultiSession"}
    made = staff.post("/DeliveryGroups", json=body)
    assert made.status_code == 200, made.text
    return dict(made.json())


def test_rules_change_one_by_one(
    stage: LiveSite, staff: httpx.Client, group: dict[str, Any]
) -> None:
    path = stage.base_url + PATH.format(group["Name"])
    known = {"clipboard": "both", "askBeforeShadowing": False, "files": "both"}
    assert staff.get(path).json() == known
    for change in ({"clipboard": "out"}, {"askBeforeShadowing": True}, {"files": "in"}):
        known |= change
        assert staff.patch(path, json=change).json() == known
        assert staff.get(path).json() == known
    for wrong in ({"files": "over"}, {"clipboard": "sideways"}, {"askBeforeShadowing": "no"}):
        assert staff.patch(path, json=wrong).status_code == 400
    missing = stage.base_url + PATH.format("nowhere")
    assert staff.get(missing).status_code == 404
    assert staff.patch(missing, json={}).status_code == 404
    logged = staff.get("/ConfigLog/Operations").json()["Items"]
    assert "Edit access rules of delivery group 'Ruled'" in [one["Text"] for one in logged]


def test_who_may_not(stage: LiveSite, nobody: httpx.Client, group: dict[str, Any]) -> None:
    path = stage.base_url + PATH.format(group["Id"])
    assert nobody.get(path).status_code == 403
    assert nobody.patch(path, json={"clipboard": "off"}).status_code == 403
    with stage.bare_client() as client:
        assert client.get(path).status_code == 401
        assert client.patch(path, json={"clipboard": "off"}).status_code == 401
