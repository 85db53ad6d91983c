"""Publishing applications over the wire, and launching them for real."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psutil
import pytest

GROUP = "Everyone"  # of the founding


def publish(client: httpx.Client, name: str, groups: bool = True, **members: Any) -> str:
    """The id of a new application."""
    properties = {"CommandLineExecutable": "xterm", "CommandLineArguments": "-e 'top -d 5'"}
    new = {"Name": name, "InstalledAppProperties": properties, **members}
    body = {"NewApplications": [new], "DeliveryGroups": [{"Item": GROUP}] if groups else []}
    made = client.post("/Applications", json=body)
    assert made.status_code == 201, made.text
    assert made.content == b""
    shown = client.get(made.headers["location"].partition("/cvad/manage")[2])
    assert shown.json()["Name"] == name
    return str(shown.json()["Id"])


@pytest.fixture
def top(staff: httpx.Client) -> Iterator[str]:
    """The id of a published application "Top"."""
    application_id = publish(staff, "Top", Description="what runs", ApplicationFolder="Tools|Own")
    yield application_id
    staff.delete(f"/Applications/{application_id}")
    for path in ("Tools|Own", "Tools"):
        staff.delete(f"/AdminFolders/{path}")


@pytest.mark.covers("POST /Applications", 201, 400, 404, 409)
@pytest.mark.covers("GET /Applications/{nameOrId}", 200)
@pytest.mark.covers("HEAD /Applications/{nameOrId}", 204)
def test_an_application_is_published(staff: httpx.Client, top: str) -> None:
    for name in (top, "TOP", "Tools|Own|Top", "tools%5Cown%5Ctop"):
        shown = staff.get(f"/Applications/{name}").json()
        assert shown["Id"] == top, name
    assert staff.head("/Applications/Tools|Own|Top").status_code == 204
    assert shown["InstalledAppProperties"] == {
        "CommandLineExecutable": "xterm",
        "CommandLineArguments": "-e 'top -d 5'",
        "WorkingDirectory": "",
    }
    assert shown["ApplicationFolder"]["Name"] == "Tools\\Own\\"
    assert (shown["PublishedName"], shown["BrowserName"]) == ("Top", "Top")
    assert (shown["Enabled"], shown["Visible"], shown["Description"]) == (True, True, "what runs")
    assert shown["NumAssociatedDeliveryGroups"] == len(shown["AssociatedDeliveryGroupUuids"]) == 1
    assert staff.get(f"/Icons/{shown['IconId']}").json()["IsBuiltIn"]
    assert staff.get("/Applications/Top?fields=name").json() == {"Name": "Top"}


@pytest.mark.covers("POST /Applications", 400, 404, 409)
@pytest.mark.parametrize(
    ("member", "value", "status"),
    [
        ("Name", "top", 409),
        ("Name", "a\\b", 400),
        ("Name", None, 400),
        ("InstalledAppProperties", None, 400),
        ("InstalledAppProperties", {"CommandLineExecutable": " "}, 400),
        (
            "InstalledAppProperties",
            {"CommandLineExecutable": "x", "CommandLineArguments": "'"},
            400,
        ),
        ("ApplicationType", "AppV", 400),
        ("ApplicationType", "Sand", 400),
        ("MaxTotalInstances", -1, 400),
        ("Icon", "0", 400),
        ("DeliveryGroups", [{"Item": "nowhere"}], 404),
        ("IncludedUsers", ["x" * 200], 400),
    ],
)
def test_what_cannot_be_published(
    staff: httpx.Client, top: str, member: str, value: Any, status: int
) -> None:
    new = {"Name": "Wrong", "InstalledAppProperties": {"CommandLineExecutable": "xterm"}}
    refused = staff.post("/Applications", json={"NewApplications": [{**new, member: value}]})
    assert refused.status_code == status, refused.text
    assert staff.head("/Applications/Wrong").status_code == 404
    assert (
        staff.post("/Applications", json={"DeliveryGroups": [{"Item": GROUP}]}).status_code == 400
    )


@pytest.mark.covers("POST /Applications", 204)
def test_an_application_that_is_there_gets_a_group(staff: httpx.Client) -> None:
    lone = publish(staff, "Lone", groups=False)
    assert staff.get("/Applications/Lone").json()["NumAssociatedDeliveryGroups"] == 0
    given = {"ExistingApplications": ["Lone"], "DeliveryGroups": [{"Item": GROUP, "Priority": 3}]}
    assert staff.post("/Applications", json=given).status_code == 204
    assert staff.get("/Applications/Lone").json()["NumAssociatedDeliveryGroups"] == 1
    assert staff.delete(f"/Applications/{lone}").status_code == 204


@pytest.mark.covers("PATCH /Applications/{nameOrId}", 204, 400, 409)
def test_an_application_is_changed(staff: httpx.Client, top: str) -> None:
    icon = staff.get("/Icons?builtIn=true").json()["Items"][2]["Id"]
    change = {
        "Name": "Htop", "PublishedName": "Processes", "Enabled": False, "Visible": False, "Icon": icon,
        "InstalledAppProperties": {"CommandLineArguments": "-e htop", "WorkingDirectory": "/tmp"},
        "MaxTotalInstances": 5, "MaxPerUserInstances": 2, "ApplicationFolder": "",
        "IncludedUserFilterEnabled": True, "IncludedUsers": ["FOOTLIGHT\\ada", "S-1-22-1-1000"],
        "CpuPriorityLevel": "Low", "Categories": ["System"], "ClientFolder": "Mine",
        "DeliveryGroups": [], "Metadata": [{"Name": "owner", "Value": "ops"}],
    }  # fmt: skip
    assert staff.patch(f"/Applications/{top}", json=change).status_code == 204
    shown = staff.get("/Applications/Htop").json()
    for member, value in change.items():
        if member not in (
            "InstalledAppProperties",
            "Icon",
            "ApplicationFolder",
            "IncludedUsers",
            "DeliveryGroups",
        ):
            assert shown[member] == value, member
    assert shown["InstalledAppProperties"] == {
        "CommandLineExecutable": "xterm",
        "CommandLineArguments": "-e htop",
        "WorkingDirectory": "/tmp",
    }
    assert (shown["IconId"], shown["ApplicationFolder"]["Name"]) == (icon, "")
    users = {user["Name"] or user["Sid"] for user in shown["IncludedUsers"]}
    assert users == {"FOOTLIGHT\\ada", "S-1-22-1-1000"}
    assert shown["AssociatedDeliveryGroupUuids"] == []
    assert staff.patch("/Applications/Htop", json={"Name": "Terminal"}).status_code == 409
    assert staff.patch("/Applications/Htop", json={"CpuPriorityLevel": "Sand"}).status_code == 400
    unchanged = staff.patch("/Applications/Htop", json={"Unknown": 1})
    assert unchanged.status_code == 204
    assert staff.get(f"/Applications/{top}").json() == shown


@pytest.mark.covers("DELETE /Applications/{nameOrId}", 204)
def test_a_withdrawn_application_is_gone(staff: httpx.Client) -> None:
    publish(staff, "Short lived")
    assert staff.delete("/Applications/short%20lived").status_code == 204
    assert staff.get("/Applications/Short%20lived").status_code == 404


@pytest.mark.covers("POST /Applications/{nameOrId}/$duplicate", 200, 400, 409)
@pytest.mark.covers("GET /Applications/{nameOrId}/RecommendName", 200)
def test_an_application_is_copied(staff: httpx.Client, top: str) -> None:
    assert staff.get("/Applications/Top/RecommendName").json() == {"Name": "Top_1"}
    body = {"CreateDisabled": True, "NewFolder": "Tools"}
    copy = staff.post("/Applications/Top/$duplicate", json=body)
    assert copy.status_code == 200, copy.text
    made = staff.get(f"/Applications/{copy.json()['Id']}").json()
    assert (made["Name"], made["Enabled"], made["Visible"]) == ("Top_1", False, False)
    assert made["ApplicationFolder"]["Name"] == "Tools\\"
    assert made["NumAssociatedDeliveryGroups"] == 1
    assert staff.get("/Applications/Top/RecommendName").json() == {"Name": "Top_2"}
    for name, status in (("TOP", 409), ("", 400)):
        refused = staff.post("/Applications/Top/$duplicate", json={"NewName": name})
        assert refused.status_code == status
    assert staff.delete("/Applications/Top_1").status_code == 204


@pytest.mark.covers("GET /Applications", 200, 400, 404)
@pytest.mark.covers("GET /ApplicationsV2", 200, 400, 404)
def test_lists_go_by_pages_and_folders(staff: httpx.Client, top: str) -> None:
    names: list[str] = []
    page = staff.get("/Applications?limit=2").json()
    while True:
        names += [one["Name"] for one in page["Items"]]
        assert page["TotalItems"] == 4
        if page["ContinuationToken"] is None:
            break
        page = staff.get(
            f"/Applications?limit=2&continuationToken={page['ContinuationToken']}"
        ).json()
    assert names == ["Terminal", "Text Editor", "Web Browser", "Top"]
    (one,) = staff.get("/ApplicationsV2?applicationfolder=Tools|Own").json()["Items"]
    assert one["Id"] == top
    assert "InstalledAppProperties" not in one
    assert staff.get("/Applications?applicationFolder=Tools").json()["Items"] == []
    for path in ("/Applications", "/ApplicationsV2"):
        assert staff.get(f"{path}?limit=0").status_code == 400
        assert staff.get(f"{path}?applicationFolder=nowhere").status_code == 404


@pytest.mark.covers("POST /Applications/$search", 200, 400, 404, 415)
def test_applications_are_searched(staff: httpx.Client, top: str) -> None:
    staff.put(f"/Applications/{top}/Tags", json={"CreateTags": [{"Name": "searched"}]})

    def found(*filters: tuple[str, str, str], **members: Any) -> list[str]:
        listed = [{"Property": p, "Operator": o, "Value": v} for p, o, v in filters]
        body = {"SearchFilters": listed, "SortCriteria": {"Property": "Name"}, **members}
        answer = staff.post("/Applications/$search", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["TotalItems"] == len(answer.json()["Items"])
        return [one["Name"] for one in answer.json()["Items"]]

    everything = ["Terminal", "Text Editor", "Top", "Web Browser"]
    assert found() == everything
    assert found(BasicSearchString="WHAT runs") == ["Top"]
    assert found(BasicSearchString="searched") == ["Top"]
    assert found(("Tags", "Contains", "SEARCHED")) == ["Top"]
    assert found(("Tags", "NotContains", "searched")) == [n for n in everything if n != "Top"]
    assert found(("DeliveryGroup", "Equals", GROUP), ("Name", "StartsWith", "te")) == everything[:2]
    assert found(("Path", "Equals", "Tools\\Own\\Top")) == ["Top"]
    assert found(("CommandLineArguments", "Contains", "top -d")) == ["Top"]
    assert found(("Enabled", "Equals", "false")) == []
    assert found(("ShortcutAddedToDesktop", "Equals", "true")) == []
    assert found(("MaxTotalInstances", "LessThan", "1")) == everything
    assert found(ApplicationFolder="Tools") == ["Top"]
    assert found(ApplicationFolder="Tools", IncludeSubFolders=False) == []
    down = {"Property": "DeliveryGroup", "SortDirection": "Descending"}
    assert found(SortCriteriaItems=[down, {"Property": "Tags"}])[-1] == "Top"
    first = staff.post("/Applications/$search?limit=3", json={}).json()
    rest = f"/Applications/$search?continuationToken={first['ContinuationToken']}"
    assert [one["Name"] for one in staff.post(rest, json={}).json()["Items"]] == ["Top"]
    for wrong in (
        {"SearchFilters": [{"Property": "Sand", "Operator": "Any"}]},
        {"SearchFilters": 5},
    ):
        assert staff.post("/Applications/$search", json=wrong).status_code == 400
    lost = staff.post("/Applications/$search", json={"ApplicationFolder": "nowhere"})
    assert lost.status_code == 404
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert staff.post("/Applications/$search", content=b"a=b", headers=form).status_code == 415
    staff.delete("/Tags/searched")


@pytest.mark.covers("GET /Applications/{nameOrId}/Tags", 200)
@pytest.mark.covers("PUT /Applications/{nameOrId}/Tags", 200, 400)
@pytest.mark.covers("POST /Applications/{nameOrId}/Tags/{tagNameOrId}", 200)
@pytest.mark.covers("DELETE /Applications/{nameOrId}/Tags/{tagNameOrId}", 204)
def test_tags_of_an_application(staff: httpx.Client, top: str) -> None:
    url = f"/Applications/{top}/Tags"
    made = staff.put(url, json={"CreateTags": [{"Name": "one"}, {"Name": "two"}]})
    assert made.status_code == 200, made.text
    assert staff.delete(f"{url}/one").status_code == 204
    assert staff.post(f"{url}/ONE").status_code == 200
    assert staff.delete(f"{url}/two").status_code == 204
    assert [tag["Name"] for tag in staff.get(url).json()["Items"]] == ["one"]
    assert staff.get(f"/Applications/{top}").json()["Tags"] == ["one"]
    assert staff.put(url, json={"Items": 5}).status_code == 400
    for tag in ("one", "two"):
        staff.delete(f"/Tags/{tag}")
    assert staff.get(f"/Applications/{top}").json()["Tags"] == []


@pytest.mark.covers("GET /AdminFolders/{pathOrId}/Applications", 200, 400)
@pytest.mark.covers("GET /ApplicationFolders/{pathOrId}/Applications", 200, 400)
@pytest.mark.covers("GET /AdminFolders/{pathOrId}/MachineCatalogs", 200, 400)
@pytest.mark.covers("GET /Applications/{nameOrId}/DeliveryGroups", 200)
def test_what_lies_in_a_folder(staff: httpx.Client, top: str) -> None:
    for folders in ("AdminFolders", "ApplicationFolders"):
        found = staff.get(f"/{folders}/Tools|Own|/Applications").json()
        assert ([one["Id"] for one in found["Items"]], found["TotalItems"]) == ([top], 1)
        assert staff.get(f"/{folders}/Tools/Applications").json()["TotalItems"] == 0
        assert staff.get(f"/{folders}/Tools/Applications?limit=0").status_code == 400
    assert staff.get("/AdminFolders/Tools|Own").json()["TotalApplications"] == 1
    moved = staff.patch("/MachineCatalogs/Linux%20hosts", json={"AdminFolder": "Tools"})
    assert moved.status_code < 300, moved.text
    (one,) = staff.get("/AdminFolders/Tools/MachineCatalogs").json()["Items"]
    assert one["Name"] == "Linux hosts"
    assert staff.get("/AdminFolders/Tools").json()["TotalMachineCatalogs"] == 1
    assert staff.get("/AdminFolders/Tools/MachineCatalogs?limit=0").status_code == 400
    assert staff.patch("/MachineCatalogs/Linux%20hosts", json={"AdminFolder": ""}).status_code < 300
    assert staff.get("/AdminFolders/Tools/MachineCatalogs").json()["Items"] == []
    groups = {"DeliveryGroups": [{"Item": GROUP, "Priority": 7}]}
    assert staff.patch(f"/Applications/{top}", json=groups).status_code == 204
    (one,) = staff.get("/Applications/Top/DeliveryGroups").json()["Items"]
    assert (one["Name"], one["Priority"]) == (GROUP, 7)


@pytest.fixture
def cvad(site: Any) -> Iterator[httpx.Client]:
    """The administrator of the site with a host, below CVAD's prefix."""
    with site.client() as client:
        client.base_url = f"{site.base_url}/cvad/manage"
        yield client


