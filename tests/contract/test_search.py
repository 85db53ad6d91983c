"""Search over 2,500 sessions, and what stands beside a real session."""

from __future__ import annotations

import httpx
import pytest

SEARCH = "/cvad/manage/Sessions/$search"
V2_MEMBERS = {
    "Id", "Uid", "AppState", "AppStateLastChangeTime", "FormattedAppStateLastChangeTime", "Client",
    "EstablishmentDurationMilliseconds", "EstablishmentTime", "FormattedEstablishmentTime",
    "IsAnonymousUser", "IsHidden", "LogoffInProgress", "LogonInProgress", "SessionType", "StartTime",
    "FormattedStartTime", "State", "StateChangeTime", "FormattedStateChangeTime",
    "UntrustedUserName", "User",
}  # fmt: skip
DETAIL_MEMBERS = {
    "AssignedClientName", "AssignedIPAddress", "BrowserName", "ColorDepth", "IsReserved",
    "SecureIcaRequired", "SessionsEstablished", "SessionsPending",
    "StoreFrontServersForHostedReceiver", "VMToolsState", "FailureReason",
    "FailedActionCompletionTime",
}  # fmt: skip


@pytest.mark.covers("POST /Sessions/$search", 200)
def test_search_pages_through_what_matches(crowd) -> None:
    wanted = {
        "searchfilters": [
            {"property": "CURRENTUSER", "operator": "like", "value": "*\\user[12]??"}
        ],
        "SortCriteriaItems": [{"Property": "UserName", "SortDirection": "Descending"}],
    }
    with crowd.site.client() as made:
        names: list[str] = []
        token = ""
        while token is not None:
            url = f"{SEARCH}?limit=60&fields=User&continuationToken={token}"
            body = made.post(url, json=wanted).json()
            assert set(body) == {"Items", "ContinuationToken", "TotalItems"}
            assert body["TotalItems"] == 200
            names += [item["User"]["Name"] for item in body["Items"]]
            token = body["ContinuationToken"]
    assert names == sorted((f"FOOTLIGHT\\user{n}" for n in range(100, 300)), reverse=True)


