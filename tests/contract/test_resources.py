"""What users are offered, over the wire: by their delivery groups, with pictures."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image
from tests.contract.conftest import CALL_TIMEOUT_S, LiveSite

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def users(stage: LiveSite, staff: httpx.Client) -> Iterator[dict[str, httpx.Client]]:
    """Two users, signed in."""
    opened: dict[str, httpx.Client] = {}
    for name in ("olga", "paul"):
        body = {"name": name, "password": PASSWORD}
        assert staff.post(f"{stage.base_url}/footlight/v1/accounts", json=body).status_code == 201
        token = staff.post("/tokens", auth=(name, PASSWORD)).json()["Token"]
        opened[name] = httpx.Client(
            base_url=f"{stage.base_url}/footlight/v1",
            verify=stage.tls(),
            headers={"Authorization": f"Bearer {token}"},
            timeout=CALL_TIMEOUT_S,
        )
    yield opened
    for client in opened.values():
        client.close()


@pytest.fixture
def offices(staff: httpx.Client) -> Iterator[None]:
    """Two groups, each of one user, with an application in each and one in both."""
    for group, user in (("North", "olga"), ("South", "paul")):
        policy = {"IncludedUserFilterEnabled": True, "IncludedUsers": [f"FOOTLIGHT\\{user}"]}
        made = staff.post("/DeliveryGroups", json={"Name": group, "SimpleAccessPolicy": policy})
        assert made.status_code == 200, made.text
    for name, groups in (("Atlas", ["North"]), ("Banjo", ["South"]), ("Both", ["North", "South"])):
        application = {
            "Name": name,
            "Description": f"about {name}",
            "InstalledAppProperties": {"CommandLineExecutable": "xterm"},
        }
        body = {
            "NewApplications": [application],
            "DeliveryGroups": [{"Item": group} for group in groups],
        }
        made = staff.post("/Applications", json=body)
        assert made.status_code == 201, made.text
    yield
    for name in ("Atlas", "Banjo", "Both"):
        staff.delete(f"/Applications/{name}")
    for group in ("North", "South"):
        staff.delete(f"/DeliveryGroups/{group}")


def offered(client: httpx.Client) -> dict[str, Any]:
    """By name, without what everybody has."""
    answer = client.get("/resources")
    assert answer.status_code == 200, answer.text
    items = {item["name"]: item for item in answer.json()["items"]}
    return {name: items[name] for name in ("Atlas", "Banjo", "Both") if name in items}


def test_each_has_what_his_groups_give(
    offices: None, staff: httpx.Client, users: dict[str, httpx.Client]
) -> None:
    olga, paul = users["olga"], users["paul"]
    assert sorted(offered(olga)) == ["Atlas", "Both"]
    assert sorted(offered(paul)) == ["Banjo", "Both"]
    shown = offered(olga)["Atlas"]
    assert (shown["kind"], shown["description"]) == ("Application", "about Atlas")

    def change(path: str, **members: Any) -> None:
        assert staff.patch(path, json=members).status_code in (200, 204)

    change("/Applications/Both", Visible=False)  # hidden
    assert (sorted(offered(olga)), sorted(offered(paul))) == (["Atlas"], ["Banjo"])
    change("/Applications/Both", Visible=True)
    change("/DeliveryGroups/South", Enabled=False)  # of two groups one gives it still
    assert sorted(offered(paul)) == []
    assert sorted(offered(olga)) == ["Atlas", "Both"]
    change("/DeliveryGroups/South", Enabled=True)
    change("/DeliveryGroups/South", InMaintenanceMode=True)  # over soon: shown
    assert sorted(offered(paul)) == ["Banjo", "Both"]
    change("/DeliveryGroups/South", InMaintenanceMode=False)
    change("/Applications/Banjo", Enabled=False)
    assert sorted(offered(paul)) == ["Both"]
    change("/Applications/Banjo", Enabled=True)
    change("/Applications/Both", IncludedUserFilterEnabled=True, IncludedUsers=["FOOTLIGHT\\paul"])
    assert (sorted(offered(olga)), sorted(offered(paul))) == (["Atlas"], ["Banjo", "Both"])


def test_pictures_are_for_those_who_have_the_thing(
    offices: None, stage: LiveSite, staff: httpx.Client, users: dict[str, httpx.Client]
) -> None:
    olga, paul = users["olga"], users["paul"]
    drawn = io.BytesIO()
    Image.new("RGB", (16, 16), "#c02040").save(drawn, "PNG")
    raw = base64.b64encode(drawn.getvalue()).decode()
    icon = staff.post("/Icons", json={"RawData": raw, "IconFormat": "image/png"})
    assert icon.status_code == 201, icon.text
    assert staff.patch("/Applications/Atlas", json={"Icon": icon.json()["Id"]}).is_success
    path = offered(olga)["Atlas"]["iconPath"].removeprefix("/footlight/v1")
    shown = olga.get(path)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    picture = Image.open(io.BytesIO(shown.content)).convert("RGB")
    assert (picture.size, picture.getpixel((24, 24))) == ((48, 48), (0xC0, 0x20, 0x40))
    again = olga.get(path, headers={"If-None-Match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert paul.get(path).status_code == 404
    assert olga.get("/resources/nothing/icon").status_code == 404
    for item in olga.get("/resources").json()["items"]:  # the founded ones have theirs
        assert olga.get(item["iconPath"].removeprefix("/footlight/v1")).status_code == 200
    with stage.bare_client() as nobody:
        assert nobody.get(f"/footlight/v1{path}").status_code == 401
        assert nobody.get("/footlight/v1/resources").status_code == 401
