"""Machine catalogs over the wire, on a stage whose machines are rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.contract.conftest import introduce

MANUAL = {"ProvisioningType": "Manual", "SessionSupport": "MultiSession", "MachineType": "Physical"}


def create(client: httpx.Client, name: str, **members: Any) -> dict[str, Any]:
    answer = client.post("/MachineCatalogs", json={"Name": name, **MANUAL, **members})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
def servers(staff: httpx.Client) -> Iterator[dict[str, Any]]:
    """A catalog "Servers"."""
    made = create(staff, "Servers", Description="of the cellar", AllocationType="Random")
    yield made
    staff.delete(f"/MachineCatalogs/{made['Id']}")


def add(client: httpx.Client, catalog: str, host: str, **members: Any) -> dict[str, Any]:
    """The job of adding a machine, once it has ended."""
    body = {"MachineName": host, **members}
    accepted = client.post(f"/MachineCatalogs/{catalog}/Machines", json=body)
    assert (accepted.status_code, accepted.content) == (202, b"")
    path = "/Jobs/" + accepted.headers["location"].rpartition("/")[2]
    deadline = time.monotonic() + 30
    while (job := client.get(path).json())["Status"] in ("NotStarted", "InProgress"):
        assert time.monotonic() < deadline, job
        time.sleep(0.05)
    return dict(job)


def a_machine(stage: Any, host: str, **columns: Any) -> str:
    made: str = stage.in_database(lambda c: introduce(c, host, **columns))
    return made


@pytest.mark.covers("POST /MachineCatalogs", 200, 400, 404, 409, 415)
@pytest.mark.covers("GET /MachineCatalogs/{nameOrId}", 200)
def test_a_catalog_is_made_as_asked(staff: httpx.Client, servers: dict[str, Any]) -> None:
    assert servers["AgentVersion"] == servers["OSType"] == servers["OSVersion"] == "-"
    assert (servers["DeliveryGroups"], servers["HypervisorConnection"]) == ([], None)
    assert (servers["IsPowerManaged"], servers["TotalCount"]) == (False, 0)
    assert servers["HasBeenPromotedFrom"] == "Unknown"
    assert servers["PersistChanges"] == "OnLocal"
    for name in (servers["Id"], servers["Uid"], "SERVERS"):
        assert staff.get(f"/MachineCatalogs/{name}").json() == servers, name
    assert staff.get(f"/MachineCatalogs/{servers['Id']}?fields=name").json() == {"Name": "Servers"}
    wrong: list[tuple[int, dict[str, Any]]] = [
        (409, {"Name": "servers"}),
        (400, {"Name": ""}),
        (400, {"Name": "a|b"}),
        (400, {"Name": "x", "ProvisioningType": "MCS"}),
        (400, {"Name": "x", "MachineType": "Virtual"}),
        (400, {"Name": "x", "SessionSupport": "Some"}),
        (400, {"Name": "x", "Description": "x" * 513}),
        (400, {"Name": 5}),
        (404, {"Name": "x", "Zone": "nowhere"}),
        (404, {"Name": "x", "Scopes": ["nowhere"]}),
        (404, {"Name": "x", "Machines": [{"MachineName": "nowhere"}]}),
    ]
    for status, members in wrong:
        answer = staff.post("/MachineCatalogs", json={**MANUAL, **members})
        assert answer.status_code == status, answer.text
    assert staff.head("/MachineCatalogs/x").status_code == 404
    text = staff.post("/MachineCatalogs", content="x", headers={"Content-Type": "text/plain"})
    assert text.status_code == 415
    assert staff.post("/MachineCatalogs", json={}).status_code == 400


def test_private_single_sessions_keep_what_is_asked_for(staff: httpx.Client) -> None:
    made = create(
        staff, "Private", SessionSupport="singlesession", AllocationType="Static",
        PersistUserChanges="Discard", MinimumFunctionalLevel="l7_9", AdminFolder="Cellar|Left",
        Metadata=[{"Name": "rack", "Value": "7"}],
    )  # fmt: skip
    assert (made["SessionSupport"], made["SharingKind"]) == ("SingleSession", "Private")
    assert (made["PersistChanges"], made["MinimumFunctionalLevel"]) == ("Discard", "L7_9")
    assert (made["FullName"], made["AdminFolder"]["Name"]) == ("Cellar|Left|Private", "Cellar|Left")
    assert made["Metadata"] == [{"Name": "rack", "Value": "7"}]
    assert staff.get("/MachineCatalogs/Cellar%7CLeft%7Cprivate").json()["Id"] == made["Id"]
    inside = staff.get("/MachineCatalogs?adminFolder=Cellar%7CLeft&fields=Name").json()
    assert inside["Items"] == [{"Name": "Private"}]
    body = {"AdminFolder": "Cellar"}
    found = staff.post("/Machinecatalogs/$search?fields=Id", json=body).json()
    assert found["Items"] == [{"Id": made["Id"]}]
    body = {"AdminFolder": "Cellar", "IncludeSubFolders": False}
    assert staff.post("/MachineCatalogs/$search", json=body).json()["TotalItems"] == 0
    assert staff.delete(f"/MachineCatalogs/{made['Id']}").status_code == 204
    for folder in ("Cellar%7CLeft", "Cellar"):
        assert staff.delete(f"/AdminFolders/{folder}").status_code == 204


@pytest.mark.covers("GET /MachineCatalogs", 200, 400)
@pytest.mark.covers("GET /MachineCatalogsV2", 200, 400)
@pytest.mark.covers("POST /MachineCatalogs/$search", 200, 400, 404)
@pytest.mark.covers("HEAD /MachineCatalogs/{nameOrId}", 204)
@pytest.mark.covers("POST /MachineCatalogs/$checkCatalogName", 204, 400, 404)
@pytest.mark.covers("DELETE /MachineCatalogs/{nameOrId}", 204)
def test_catalogs_are_listed_until_they_are_deleted(staff: httpx.Client) -> None:
    made = create(staff, "Short lived", Description="soon gone")

    def views() -> list[bool]:
        by_name = {
            "SearchFilters": [{"Property": "Name", "Operator": "Equals", "Value": "short lived"}]
        }
        lists = (
            staff.get("/MachineCatalogs?fields=Id").json(),
            staff.get("/MachineCatalogsV2?fields=Id").json(),
            staff.post("/MachineCatalogs/$search?fields=Id", json=by_name).json(),
            staff.post(
                "/MachineCatalogs/$search?fields=Id", json={"BasicSearchString": "SOON"}
            ).json(),
        )
        names = (
            staff.head("/MachineCatalogs/Short%20lived"),
            staff.post("/MachineCatalogs/$checkcatalogname", json={"name": "short LIVED"}),
        )
        seen = [{"Id": made["Id"]} in one["Items"] for one in lists]
        return seen + [one.status_code == 204 for one in names]

    assert views() == [True] * 6
    assert staff.delete("/MachineCatalogs/short%20lived").status_code == 204
    assert views() == [False] * 6
    assert staff.post("/MachineCatalogs/$checkCatalogName", json={}).status_code == 400
    for path in ("/MachineCatalogs", "/MachineCatalogsV2"):
        assert staff.get(f"{path}?limit=0").status_code == 400
    wrong = {"SearchFilters": [{"Property": "Colour", "Operator": "Any"}]}
    assert staff.post("/MachineCatalogs/$search", json=wrong).status_code == 400
    assert staff.post("/MachineCatalogs/$search", json={"AdminFolder": "x"}).status_code == 404


@pytest.mark.covers("PATCH /MachineCatalogs/{nameOrId}", 200, 400, 409)
def test_a_catalog_is_changed(staff: httpx.Client, servers: dict[str, Any]) -> None:
    path = f"/MachineCatalogs/{servers['Id']}"
    changes = {"Name": "Hosts", "Description": "", "MinimumFunctionalLevel": "L7_25"}
    changed = staff.patch(path, json=changes)
    assert changed.status_code == 200, changed.text
    assert changed.json() == staff.get("/MachineCatalogs/hosts").json()
    assert (changed.json()["Description"], changed.json()["MinimumFunctionalLevel"]) == (
        None,
        "L7_25",
    )
    assert staff.get("/MachineCatalogs/Servers").status_code == 404
    other = create(staff, "Other")
    assert staff.patch(path, json={"Name": "OTHER"}).status_code == 409
    for wrong in ({"Name": " "}, {"MinimumFunctionalLevel": "L9"}, {"HypervisorConnection": "x"}):
        assert staff.patch(path, json=wrong).status_code == 400, wrong
    assert staff.delete(f"/MachineCatalogs/{other['Id']}").status_code == 204


@pytest.mark.covers("POST /MachineCatalogs/{nameOrId}/Machines", 202)
@pytest.mark.covers("GET /MachineCatalogs/{nameOrId}/Machines", 200, 400)
@pytest.mark.covers("DELETE /MachineCatalogs/{nameOrId}/Machines/{machine}", 204)
def test_a_machine_leaves_the_sample_catalog_for_another(
    staff: httpx.Client, stage: Any, servers: dict[str, Any]
) -> None:
    host = a_machine(stage, "mover")
    before = staff.get(f"/Machines/{host}").json()
    assert before["MachineCatalog"]["Name"] == "Linux hosts"
    users = ["FOOTLIGHT\\ada"]
    job = add(staff, "servers", "FOOTLIGHT\\mover", AssignedUsers=users, InMaintenanceMode=True)
    assert (job["Type"], job["Status"]) == ("AddMachineCatalogMachine", "Complete")
    assert {"Name": "NameOrId", "Value": "FOOTLIGHT\\mover"} in job["Parameters"]
    result = staff.get(f"/Jobs/{job['Id']}/Results")
    assert (result.status_code, result.headers["location"].rpartition("/")[2]) == (
        303,
        servers["Id"],
    )
    shown = staff.get(f"/Machines/{host}").json()
    assert shown["MachineCatalog"]["Id"] == servers["Id"]
    assert shown["DeliveryGroup"]["Id"] is None
    assert shown["InMaintenanceMode"]
    assert [one["Name"] for one in shown["AssignedUsers"]] == users
    catalog = staff.get("/MachineCatalogs/servers").json()
    counts = (
        "TotalCount",
        "AvailableCount",
        "AssignedCount",
        "AvailableAssignedCount",
        "UsedCount",
    )
    assert [catalog[name] for name in counts] == [1, 1, 1, 1, 0]
    assert (catalog["OSType"], catalog["AgentVersion"]) == ("Debian 12", "0")
    path = "/MachineCatalogs/Servers/Machines"
    assert staff.get(f"{path}?fields=Id").json()["Items"] == [{"Id": host}]
    assert staff.get(f"{path}?limit=0").status_code == 400
    assert staff.delete(f"{path}/mover").status_code == 204
    assert staff.get(path).json()["Items"] == []
    alone = staff.get("/Machines?configured=false&fields=Id").json()["Items"]
    assert {"Id": host} in alone
    assert staff.get(f"/Machines/{host}").json()["AssignedUsers"] == []
    assert staff.delete(f"/Machines/{host}").status_code == 204


@pytest.mark.covers("DELETE /MachineCatalogs/{nameOrId}", 409)
@pytest.mark.covers("DELETE /MachineCatalogs/{nameOrId}/Machines/{machine}", 409)
def test_what_is_taken_stays_taken(
    staff: httpx.Client, stage: Any, servers: dict[str, Any]
) -> None:
    host = a_machine(stage, "taken")
    assert add(staff, servers["Id"], "taken")["Status"] == "Complete"
    other = create(staff, "Other")
    for catalog in (other["Id"], servers["Id"]):
        job = add(staff, catalog, host)
        assert (job["Status"], job["ErrorCode"]) == ("Failed", "MachineAlreadyAllocated")
    for name, code in (("nowhere", "UnknownMachineName"), ("", "MustSupplyNameOrSID")):
        job = add(staff, other["Id"], name)
        assert (job["Status"], job["ErrorCode"]) == ("Failed", code)
    body = {
        "Name": "Takers",
        "MachineCatalogs": [{"MachineCatalog": "Servers", "Count": 1}],
    }
    group = staff.post("/DeliveryGroups", json=body)
    assert group.status_code == 200, group.text
    path = f"/MachineCatalogs/{servers['Id']}"
    inside = staff.delete(f"{path}/Machines/taken")
    assert (inside.status_code, inside.json()["SdkErrorId"]) == (409, "MachineInDesktopGroup")
    used = staff.delete(path)
    assert (used.status_code, used.json()["SdkErrorId"]) == (409, "CatalogInUse")
    assert staff.get(path).json()["UsedCount"] == 1
    assert staff.delete("/DeliveryGroups/Takers").status_code == 204
    assert staff.delete(path).status_code == 204
    assert staff.get(f"/Machines/{host}").json()["MachineCatalog"]["Id"] is None
    for one in (f"/MachineCatalogs/{other['Id']}", f"/Machines/{host}"):
        assert staff.delete(one).status_code == 204


@pytest.mark.covers("GET /MachineCatalogs/{nameOrId}/Tags", 200)
@pytest.mark.covers("PUT /MachineCatalogs/{nameOrId}/Tags", 200, 400)
@pytest.mark.covers("POST /MachineCatalogs/{nameOrId}/Tags/{tagNameOrId}", 200)
@pytest.mark.covers("DELETE /MachineCatalogs/{nameOrId}/Tags/{tagNameOrId}", 204)
def test_tags_of_a_catalog(staff: httpx.Client, servers: dict[str, Any]) -> None:
    path = "/MachineCatalogs/Servers/Tags"
    put = staff.put(path, json={"CreateTags": [{"Name": "cold"}]}).json()
    assert [(one["Name"], one["NumMachineCatalogs"]) for one in put["Items"]] == [("cold", 1)]
    assert staff.delete(f"{path}/cold").status_code == 204
    assert staff.get(path).json()["Items"] == []
    assert staff.post(f"{path}/cold").json()["TotalItems"] == 1
    assert staff.put(path, json={"Items": 1}).status_code == 400
    assert staff.delete("/Tags/cold").status_code == 204


def test_a_scope_holds_what_its_administrator_makes(
    staff: httpx.Client, warden: httpx.Client, stage: Any
) -> None:
    host, hidden = a_machine(stage, "ward-1"), a_machine(stage, "ward-2")
    secret = create(staff, "Secret", Machines=[{"MachineName": "ward-2"}])
    mine = create(warden, "Warded")
    assert [one["Name"] for one in mine["Scopes"]] == ["All", "Ward"]
    assert [one["Name"] for one in warden.get("/MachineCatalogs").json()["Items"]] == ["Warded"]
    assert warden.get("/MachineCatalogs/Secret").status_code == 404
    assert warden.patch("/MachineCatalogs/Secret", json={"Name": "x"}).status_code == 404
    assert warden.get("/Machines").json()["TotalItems"] == 0
    assert add(warden, "Warded", "ward-1")["Status"] == "Complete"
    assert [one["Id"] for one in warden.get("/Machines").json()["Items"]] == [host]
    # What another made looks as if it were not there.
    job = add(warden, "Warded", hidden)
    assert (job["Status"], job["ErrorCode"]) == ("Failed", "UnknownMachineName")
    lost = warden.patch("/MachineCatalogs/Warded", json={"Scopes": []})
    assert lost.status_code == 403
    body = {"Name": "x", **MANUAL, "Scopes": ["All"]}
    assert warden.post("/MachineCatalogs", json=body).status_code == 404
    for path in (f"/MachineCatalogs/{mine['Id']}", f"/MachineCatalogs/{secret['Id']}"):
        assert staff.delete(path).status_code == 204
    for machine in (host, hidden):
        assert staff.delete(f"/Machines/{machine}").status_code == 204


@pytest.mark.covers("GET /MachineCatalogs/{nameOrId}/DeliveryGroupAssociations", 200)
def test_groups_that_have_machines_of_a_catalog(
    staff: httpx.Client, stage: Any, servers: dict[str, Any]
) -> None:
    host = a_machine(stage, "shared")
    path = "/MachineCatalogs/Servers/DeliveryGroupAssociations"
    assert staff.get(path).json()["Items"] == []
    assert add(staff, "Servers", "shared")["Status"] == "Complete"
    body = {"Name": "Sharers", "MachineCatalogs": [{"MachineCatalog": "Servers", "Count": 1}]}
    made = staff.post("/DeliveryGroups", json=body).json()
    (one,) = staff.get(path).json()["Items"]
    assert (one["Id"], one["NumAssigned"], one["Total"]) == (made["Id"], 1, 1)
    assert staff.get("/MachineCatalogs/Servers").json()["DeliveryGroups"] == [one]
    assert staff.delete("/DeliveryGroups/Sharers").status_code == 204
    assert staff.get(path).json()["Items"] == []
    assert staff.delete("/MachineCatalogs/Servers").status_code == 204
    assert staff.delete(f"/Machines/{host}").status_code == 204