@pytest.mark.parametrize("path", ["Sessions/%24search", "sessions/$SEARCH/?SKIP=1&Limit=3"])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"BasicSearchString": null, "Extra": 1}'])
def test_an_empty_search_finds_all(crowd, path: str, body: bytes) -> None:
    with crowd.site.client() as made:
        answer = made.post(
            f"/cvad/manage/{path}", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["TotalItems"] == 2501
        skipped = "SKIP" in path
        assert answer.json()["Items"][0]["Id"] == crowd.ids[1 if skipped else 0]


@pytest.mark.covers("POST /Sessions/$search", 400)
@pytest.mark.parametrize(
    ("body", "query", "named"),
    [
        ({"SearchFilters": [{"Property": "X", "Operator": "Any"}]}, "", ("Property", "X")),
        ({"SearchFilters": [{"Property": "Uid", "Operator": "Is"}]}, "", ("Operator", "Is")),
        (
            {"SearchFilters": [{"Property": "Uid", "Operator": "Equals", "Value": "one"}]},
            "",
            ("Uid", "one"),
        ),
        ({}, "?skip=-1", ("skip", "-1")),
        ({}, "?limit=0", ("limit", "0")),
    ],
)
def test_a_wrong_search_is_named(client: httpx.Client, body, query: str, named) -> None:
    answer = client.post(SEARCH + query, json=body)
    assert answer.status_code == 400
    facts = {one["name"]: one["value"] for one in answer.json()["parameters"]}
    assert (facts["name"], facts["value"]) == named


@pytest.mark.parametrize("body", [b"[", b"[]", b'"x"', b'{"SearchFilters": {}}', b"[" * 5000])
def test_what_is_no_search(client: httpx.Client, body: bytes) -> None:
    answer = client.post(SEARCH, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["parameters"]


@pytest.mark.covers("POST /Sessions/$search", 415)
def test_a_search_of_another_type(client: httpx.Client) -> None:
    answer = client.post(SEARCH, content=b"<x/>", headers={"Content-Type": "text/xml"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("zone", "status"),
    [("UTC", 200), ("+05:30", 200), ("W. Europe Standard Time", 200), ("Nowhere", 400)],
)
def test_time_zones(client: httpx.Client, zone: str, status: int) -> None:
    answer = client.post(SEARCH, json={}, headers={"X-TimeZone": zone})
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["SdkErrorId"] == "InvalidTimeZone"


@pytest.mark.covers("GET /SessionsV2", 200, 400)
def test_v2_shows_its_own_members(crowd) -> None:
    with crowd.site.client() as made:
        page = made.get("/cvad/manage/SessionsV2?limit=2").json()
        assert [set(item) for item in page["Items"]] == [V2_MEMBERS] * 2
        assert page["TotalItems"] == 2501
        token = page["ContinuationToken"]
        named = made.get(f"/cvad/manage/sessionsv2?limit=2&fields=Id&continuationToken={token}")
        assert named.json()["Items"] == [{"Id": one} for one in crowd.ids[2:4]]
        assert made.get("/cvad/manage/SessionsV2?limit=0").status_code == 400


@pytest.mark.covers("GET /Sessions/{id}/Machine", 200)
def test_the_machine_of_a_session(client: httpx.Client, desktop: str, application: str) -> None:
    inside = client.get(f"/cvad/manage/Sessions/{desktop}").json()["Machine"]
    machine = client.get(f"/cvad/manage/Sessions/{desktop}/Machine").json()
    assert set(machine) == set(inside) | DETAIL_MEMBERS
    assert machine["Id"]
    same = ("Uid", "Name", "DnsName", "IPAddress", "OSType", "MachineCatalog", "DeliveryGroup")
    assert {name: machine[name] for name in same} == {name: inside[name] for name in same}
    assert machine["RegistrationState"] == "Registered"
    assert machine["OSVersion"]
    everyone = client.get(f"/cvad/manage/Machines/{machine['Id']}/Sessions").json()
    assert machine["SessionCount"] == everyone["TotalItems"] >= 2
    assert "Terminal" in [one["Name"] for one in machine["ApplicationsInUse"]]


@pytest.mark.covers("GET /Machines/{nameOrId}/Sessions", 200, 404)
def test_the_sessions_of_a_machine(client: httpx.Client, desktop: str) -> None:
    machine = client.get(f"/cvad/manage/Sessions/{desktop}/Machine").json()
    whole = machine["Name"].replace("\\", "%5C")
    host = machine["Name"].rpartition("\\")[2]
    for name in (machine["Id"], machine["Uid"], whole, host.lower(), machine["DnsName"]):
        body = client.get(f"/cvad/manage/Machines/{name}/Sessions?fields=Id").json()
        assert {"Id": desktop} in body["Items"], name
        assert body["ContinuationToken"] is None
    answer = client.get("/cvad/manage/Machines/nowhere/Sessions")
    assert answer.status_code == 404
    assert answer.json()["SdkErrorId"] == "UnknownMachine"


@pytest.mark.covers("GET /Sessions/{id}/Applications", 200)
@pytest.mark.covers("GET /Applications/{nameOrId}/Sessions", 200, 400, 404)
def test_applications_and_their_sessions(
    client: httpx.Client, desktop: str, application: str
) -> None:
    assert client.get(f"/cvad/manage/Sessions/{desktop}/Applications").json()["Items"] == []
    shown = client.get(f"/cvad/manage/Sessions/{application}").json()
    (one,) = client.get(f"/cvad/manage/Sessions/{application}/Applications").json()["Items"]
    assert (one["Name"], one["ApplicationType"]) == ("Terminal", "HostedOnDesktop")
    assert one["Id"] == shown["ApplicationsInUse"][0]["Id"]
    assert one["InstalledAppProperties"]["CommandLineExecutable"] == "xterm"
    group = shown["Machine"]["DeliveryGroup"]["Id"]
    assert one["AssociatedDeliveryGroupUuids"] == [group]
    for name in (one["Id"], "terminal"):
        body = client.get(f"/cvad/manage/Applications/{name}/Sessions").json()
        ids = [item["Id"] for item in body["Items"]]
        assert application in ids
        assert desktop not in ids
    assert client.get("/cvad/manage/Applications/Terminal/Sessions?limit=0").status_code == 400
    for unknown in ("Desktop", "nothing"):
        answer = client.get(f"/cvad/manage/Applications/{unknown}/Sessions")
        assert answer.status_code == 404
        assert answer.json()["SdkErrorId"] == "UnknownApplication"
