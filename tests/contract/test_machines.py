"""Machines over the wire: on a stage whose machines are rows, and on the real host of a real site."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.contract.conftest import introduce, occupy

from footlight.wire.rest.machine_request import MACHINE_V2_FIELDS

MANAGE = "/cvad/manage"


@pytest.fixture(scope="module")
def pair(stage: Any) -> tuple[str, str]:
    """Two silent machines: ALPHA with two sessions, BETA with none."""

    def rows(connection: Any) -> tuple[str, str]:
        alpha = introduce(connection, "alpha")
        beta = introduce(connection, "beta", os_type="Debian 13")
        occupy(connection, alpha, "ada", state="Active")
        occupy(connection, alpha, "zoe", established_at_ms=None, state="Connected")
        return alpha, beta

    made: tuple[str, str] = stage.in_database(rows)
    return made


def change(staff: httpx.Client, machine: str, **members: Any) -> dict[str, Any]:
    """The machine after a PATCH."""
    answer = staff.patch(f"/Machines/{machine}", json=members)
    assert (answer.status_code, answer.content) == (204, b"")
    shown: dict[str, Any] = staff.get(f"/Machines/{machine}").json()
    return shown


@pytest.mark.covers("GET /Machines", 202, 400)
@pytest.mark.covers("GET /MachinesV2", 400)
def test_lists_show_what_is_asked_for(staff: httpx.Client, pair: tuple[str, str]) -> None:
    listed = staff.get("/Machines").json()
    rows = {one["Id"]: one for one in listed["Items"]}
    assert set(pair) <= set(rows)
    assert listed["TotalItems"] == len(listed["Items"])
    alpha, beta = (rows[one] for one in pair)
    assert (alpha["SessionCount"], beta["SessionCount"]) == (2, 0)
    assert {one["Name"] for one in alpha["AssociatedUsers"]} == {"FOOTLIGHT\\ada", "FOOTLIGHT\\zoe"}
    assert alpha["SummaryState"] == alpha["RegistrationState"] == "Unregistered"
    assert "SessionsEstablished" not in alpha
    few = staff.get("/Machines?fields=id,sessioncount").json()["Items"]
    assert {"Id": pair[0], "SessionCount": 2} in few
    second = staff.get("/MachinesV2").json()["Items"]
    assert {name.lower() for name in second[0]} == MACHINE_V2_FIELDS
    for wrong in ("limit=0", "sessionSupport=Both", "configured=perhaps", "continuationToken=x"):
        assert staff.get(f"/Machines?{wrong}").status_code == 400, wrong
        assert staff.get(f"/MachinesV2?{wrong}").status_code == 400, wrong
    zone = staff.get("/Machines", headers={"X-TimeZone": "Nowhere"})
    assert (zone.status_code, zone.json()["SdkErrorId"]) == (400, "InvalidTimeZone")
    job = staff.get("/Machines?async=true&fields=Id")
    assert (job.status_code, job.content) == (202, b"")
    found = wait_for(staff, job)
    assert found["Type"] == "GetMachines"
    kept = staff.get(f"/Jobs/{found['Id']}/Results").json()
    assert {one["Id"] for one in kept["Items"]} == set(rows)


def wait_for(staff: httpx.Client, accepted: httpx.Response) -> dict[str, Any]:
    """The job of a 202 once it has ended."""
    path = "/Jobs/" + accepted.headers["location"].rpartition("/")[2]
    deadline = time.monotonic() + 30
    while (job := staff.get(path).json())["Status"] in ("NotStarted", "InProgress"):
        assert time.monotonic() < deadline, job
        time.sleep(0.05)
    return dict(job)


def test_pages_and_filters(staff: httpx.Client, pair: tuple[str, str]) -> None:
    seen: list[str] = []
    token = ""
    while token is not None:
        page = staff.get(f"/Machines?limit=1&fields=Id&continuationToken={token}").json()
        seen += [one["Id"] for one in page["Items"]]
        token = page["ContinuationToken"]
    assert len(seen) == len(set(seen)) == page["TotalItems"]
    assert set(pair) <= set(seen)
    assert staff.get("/Machines?SessionSupport=singlesession").json()["TotalItems"] == 0
    assert staff.get("/Machines?sessionsupport=MULTISESSION").json()["TotalItems"] == len(seen)
    assert set(pair).isdisjoint(
        one["Id"] for one in staff.get("/Machines?configured=false").json()["Items"]
    )


def test_a_machine_by_each_of_its_names(staff: httpx.Client, pair: tuple[str, str]) -> None:
    shown = staff.get(f"/Machines/{pair[0]}").json()
    assert (shown["SessionsEstablished"], shown["SessionsPending"]) == (1, 1)
    names = (shown["Uid"], "FOOTLIGHT%5Calpha", "footlight|ALPHA", "alpha", shown["DnsName"])
    for name in names:
        assert staff.get(f"/Machines/{name}").json()["Id"] == pair[0], name
        assert staff.head(f"/Machines/{name}").status_code == 204
    assert staff.get(f"/Machines/{pair[0]}?fields=Name").json() == {"Name": "FOOTLIGHT\\ALPHA"}
    scopes = [(one["ScopeType"], one["Scopes"][0]["Name"]) for one in shown["ContainerScopes"]]
    assert scopes == [("MachineCatalog", "All"), ("DeliveryGroup", "All")]


@pytest.mark.covers("PATCH /Machines/{nameOrId}", 204, 400, 415)
def test_changes_are_kept(staff: httpx.Client, pair: tuple[str, str]) -> None:
    beta = pair[1]
    shown = change(staff, beta, InMaintenanceMode=True, PublishedName="Corner desk")
    assert (shown["InMaintenanceMode"], shown["MaintenanceModeReason"]) == (True, "Administrator")
    assert shown["PublishedName"] == "Corner desk"
    shown = change(staff, beta, inmaintenancemode=False, PublishedName="")
    assert (shown["InMaintenanceMode"], shown["MaintenanceModeReason"]) == (False, "None")
    assert shown["PublishedName"] is None
    pairs = [{"Name": "rack", "Value": "7"}, {"Name": "row", "Value": "b"}]
    assert change(staff, beta, Metadata=pairs)["Metadata"] == pairs
    pairs = [{"Name": "rack", "Value": "8"}, {"Name": "row", "Value": None}]
    assert change(staff, beta, Metadata=pairs)["Metadata"] == pairs[:1]
    for body in (
        {"InMaintenanceMode": "yes"},
        {"AssignedUsers": ["ada"], "AssignedClientName": "pc"},
        {"HypervisorConnection": "vsphere"},
        {"Metadata": [{"Value": "no name"}]},
        {"PublishedName": "x" * 200},
    ):
        answer = staff.patch(f"/Machines/{beta}", json=body)
        assert answer.status_code == 400, body
    assert staff.patch(f"/Machines/{beta}", json={"Icon": "987654"}).status_code == 404
    text = {"Content-Type": "text/plain"}
    assert staff.patch(f"/Machines/{beta}", content="x", headers=text).status_code == 415
    text = {"Content-Type": "text/plain"}
    assert staff.patch(f"/Machines/{beta}", content="x", headers=text).status_code == 415


@pytest.mark.covers("GET /Machines", 200, 202)
@pytest.mark.covers("GET /MachinesV2", 200)
@pytest.mark.covers("GET /Machines/{nameOrId}", 200)
def test_every_view_shows_a_change(staff: httpx.Client, pair: tuple[str, str]) -> None:
    for mode in (True, False):
        staff.patch(f"/Machines/{pair[1]}", json={"InMaintenanceMode": mode})
        wanted = {"Id": pair[1], "InMaintenanceMode": mode}
        query = "?fields=Id,InMaintenanceMode"
        for path in ("/Machines", "/MachinesV2"):
            assert wanted in staff.get(path + query).json()["Items"]
        assert staff.get(f"/Machines/{pair[1]}{query}").json() == wanted
        job = wait_for(staff, staff.get(f"/Machines{query}&async=true"))
        assert wanted in staff.get(f"/Jobs/{job['Id']}/Results").json()["Items"]


def test_a_machine_is_assigned_to_one_kind(staff: httpx.Client, pair: tuple[str, str]) -> None:
    beta = pair[1]
    shown = change(staff, beta, AssignedUsers=["footlight\\ada", "zoe", "ADA"])
    assert [one["Name"] for one in shown["AssignedUsers"]] == ["FOOTLIGHT\\ada", "FOOTLIGHT\\zoe"]
    assert shown["IsAssigned"] is True
    shown = change(staff, beta, AssignedIPAddress="192.0.2.20")
    assert (shown["AssignedUsers"], shown["AssignedIPAddress"]) == ([], "192.0.2.20")
    shown = change(staff, beta, AssignedClientName="laptop")
    assert (shown["AssignedClientName"], shown["AssignedIPAddress"]) == ("laptop", None)
    shown = change(staff, beta, AssignedClientName="", AssignedUsers=[])
    assert (shown["AssignedClientName"], shown["IsAssigned"]) == (None, False)


@pytest.mark.covers("GET /Machines/{nameOrId}/Tags", 200)
@pytest.mark.covers("PUT /Machines/{nameOrId}/Tags", 200, 400)
@pytest.mark.covers("POST /Machines/{nameOrId}/Tags/{tagNameOrId}", 200, 404)
@pytest.mark.covers("DELETE /Machines/{nameOrId}/Tags/{tagNameOrId}", 204, 404)
def test_tags_of_a_machine(staff: httpx.Client, pair: tuple[str, str]) -> None:
    tags = f"/Machines/{pair[1]}/Tags"
    put = staff.put(tags, json={"CreateTags": [{"Name": "first floor"}, {"Name": "gpu"}]})
    assert [one["Name"] for one in put.json()["Items"]] == ["first floor", "gpu"]
    assert put.json()["Items"][0]["NumMachines"] == 1
    assert staff.get(f"/Machines/{pair[1]}").json()["Tags"] == ["first floor", "gpu"]
    assert staff.delete(f"{tags}/GPU").status_code == 204
    assert [one["Name"] for one in staff.get(tags).json()["Items"]] == ["first floor"]
    added = staff.post(f"{tags}/gpu")
    assert (added.status_code, added.json()["TotalItems"]) == (200, 2)
    found = staff.post("/Machines/$search", json=by("Tags", "Contains", "gpu")).json()
    assert [one["Id"] for one in found["Items"]] == [pair[1]]
    assert staff.put(tags, json={"Items": "gpu"}).status_code == 400
    for method in ("POST", "DELETE"):
        assert staff.request(method, f"{tags}/unknown").status_code == 404
    assert staff.put(tags, json={"DeleteTags": ["gpu", "first floor"]}).json()["Items"] == []
    assert staff.head("/Tags/gpu").status_code == 404


def by(name: str, operator: str, value: str | None = None) -> dict[str, Any]:
    return {"SearchFilters": [{"Property": name, "Operator": operator, "Value": value}]}


@pytest.mark.covers("POST /Machines/$search", 200, 400, 415)
def test_a_search_finds_machines_by_themselves_and_by_their_sessions(
    staff: httpx.Client, pair: tuple[str, str]
) -> None:
    alpha, beta = pair

    def found(body: dict[str, Any], query: str = "") -> list[str]:
        answer = staff.post(f"/machines/%24search{query}", json=body)
        assert answer.status_code == 200, answer.text
        return [one["Id"] for one in answer.json()["Items"] if one["Id"] in pair]

    assert found({}) == [alpha, beta]
    assert found(by("MachineName", "ContainsLike", "alph")) == [alpha]
    assert found(by("OSType", "Equals", "debian 13")) == [beta]
    assert found(by("CurrentUser", "Equals", "FOOTLIGHT\\ADA")) == [alpha]
    assert found(by("SessionState", "Equals", "Active")) == [alpha]
    assert found(by("SessionCount", "Equals", "0")) == [beta]
    assert found(by("SummaryState", "Equals", "Unregistered")) == [alpha, beta]
    assert found(by("SessionSupport", "Equals", "SingleSession")) == []
    assert found({"BasicSearchString": "zoe"}) == [alpha]
    order = {"SortCriteria": {"Property": "MachineName", "SortDirection": "Descending"}}
    assert found(order) == [beta, alpha]
    order = {"SortCriteria": {"Property": "UserName", "SortDirection": "Descending"}}
    assert found(order) == [alpha, beta]
    body = {**by("MachineName", "In", "footlight\\alpha,footlight\\beta"), **order}
    first = staff.post("/Machines/$search?limit=1&fields=Id", json=body).json()
    assert (first["Items"], first["TotalItems"]) == ([{"Id": alpha}], 2)
    more = f"?limit=1&fields=Id&continuationToken={first['ContinuationToken']}"
    assert staff.post(f"/Machines/$search{more}", json=body).json()["Items"] == [{"Id": beta}]
    assert staff.post(f"/Machines/$search{more}", json=order).status_code == 400
    assert staff.post(f"/Sessions/$search{more}", json=body).status_code == 400
    assert found(body, "?skip=1") == [beta]
    for wrong in (by("Colour", "Equals", "red"), by("Uid", "Like", "1"), {"SearchFilters": 7}):
        assert staff.post("/Machines/$search", json=wrong).status_code == 400
    text = staff.post("/Machines/$search", content="<x/>", headers={"Content-Type": "text/xml"})
    assert text.status_code == 415


@pytest.mark.covers("POST /Machines/$group", 200, 400, 415)
def test_machines_are_counted_by_a_property(staff: httpx.Client, pair: tuple[str, str]) -> None:
    wanted = {
        "SearchFilterGroups": [
            {
                "SearchFilters": [
                    {"Property": "MachineName", "Operator": "Like", "Value": f"*\\{host}"}
                    for host in ("alpha", "beta")
                ],
                "SearchFilterGroupType": "Or",
            }
        ],
        "MachinePropertyName": "OSType",
    }
    answer = staff.post("/Machines/$group", json=wanted)
    assert answer.json() == {"Debian 12": 1, "Debian 13": 1}
    wanted["MachinePropertyName"] = "InMaintenanceMode"
    assert staff.post("/Machines/$group", json=wanted).json() == {"False": 2}
    wanted["MachinePropertyName"] = "CurrentUser"
    users = staff.post("/Machines/$group", json=wanted).json()
    assert users == {"FOOTLIGHT\\ada": 1, "FOOTLIGHT\\zoe": 1}
    for wrong in ({}, {"MachinePropertyName": "Colour"}):
        assert staff.post("/Machines/$group", json=wrong).status_code == 400
    text = staff.post("/Machines/$group", content="x", headers={"Content-Type": "text/plain"})
    assert text.status_code == 415


@pytest.mark.covers("DELETE /Machines/{nameOrId}", 204, 409)
@pytest.mark.covers("HEAD /Machines/{nameOrId}", 204, 404)
def test_a_machine_in_use_is_not_deleted(staff: httpx.Client, stage: Any) -> None:
    gone, busy = (stage.in_database(lambda c, h=h: introduce(c, h)) for h in ("gone", "busy"))
    session = stage.in_database(lambda c: occupy(c, busy, "ada"))
    assert staff.head("/Machines/gone").status_code == 204
    used = staff.delete(f"/Machines/{busy}")
    assert (used.status_code, used.json()["SdkErrorId"]) == (409, "MachineInUse")
    assert staff.delete(f"/Machines/{gone}?deleteVm=false&deleteAccount=None").status_code == 204
    assert staff.get(f"/Machines/{gone}").status_code == 404
    assert staff.head("/Machines/gone").status_code == 404
    assert staff.get(f"/Sessions/{session}").status_code == 200


POWER = ("start", "shutdown", "reboot", "suspend", "resume")


@pytest.mark.covers("POST /Machines/{nameOrId}/$start", 409)
@pytest.mark.covers("POST /Machines/{nameOrId}/$shutdown", 409)
@pytest.mark.covers("POST /Machines/{nameOrId}/$reboot", 409)
@pytest.mark.covers("POST /Machines/{nameOrId}/$suspend", 409)
@pytest.mark.covers("POST /Machines/{nameOrId}/$resume", 409)
def test_power_is_not_managed(staff: httpx.Client, pair: tuple[str, str]) -> None:
    assert staff.get(f"/Machines/{pair[0]}").json()["SupportedPowerActions"] == []
    for action in POWER:
        answer = staff.post(f"/Machines/{pair[0]}/${action}")
        assert answer.status_code == 409
        assert answer.json()["SdkErrorId"] == "PowerActionsNotSupported"


@pytest.mark.covers("POST /Machines/{nameOrId}/$disconnect", 200)
@pytest.mark.covers("POST /Machines/{nameOrId}/$logoff", 200)
def test_all_sessions_of_the_real_host_are_logged_off(
    client: httpx.Client, launch: Callable[[str], str]
) -> None:
    sessions = [launch("Terminal"), launch("Desktop")]
    machine = client.get(f"{MANAGE}/Sessions/{sessions[0]}/Machine").json()
    shown = client.get(f"{MANAGE}/Machines/{machine['Id']}").json()
    assert shown == machine
    assert (shown["SummaryState"], shown["RegistrationState"]) == ("InUse", "Registered")
    path = f"{MANAGE}/Machines/{machine['Id']}"
    left = client.post(f"{path}/$disconnect?detailResponseRequired=false")
    assert left.status_code == 200
    assert "SessionsPending" not in left.json()
    over = client.post(f"{path}/%24logoff")
    assert (over.status_code, over.json()["Id"]) == (200, machine["Id"])
    wait_until_empty(client, sessions)
    again = client.post(f"{path}/$logoff?async=true")
    assert again.status_code == 202
    job = client.get(f"{MANAGE}/Jobs/" + again.headers["location"].rpartition("/")[2]).json()
    assert job["Type"] == "LogoffMachineSessions"


def wait_until_empty(client: httpx.Client, sessions: list[str]) -> None:
    deadline = time.monotonic() + 30
    for session in sessions:
        while client.get(f"{MANAGE}/Sessions/{session}").status_code != 404:
            assert time.monotonic() < deadline, "a session does not end"
            time.sleep(0.1)


@pytest.mark.covers("POST /Machines/{nameOrId}/$disconnect", 503)
@pytest.mark.covers("POST /Machines/{nameOrId}/$logoff", 503)
def test_a_silent_host_is_waited_for_once(staff: httpx.Client, stage: Any) -> None:
    hosts = {
        action: stage.in_database(lambda c, a=action: introduce(c, f"mute-{a}"))
        for action in ("disconnect", "logoff")
    }
    sessions = [
        stage.in_database(lambda c, h=host, u=user: occupy(c, h, u, state="Active", display=":1"))
        for host in hosts.values()
        for user in ("ada", "zoe")
    ]
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(staff.post, f"/Machines/{hosts[one]}/${one}") for one in hosts]
        answers = [one.result() for one in asked]
    for answer in answers:
        assert (answer.status_code, answer.json()["SdkErrorId"]) == (503, "MachineNotRegistered")
        assert "2 of 2" in answer.json()["ErrorMessage"]
    for session in sessions:  # what was wanted is withdrawn
        assert staff.get(f"/Sessions/{session}").json()["LogoffInProgress"] is False