def running(argument: str) -> psutil.Process:
    """The program that was started with that argument."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for process in psutil.process_iter(["cmdline"]):
            if argument in (process.info["cmdline"] or []) and process.name() == "xterm":
                return process
        time.sleep(0.1)
    raise AssertionError("the program does not run")


def test_a_published_application_launches_for_real(
    cvad: httpx.Client, launch: Callable[[str], str]
) -> None:
    """Arguments come as they were quoted, no shell expands them, and the program is where it was told."""
    title = "a 'quoted' $HOME; title"
    properties = {
        "CommandLineExecutable": "/usr/bin/xterm",
        "CommandLineArguments": f'-title "{title}"',
        "WorkingDirectory": "/usr/share",
    }
    application_id = publish(
        cvad, "Titled", MaxPerUserInstances=1, InstalledAppProperties=properties
    )
    session_id = launch("Titled")
    try:
        process = running(title)
        assert process.cwd() == "/usr/share"
        (own,) = cvad.get(f"/Sessions/{session_id}/Applications").json()["Items"]
        assert own["Id"] == application_id
        (session,) = cvad.get("/Applications/Titled/Sessions").json()["Items"]
        assert session["Id"] == session_id
        again = {"resource": "Titled", "new": True}
        url = str(cvad.base_url).removesuffix("/cvad/manage/") + "/footlight/v1/launches"
        assert cvad.post(url, json=again).status_code == 409
        assert cvad.patch("/Applications/Titled", json={"Enabled": False}).status_code == 204
        assert cvad.post(url, json=again).status_code == 404
    finally:
        cvad.post(f"/Sessions/{session_id}/$logoff")
        cvad.delete(f"/Applications/{application_id}")
