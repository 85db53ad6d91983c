"""The site itself over the wire: settings, tests, what is wrong; and small lists."""

from __future__ import annotations

import httpx
import pytest
from tests.contract.conftest import LiveSite, introduce


@pytest.mark.covers("PATCH /Sites/{nameOrId}/Settings", 204, 400)
@pytest.mark.covers("GET /Sites/{nameOrId}/Settings", 200)
def test_settings_are_kept(staff: httpx.Client, stage: LiveSite) -> None:
    url = f"/Sites/{stage.site_id}/Settings"
    before = staff.get(url).json()
    change = {"DnsResolutionEnabled": True, "consoleinactivitytimeoutminutes": 30}
    assert staff.patch(url, json=change).status_code == 204
    after = staff.get("/Sites/footlight/Settings").json()
    changed = {"DnsResolutionEnabled": True, "ConsoleInactivityTimeoutMinutes": 30}
    assert after == {**before, **changed}
    for wrong in ({"DnsResolutionEnabled": "yes"}, {"ConsoleInactivityTimeoutMinutes": -1}):
        assert staff.patch(url, json=wrong).status_code == 400
    assert staff.patch(url, json=before).status_code == 204
    assert staff.get(url).json() == before


@pytest.mark.covers("POST /Sites/{nameOrId}/$test", 200)
@pytest.mark.covers("GET /Sites/{nameOrId}/TestReport", 200)
@pytest.mark.covers("GET /Sites/{nameOrId}/ErrorWarning", 200)
@pytest.mark.covers("GET /Sites/{nameOrId}/Status", 200)
def test_a_silent_machine_shows_in_a_test_of_the_site(staff: httpx.Client, stage: LiveSite) -> None:
    url = f"/Sites/{stage.site_id}"
    machine_id = stage.in_database(lambda c: introduce(c, "untested"))
    before = staff.get(f"{url}/ErrorWarning").json()
    assert before["Machine"]["NumberOfErrors"] > 0
    tested = staff.post(f"{url}/$test")
    assert tested.status_code == 200, tested.text
    report = staff.get(f"{url}/TestReport").json()
    status = {one["TestName"]: one["TestComponentStatus"] for one in report["TestResults"]}
    assert status["Database"] == "Passed"
    assert status["Machines"].startswith("Warning: ")
    counts = [tested.json()[name] for name in ("NumPassed", "NumWarnings", "NumFailures")]
    assert sum(counts) == len(status)
    assert staff.delete(f"/Machines/{machine_id}").status_code == 204
    after = staff.get(f"{url}/ErrorWarning").json()
    assert after["Machine"]["NumberOfErrors"] == before["Machine"]["NumberOfErrors"] - 1
    assert staff.get(f"{url}/Status").json()["SiteState"] == "Configured"


@pytest.mark.covers("GET /Sites/{nameOrId}/TestReport", 401, 403, 404)
def test_another_site_has_no_report(
    staff: httpx.Client, nobody: httpx.Client, stage: LiveSite
) -> None:
    url = f"/Sites/{stage.site_id}/TestReport"
    assert staff.get("/Sites/other/TestReport").status_code == 404
    assert nobody.get(url).status_code == 403
    assert staff.get(url, headers={"Authorization": ""}).status_code == 401


@pytest.mark.covers("POST /$checkObjectNameExists", 200, 400, 401)
def test_names_that_are_taken(staff: httpx.Client, nobody: httpx.Client) -> None:
    url = "/$checkObjectNameExists"

    def exists(kind: str, name: str, who: httpx.Client = staff) -> bool:
        answer = who.post(url, json={"ObjectType": kind, "NameOrPath": name})
        assert answer.status_code == 200, answer.text
        return bool(answer.json())

    for kind, name in (
        ("Application", "terminal"),
        ("DeliveryGroup", "EVERYONE"),
        ("MachineCatalog", "A|Linux hosts"),
    ):
        assert exists(kind, name)
        assert not exists(kind, "nothing")
        assert not exists(kind, name, nobody)
    assert not exists("Tag", "Checked")
    staff.post("/Tags", json={"Name": "Checked"})
    assert exists("Tag", "checked")
    assert staff.delete("/Tags/Checked").status_code == 204
    assert not exists("Tag", "Checked")
    assert not exists("Hypervisor", "x")
    assert staff.post(url, json={"ObjectType": "Sand", "NameOrPath": "x"}).status_code == 400
    assert staff.post(url, headers={"Authorization": ""}).status_code == 401


@pytest.mark.covers("GET /StoreFrontServers", 200)
@pytest.mark.covers("POST /StoreFrontServers", 200, 400, 409)
@pytest.mark.covers("GET /StoreFrontServers/{nameOrId}", 200)
@pytest.mark.covers("PATCH /StoreFrontServers/{nameOrId}", 200, 400, 409)
@pytest.mark.covers("DELETE /StoreFrontServers/{nameOrId}", 204)
@pytest.mark.covers("GET /StoreFrontServers/{nameOrId}/DeliveryGroups", 200)
def test_addresses_are_kept(staff: httpx.Client) -> None:
    url = "/StoreFrontServers"
    body = {"Name": "Store", "Url": "https://store.example.com/Citrix/Store"}
    made = staff.post(url, json=body)
    assert (made.status_code, made.json()["Enabled"]) == (200, True), made.text
    shown = staff.get(f"{url}/STORE").json()
    assert (shown["Id"], shown["Url"]) == (made.json()["Id"], body["Url"])
    change = {"Name": "Shop", "Enabled": False, "Description": "closed"}
    assert staff.patch(f"{url}/{shown['Id']}", json=change).status_code == 200
    (listed,) = staff.get(url).json()["Items"]
    assert listed == {**shown, **change}
    assert staff.get(f"{url}/Shop/DeliveryGroups").json()["Items"] == []
    staff.post(url, json={**body, "Name": "Second"})
    assert staff.post(url, json={**body, "Name": "SHOP"}).status_code == 409
    assert staff.patch(f"{url}/Second", json={"Name": "shop"}).status_code == 409
    for wrong in ({"Name": "x"}, {"Name": "x", "Url": "ftp://x"}, {"Url": "https://x"}):
        assert staff.post(url, json=wrong).status_code == 400
    assert staff.patch(f"{url}/Second", json={"Url": "no address"}).status_code == 400
    for name in ("Shop", "Second"):
        assert staff.delete(f"{url}/{name}").status_code == 204
    assert staff.get(url).json()["Items"] == []


@pytest.mark.covers("GET /About", 200)
@pytest.mark.covers("GET /TimeZones/All", 200)
@pytest.mark.covers("GET /RebootSchedules", 200)
@pytest.mark.covers("GET /ping/status", 200)
def test_what_the_server_is(staff: httpx.Client, stage: LiveSite) -> None:
    assert staff.get("/About").json()["IsCloud"] is False
    zones = {one["WindowsId"]: one for one in staff.get("/TimeZones/All").json()["Items"]}
    assert zones["India Standard Time"]["UtcOffset"] == "+05:30"
    assert zones["UTC"]["UtcOffsetSeconds"] == 0
    assert zones["W. Europe Standard Time"]["TzdbIds"] == ["Europe/Berlin"]
    assert staff.get("/RebootSchedules").json()["Items"] == []
    with stage.bare_client() as bare:
        assert bare.get("/cvad/manage/ping/status").json() is True
