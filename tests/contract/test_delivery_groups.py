"""Delivery groups over the wire, on a stage whose machines are rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.contract.conftest import introduce, occupy

from footlight.store import schema
from footlight.wire.rest.delivery_group import GROUP_FIELDS, GROUP_V2_FIELDS

MANUAL = {"ProvisioningType": "Manual", "SessionSupport": "MultiSession"}


def create(client: httpx.Client, name: str, **members: Any) -> dict[str, Any]:
    answer = client.post("/DeliveryGroups", json={"Name": name, **members})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
def office(staff: httpx.Client) -> Iterator[dict[str, Any]]:
    """A group "Office" without machines."""
    made = create(staff, "Office", Description="of the second floor")
    yield made
    staff.delete(f"/DeliveryGroups/{made['Id']}?force=true")


@pytest.fixture
def stock(staff: httpx.Client, stage: Any) -> Iterator[list[str]]:
    """The ids of three machines in a catalog "Stock": STOCK-1 to STOCK-3."""
    hosts = [f"stock-{number}" for number in (1, 2, 3)]
    ids = [stage.in_database(lambda c, h=host: introduce(c, h)) for host in hosts]
    body = {"Name": "Stock", **MANUAL, "Machines": [{"MachineName": host} for host in hosts]}
    assert staff.post("/MachineCatalogs", json=body).status_code == 200
    yield ids
    assert staff.delete("/MachineCatalogs/Stock").status_code == 204
    for one in ids:
        assert staff.delete(f"/Machines/{one}").status_code == 204


def shown(client: httpx.Client, name: str) -> dict[str, Any]:
    answer = client.get(f"/DeliveryGroups/{name}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


SETTINGS: dict[str, Any] = {
    "DisconnectPeakIdleSessionAfterSeconds": 900,
    "LogoffPeakDisconnectedSessionAfterSeconds": 3600,
    "MachineLogOnType": "ActiveDirectory",
    "ProductCode": "XDT",
    "ProtocolPriority": ["Hdx"],
    "TimeZone": "UTC",
    "UserManagement": "Studio",
    "AutoScaleEnabled": False,
    "PowerTimeSchemes": [{"DisplayName": "week", "DaysOfWeek": ["Monday"]}],
    "RequireUserHomeZone": True,
}


@pytest.mark.covers("POST /DeliveryGroups", 200, 400, 404, 409, 415)
@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}", 200)
def test_a_group_is_made_as_asked(staff: httpx.Client, stock: list[str]) -> None:
    made = create(
        staff,
        "Traders",
        **SETTINGS,
        MachineCatalogs=[{"MachineCatalog": "Stock", "Count": 2}],
        Desktops=[{"PublishedName": "Trading desk", "IncludedUsers": ["FOOTLIGHT\\ada"]}],
        SimpleAccessPolicy={
            "AllowHdxAccess": True,
            "ConnectViaNetScalerGatewayAllowed": False,
            "IncludedUserFilterEnabled": True,
            "IncludedUsers": ["FOOTLIGHT\\ada", "OTHER\\eve"],
            "ExcludedUsers": ["zoe"],
        },
        LingerSettings={"Enabled": True, "IncludedUsers": ["ada"]},
        Enabled=True,
        MinimumFunctionalLevel="L7_25",
        DeliveryType="DesktopsOnly",
        PublishedName="Desks",
        Metadata=[{"Name": "floor", "Value": "2"}],
    )
    assert made == shown(staff, "traders") == shown(staff, str(made["Uid"]))
    assert {name: made[name] for name in SETTINGS} == SETTINGS
    counts = ("TotalMachines", "DesktopsUnregistered", "RegisteredMachines", "SessionCount")
    assert [made[name] for name in counts] == [2, 2, 0, 0]
    assert made["MachineOperatingSystems"] == [{"Name": "Debian 12", "Value": 2}]
    assert (made["Delivering"], made["DeliveryType"]) == ("DesktopsOnly", "DesktopsOnly")
    assert (made["SessionSupport"], made["SharingKind"]) == ("MultiSession", "Shared")
    policy = made["SimpleAccessPolicy"]
    assert [one["Name"] for one in policy["IncludedUsers"]] == ["OTHER\\eve", "FOOTLIGHT\\ada"]
    assert [one["Name"] for one in policy["ExcludedUsers"]] == ["FOOTLIGHT\\zoe"]
    assert policy["ExcludedUserFilterEnabled"] is True
    assert policy["ConnectViaNetScalerGatewayAllowed"] is False
    linger = made["LingerSettings"]
    assert (linger["Enabled"], linger["MaxTimeBeforeDisconnectMinutes"]) == (True, 15)
    assert staff.get("/DeliveryGroups/Traders?fields=Name").json() == {"Name": "Traders"}
    assert staff.delete("/DeliveryGroups/Traders").status_code == 204
    assert staff.get("/DeliveryGroups/Traders").status_code == 404
    wrong: list[tuple[int, dict[str, Any]]] = [
        (400, {}),
        (400, {"Name": "a\\b"}),
        (400, {"Name": "x", "SessionSupport": "Both"}),
        (400, {"Name": "x", "DeliveryType": "Everything"}),
        (400, {"Name": "x", "TimeZone": 5}),
        (400, {"Name": "x", "Desktops": [{"SessionReconnection": "Sometimes"}]}),
        (404, {"Name": "x", "MachineCatalogs": [{"MachineCatalog": "nowhere"}]}),
        (404, {"Name": "x", "Applications": [{"Item": "nothing"}]}),
        (404, {"Name": "x", "Scopes": ["nowhere"]}),
        (409, {"Name": "everyone"}),
        (409, {"Name": "x", "MachineCatalogs": [{"MachineCatalog": "Stock", "Count": 9}]}),
    ]
    for status, members in wrong:
        answer = staff.post("/DeliveryGroups", json=members)
        assert answer.status_code == status, answer.text
    assert staff.head("/DeliveryGroups/x").status_code == 404
    text = staff.post("/DeliveryGroups", content="x", headers={"Content-Type": "text/plain"})
    assert text.status_code == 415
    brief = staff.post("/DeliveryGroups?detailResponseRequired=false", json={"Name": "Brief"})
    assert {name.lower() for name in brief.json()} == GROUP_FIELDS
    assert staff.delete("/DeliveryGroups/Brief").status_code == 204


@pytest.mark.covers("GET /DeliveryGroups", 200, 400)
@pytest.mark.covers("GET /DeliveryGroupsV2", 200, 400)
@pytest.mark.covers("POST /DeliveryGroups/$search", 200, 400, 404)
@pytest.mark.covers("HEAD /DeliveryGroups/{nameOrId}", 204)
@pytest.mark.covers("POST /DeliveryGroups/$checkName", 204, 400, 404)
@pytest.mark.covers("DELETE /DeliveryGroups/{nameOrId}", 204)
def test_groups_are_listed_until_they_are_deleted(staff: httpx.Client) -> None:
    made = create(staff, "Short lived", Description="soon gone")

    def views() -> list[bool]:
        filters = [{"Property": "Name", "Operator": "Equals", "Value": "short lived"}]
        lists = (
            staff.get("/DeliveryGroups?fields=Id&continuationToken=").json(),
            staff.get("/DeliveryGroupsV2?fields=Id").json(),
            staff.post("/DeliveryGroups/$search?fields=Id", json={"SearchFilters": filters}).json(),
            staff.post(
                "/DeliveryGroups/$search?fields=Id", json={"BasicSearchString": "SOON"}
            ).json(),
        )
        names = (
            staff.head("/DeliveryGroups/Short%20lived"),
            staff.post("/DeliveryGroups/$checkname", json={"Name": "short LIVED"}),
        )
        seen = [{"Id": made["Id"]} in one["Items"] for one in lists]
        return seen + [one.status_code == 204 for one in names]

    assert views() == [True] * 6
    first = staff.get("/DeliveryGroups").json()["Items"][0]
    assert {name.lower() for name in first} == GROUP_FIELDS
    second = staff.get("/DeliveryGroupsV2").json()["Items"][0]
    assert {name.lower() for name in second} == GROUP_V2_FIELDS
    assert staff.delete("/DeliveryGroups/short%20lived").status_code == 204
    assert views() == [False] * 6
    assert staff.post("/DeliveryGroups/$checkName", json={}).status_code == 400
    for path in ("/DeliveryGroups", "/DeliveryGroupsV2"):
        assert staff.get(f"{path}?limit=0").status_code == 400
    wrong = {"SearchFilters": [{"Property": "Colour", "Operator": "Any"}]}
    assert staff.post("/DeliveryGroups/$search", json=wrong).status_code == 400
    assert staff.post("/DeliveryGroups/$search", json={"AdminFolder": "x"}).status_code == 404


@pytest.mark.covers("PATCH /DeliveryGroups/{nameOrId}", 204, 400, 409)
def test_a_group_is_changed(staff: httpx.Client, office: dict[str, Any]) -> None:
    path = f"/DeliveryGroups/{office['Id']}"

    def change(**members: Any) -> dict[str, Any]:
        answer = staff.patch(path, json=members)
        assert (answer.status_code, answer.content) == (204, b""), answer.text
        return shown(staff, office["Id"])

    now = change(Name="Bureau", InMaintenanceMode=True, Enabled=False, TimeZone="UTC")
    assert (now["Name"], now["InMaintenanceMode"], now["Enabled"]) == ("Bureau", True, False)
    now = change(SimpleAccessPolicy={"IncludedUsers": ["ada"]})
    policy = now["SimpleAccessPolicy"]
    assert (policy["IncludedUserFilterEnabled"], policy["AllowHdxAccess"]) == (True, True)
    assert (now["TimeZone"], now["Description"]) == ("UTC", "of the second floor")
    now = change(SimpleAccessPolicy={"IncludedUserFilterEnabled": False, "AllowRdpAccess": True})
    policy = now["SimpleAccessPolicy"]
    assert [one["Name"] for one in policy["IncludedUsers"]] == ["FOOTLIGHT\\ada"]
    assert (policy["IncludedUserFilterEnabled"], policy["AllowRdpAccess"]) == (False, True)
    assert staff.patch(path, json={"Name": "EVERYONE"}).status_code == 409
    for wrong in ({"Name": ""}, {"Enabled": "yes"}, {"MinimumFunctionalLevel": "L9"}):
        assert staff.patch(path, json=wrong).status_code == 400, wrong
    huge = {"LogOffWarningMessage": "x" * 70_000}
    assert staff.patch(path, json=huge).status_code == 400


@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Desktops", 200)
@pytest.mark.covers("GET /Machines/{nameOrId}/Desktop", 200, 204)
def test_desktops_of_a_group(staff: httpx.Client, stock: list[str]) -> None:
    staff.post("/Tags", json={"Name": "quick"})
    made = create(
        staff,
        "Desks",
        MachineCatalogs=[{"MachineCatalog": "Stock", "Count": 1}],
        Desktops=[
            {"PublishedName": "Desk", "MaxDesktops": 3, "RestrictToTag": "quick"},
            {"PublishedName": "Desk", "Enabled": False, "SessionReconnection": "DisconnectedOnly"},
        ],
    )
    path = "/DeliveryGroups/Desks/Desktops"
    one, two = staff.get(path).json()["Items"]
    assert (one["Name"], two["Name"]) == ("Desk", "Desk 2")
    assert (one["MaxDesktops"], one["RestrictToTag"]["Name"]) == (3, "quick")
    assert (two["Enabled"], two["SessionReconnection"]) == (False, "DisconnectedOnly")
    assert staff.get(f"/Machines/{stock[0]}/Desktop").json() == one
    wanted = [{"Id": two["Id"], "Enabled": True, "ExcludedUsers": ["zoe"]}, {"Name": "Third"}]
    changed = staff.patch("/DeliveryGroups/Desks", json={"Desktops": wanted})
    assert changed.status_code == 204, changed.text
    two, three = staff.get(path).json()["Items"]
    assert (two["Enabled"], two["ExcludedUserFilterEnabled"]) == (True, True)
    assert (three["Name"], three["PublishedName"]) == ("Third", "Desks")
    again = staff.patch("/DeliveryGroups/Desks", json={"Desktops": [{"Id": one["Id"]}]})
    assert (again.status_code, again.json()["SdkErrorId"]) == (404, "UnknownDesktop")
    assert staff.patch("/DeliveryGroups/Desks", json={"Desktops": []}).status_code == 204
    assert staff.get(path).json()["Items"] == []
    assert staff.get(f"/Machines/{stock[0]}/Desktop").status_code == 204
    assert staff.delete(f"/DeliveryGroups/{made['Id']}").status_code == 204
    assert staff.delete("/Tags/quick").status_code == 204


@pytest.mark.covers("POST /DeliveryGroups/{nameOrId}/Machines", 200, 400, 404, 409)
@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Machines", 200, 400)
@pytest.mark.covers("DELETE /DeliveryGroups/{nameOrId}/Machines/{machineNameOrId}", 204)
@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/MachineCatalogs", 200)
@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/MachineCatalogs/{id}", 200)
@pytest.mark.covers("GET /Machines/{nameOrId}/DeliveryGroup", 200)
@pytest.mark.covers("GET /Machines/{nameOrId}/MachineCatalog", 200)
def test_machines_come_and_go(
    staff: httpx.Client, stock: list[str], office: dict[str, Any]
) -> None:
    path = "/DeliveryGroups/Office/Machines"
    assigned = [{"Machine": "stock-2", "Users": ["ada"], "MachinePublishedName": "Ada's"}]
    body = {"MachineCatalog": "stock", "Count": 1, "AssignMachinesToUsers": assigned}
    added = staff.post(path, json=body)
    assert (added.status_code, added.json()["TotalMachines"]) == (200, 2)
    assert added.json()["UnassignedMachines"] == 1
    inside = staff.get(f"{path}?fields=Id,PublishedName,IsAssigned").json()["Items"]
    assert inside == [
        {"Id": stock[0], "PublishedName": None, "IsAssigned": False},
        {"Id": stock[1], "PublishedName": "Ada's", "IsAssigned": True},
    ]
    (catalog,) = staff.get("/DeliveryGroups/Office/MachineCatalogs").json()["Items"]
    assert (catalog["Name"], catalog["UsedCount"], catalog["AvailableCount"]) == ("Stock", 2, 1)
    one = staff.get(f"/DeliveryGroups/Office/MachineCatalogs/{catalog['Id']}").json()
    assert one["DeliveryGroups"][0]["NumAssigned"] == 2
    assert one == staff.get(f"/Machines/{stock[0]}/MachineCatalog").json()
    assert staff.get(f"/Machines/{stock[0]}/DeliveryGroup").json()["Id"] == office["Id"]
    other = create(staff, "Other")
    taken = staff.post(
        "/DeliveryGroups/Other/Machines",
        json={"MachineCatalog": "Stock", "AssignMachinesToUsers": [{"Machine": stock[1]}]},
    )
    assert (taken.status_code, taken.json()["SdkErrorId"]) == (409, "MachineAlreadyAllocated")
    for status, wrong in (
        (400, {}),
        (400, {"MachineCatalog": "Stock", "Count": -1}),
        (404, {"MachineCatalog": "nowhere", "Count": 1}),
        (404, {"MachineCatalog": "Stock", "AssignMachinesToUsers": [{"Machine": "nowhere"}]}),
        (409, {"MachineCatalog": "Stock", "Count": 2}),
    ):
        assert staff.post(path, json=wrong).status_code == status, wrong
    assert staff.get(f"{path}?limit=0").status_code == 400
    for host in ("stock-2", stock[0]):
        assert staff.delete(f"{path}/{host}").status_code == 204
    assert staff.delete(f"{path}/{stock[0]}").status_code == 404
    assert staff.get(path).json()["TotalItems"] == 0
    assert staff.get("/DeliveryGroups/Office/MachineCatalogs").json()["Items"] == []
    assert staff.get(f"/Machines/{stock[1]}").json()["AssignedUsers"] == []
    assert staff.delete(f"/DeliveryGroups/{other['Id']}").status_code == 204


@pytest.mark.covers("DELETE /DeliveryGroups/{nameOrId}", 204, 409)
@pytest.mark.covers("DELETE /DeliveryGroups/{nameOrId}/Machines/{machineNameOrId}", 409)
@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Usage", 200)
def test_a_group_in_use(
    staff: httpx.Client, stage: Any, stock: list[str], office: dict[str, Any]
) -> None:
    path = f"/DeliveryGroups/{office['Id']}"
    staff.post(f"{path}/Machines", json={"MachineCatalog": "Stock", "Count": 1})
    before = staff.get(f"{path}/Usage").json()
    session = stage.in_database(lambda c: occupy(c, stock[0], "ada", state="Active"))
    usage = staff.get(f"{path}/Usage").json()
    assert (before["SessionCount"], usage["SessionCount"]) == (0, 1)
    assert (usage["ActiveSessionCount"], usage["TotalMachines"]) == (1, 1)
    busy = staff.delete(f"{path}/Machines/stock-1")
    assert (busy.status_code, busy.json()["SdkErrorId"]) == (409, "MachineInUse")
    used = staff.delete(path)
    assert (used.status_code, used.json()["SdkErrorId"]) == (409, "DesktopGroupInUse")
    assert staff.delete(f"{path}?force=true").status_code == 204
    assert staff.get(f"/Machines/{stock[0]}").json()["DeliveryGroup"]["Id"] is None
    assert staff.get(f"/Sessions/{session}").json()["Machine"]["DeliveryGroup"]["Id"] is None
    stage.in_database(lambda c: _over(c, session))


def _over(connection: Any, session_id: str) -> None:
    chosen = schema.sessions.update().where(schema.sessions.c.id == session_id)
    connection.execute(chosen.values(ended_at_ms=1, phase="ended"))


@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Applications", 200, 400)
@pytest.mark.covers("POST /DeliveryGroups/{nameOrId}/Applications", 201, 204, 400, 404, 409)
@pytest.mark.covers("DELETE /DeliveryGroups/{nameOrId}/Applications/{appNameOrId}", 204)
@pytest.mark.covers("GET /Machines/{nameOrId}/Applications", 200)
def test_applications_of_a_group(
    staff: httpx.Client, stock: list[str], office: dict[str, Any]
) -> None:
    path = "/DeliveryGroups/Office/Applications"
    staff.post("/DeliveryGroups/Office/Machines", json={"MachineCatalog": "Stock", "Count": 1})

    def names() -> list[str]:
        inside = [one["Name"] for one in staff.get(path).json()["Items"]]
        assert inside == [
            one["Name"] for one in staff.get(f"/Machines/{stock[0]}/Applications").json()["Items"]
        ]
        return inside

    given = staff.post(path, json={"ExistingApplications": [{"Item": "Terminal", "Priority": 2}]})
    assert (given.status_code, given.content) == (204, b"")
    new = {"Name": "Clock", "InstalledAppProperties": {"CommandLineExecutable": "xclock"}}
    made = staff.post(path, json={"NewApplications": [new]})
    assert (made.status_code, made.content) == (201, b"")
    assert made.headers["location"].endswith(f"/DeliveryGroups/{office['Id']}/Applications")
    assert names() == ["Terminal", "Clock"]
    assert shown(staff, "Office")["TotalApplications"] == 2
    assert staff.delete(f"{path}/terminal").status_code == 204
    assert names() == ["Clock"]
    assert staff.head("/Applications/Terminal").status_code == 204
    assert staff.post(path, json={"NewApplications": [new]}).status_code == 409
    assert staff.post(path, json={"ExistingApplications": [{"Item": "no"}]}).status_code == 404
    for wrong in (
        {"ExistingApplicationGroups": [{"Item": "x"}]},
        {"ExistingApplications": [{"Item": "Clock", "Priority": -1}]},
    ):
        assert staff.post(path, json=wrong).status_code == 400
    assert staff.get(f"{path}?limit=0").status_code == 400
    assert staff.delete("/Applications/Clock").status_code == 204


@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Tags", 200)
@pytest.mark.covers("PUT /DeliveryGroups/{nameOrId}/Tags", 200, 400)
@pytest.mark.covers("POST /DeliveryGroups/{nameOrId}/Tags/{tagNameOrId}", 200)
@pytest.mark.covers("DELETE /DeliveryGroups/{nameOrId}/Tags/{tagNameOrId}", 204)
def test_tags_of_a_group(staff: httpx.Client, office: dict[str, Any]) -> None:
    path = "/DeliveryGroups/Office/Tags"
    put = staff.put(path, json={"CreateTags": [{"Name": "busy"}]}).json()
    assert [(one["Name"], one["NumDeliveryGroups"]) for one in put["Items"]] == [("busy", 1)]
    assert staff.delete(f"{path}/busy").status_code == 204
    assert staff.get(path).json()["Items"] == []
    assert staff.post(f"{path}/busy").json()["TotalItems"] == 1
    assert staff.put(path, json={"Items": 1}).status_code == 400
    assert staff.delete("/Tags/busy").status_code == 204


def test_a_scope_holds_what_its_administrator_makes(
    staff: httpx.Client, warden: httpx.Client, office: dict[str, Any]
) -> None:
    mine = create(warden, "Warded group")
    assert [one["Name"] for one in mine["Scopes"]] == ["All", "Ward"]
    listed = warden.get("/DeliveryGroups").json()
    assert ([one["Name"] for one in listed["Items"]], listed["TotalItems"]) == (["Warded group"], 1)
    for path in ("/DeliveryGroups/Office", "/DeliveryGroups/Everyone"):
        assert warden.get(path).status_code == 404
        assert warden.head(path).status_code == 404
        assert warden.patch(path, json={"InMaintenanceMode": True}).status_code == 404
        assert warden.delete(path).status_code == 404
    assert warden.post("/DeliveryGroups/$search", json={}).json()["TotalItems"] == 1
    assert warden.patch("/DeliveryGroups/Warded%20group", json={"Scopes": []}).status_code == 403
    scoped = staff.patch("/DeliveryGroups/Office", json={"Scopes": ["Ward"]})
    assert scoped.status_code == 204
    assert warden.get("/DeliveryGroups/Office").status_code == 200
    assert staff.patch("/DeliveryGroups/Office", json={"Scopes": []}).status_code == 204
    assert warden.get("/DeliveryGroups/Office").status_code == 404
    assert warden.delete("/DeliveryGroups/Warded%20group").status_code == 204


@pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Administrators", 200, 400)
@pytest.mark.covers("GET /MachineCatalogs/{nameOrId}/Administrators", 200, 400)
@pytest.mark.covers("GET /Machines/{nameOrId}/Administrators", 200, 400)
def test_administrators_of_objects(
    staff: httpx.Client, warden: httpx.Client, stock: list[str], office: dict[str, Any]
) -> None:
    def wardens() -> list[bool]:
        found = []
        for path in ("DeliveryGroups/Office", "MachineCatalogs/Stock", f"Machines/{stock[0]}"):
            items = staff.get(f"/{path}/Administrators").json()["Items"]
            names = [one["User"]["Name"].rpartition("\\")[2] for one in items]
            assert "admin" in names
            found.append("warden" in names)
            assert staff.get(f"/{path}/Administrators?limit=0").status_code == 400
        return found

    assert wardens() == [False, False, False]
    for path in ("/DeliveryGroups/Office", "/MachineCatalogs/Stock"):
        changed = staff.patch(path, json={"Scopes": ["Ward"]})
        assert changed.status_code in (200, 204), changed.text
    assert wardens() == [True, True, True]
    (own,) = warden.get("/MachineCatalogs/Stock/Administrators").json()["Items"]
    assert own["User"]["Name"].endswith("\\warden")
