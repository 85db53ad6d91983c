"""The configuration log over the wire, on a real site."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

OPERATIONS = "/ConfigLog/Operations"


def made(staff: httpx.Client, name: str) -> str:
    """A role of that name is made, renamed and removed: the id that it had."""
    answer = staff.post("/Admin/Roles", json={"Name": name, "Permissions": ["Session_Read"]})
    assert answer.status_code == 201, answer.text
    role = str(answer.json()["Id"])
    both = ["Session_Read", "Machine_Read"]
    changed = staff.patch(f"/Admin/Roles/{role}", json={"Description": "d", "Permissions": both})
    assert changed.status_code == 204
    assert staff.delete(f"/Admin/Roles/{role}").status_code == 204
    return role


def texts(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["Text"] for one in answer.json()["Items"]]


@pytest.mark.covers("GET /ConfigLog/Operations", 200, 400)
@pytest.mark.covers("GET /ConfigLog/Operations/{id}", 200)
@pytest.mark.covers("GET /ConfigLog/Operations/{id}/LowLevelOperations", 200)
def test_what_was_changed_is_logged_member_by_member(staff: httpx.Client) -> None:
    role = made(staff, "Logged")
    answer = staff.get(OPERATIONS, params={"text": "*role 'LOGGED'*", "days": 1})
    expected = ["Delete role 'Logged'", "Edit role 'Logged'", "Create role 'Logged'"]
    assert texts(answer) == expected
    assert answer.json()["TotalItems"] == 3
    operation = answer.json()["Items"][1]
    assert staff.get(f"{OPERATIONS}/{operation['Id']}").json() == operation
    assert (operation["User"], operation["IsSuccessful"]) == ("FOOTLIGHT\\admin", True)
    assert (operation["TargetTypes"], operation["OperationType"]) == (
        ["Role"],
        "ConfigurationChange",
    )
    assert operation["FormattedStartTime"].endswith("Z")
    assert operation["AdminMachineIP"] == "127.0.0.1"
    assert {"Name": "ObjectId", "Value": role} in operation["Parameters"]
    low = staff.get(f"{OPERATIONS}/{operation['Id']}/LowLevelOperations").json()["Items"][0]
    assert low["OperationId"] == operation["Id"]
    details = {one["PropertyName"]: one for one in low["Details"]}
    assert details["Description"]["NewValue"] == "d"
    assert details["Permissions"]["AddValue"] == "Machine_Read"
    assert details["Permissions"]["TargetUid"] == role
    wrong: list[dict[str, Any]] = [
        {"days": 0},
        {"days": 1, "searchDateOption": "Today"},
        {"searchDateOption": "Tomorrow"},
        {"timeDiff": 100_000},
        {"limit": 0},
        {"text": "x" * 300},
    ]
    for query in wrong:
        assert staff.get(OPERATIONS, params=query).status_code == 400, query
    for option in ("LastHour", "today", "LastSixMonths"):
        params = {"searchDateOption": option, "timeDiff": 0, "text": "*'Logged'"}
        assert texts(staff.get(OPERATIONS, params=params)) == expected
    yesterday = {"searchDateOption": "Yesterday", "text": "*'Logged'"}
    assert texts(staff.get(OPERATIONS, params=yesterday)) == []


@pytest.mark.covers("GET /ConfigLog/Operations", 200)
def test_pages_are_newest_first_and_whole(staff: httpx.Client) -> None:
    made(staff, "Paged")
    found: list[str] = []
    token = ""
    while True:
        params = {"text": "*'Paged'", "limit": 2, "continuationToken": token}
        page = staff.get(OPERATIONS, params=params)
        assert page.json()["TotalItems"] == 3
        found += texts(page)
        token = page.json()["ContinuationToken"]
        if token is None:
            break
    assert found == ["Delete role 'Paged'", "Edit role 'Paged'", "Create role 'Paged'"]


@pytest.mark.covers("POST /ConfigLog/Operations/$search", 200, 400, 415)
def test_operations_are_searched(staff: httpx.Client) -> None:
    made(staff, "Wanted")
    path = f"{OPERATIONS}/$search"

    def where(*filters: tuple[str, str, str], **more: Any) -> list[str]:
        given = [{"Property": p, "Operator": o, "Value": v} for p, o, v in filters]
        body = {"BasicSearchString": "wanted", "SearchFilters": given, **more}
        return texts(staff.post(path, json=body))

    newest_first = ["Delete role 'Wanted'", "Edit role 'Wanted'", "Create role 'Wanted'"]
    assert where() == newest_first
    ascending = {"Property": "StartTime", "SortDirection": "Ascending"}
    assert where(SortCriteria=ascending) == newest_first[::-1]
    assert where(("Text", "StartsWith", "edit")) == newest_first[1:2]
    either = where(("Text", "StartsWith", "edit"), ("Text", "Like", "del*"), SearchType="Or")
    assert either == newest_first[:2]
    group = {
        "SearchType": "Or",
        "SearchFilters": [{"Property": "Text", "Operator": "StartsWith", "Value": "create"}],
    }
    nested = where(("User", "Equals", "footlight\\admin"), SearchFilterGroups=[group])
    assert nested == newest_first[2:]
    assert where(("OperationType", "Equals", "AdminActivity")) == []
    assert where(("IsSuccessful", "Equals", "true"), ("StartTime", "IsWithin", "LastHour"))
    assert where(("TargetType", "NotEquals", "Role")) == []
    first = staff.post(path, params={"limit": 1}, json={"BasicSearchString": "'wanted'"}).json()
    assert first["TotalItems"] == 3
    rest = staff.post(
        path,
        params={"continuationToken": first["ContinuationToken"]},
        json={"BasicSearchString": "'wanted'"},
    )
    assert texts(rest) == newest_first[1:]
    for wrong in (
        [{"Property": "Colour", "Operator": "Equals", "Value": "x"}],
        [{"Property": "Text", "Operator": "Resembles", "Value": "x"}],
        [{"Property": "StartTime", "Operator": "Equals", "Value": "soon"}],
    ):
        assert staff.post(path, json={"SearchFilters": wrong}).status_code == 400
    plain = staff.post(path, content=b"x", headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415


@pytest.mark.covers("PATCH /ConfigLog/Operations/{id}", 204, 400)
@pytest.mark.covers("POST /ConfigLog/Operations/$fetchExistingLabels", 200)
def test_people_label_operations(staff: httpx.Client) -> None:
    made(staff, "Labelled")
    operation = staff.get(OPERATIONS, params={"text": "Delete*'Labelled'"}).json()["Items"][0]
    place = f"{OPERATIONS}/{operation['Id']}"
    changed = staff.patch(place, json={"Labels": [" Ticket 7 ", "ticket 7", "reviewed"]})
    assert changed.status_code == 204, changed.text
    assert staff.get(place).json()["Labels"] == ["reviewed", "ticket 7"]
    known = staff.post(f"{OPERATIONS}/$fetchExistingLabels")
    assert {"reviewed", "ticket 7"} <= set(known.json())
    assert staff.patch(place, json={"Labels": ["x" * 61]}).status_code == 400
    assert staff.patch(place, json={"Labels": []}).status_code == 204
    assert staff.get(place).json()["Labels"] == []


@pytest.mark.covers("GET /ConfigLog/LoggingSite", 200)
@pytest.mark.covers("PATCH /ConfigLog/LoggingSite", 200, 400, 409)
def test_logging_is_set_but_never_off(staff: httpx.Client) -> None:
    changed = staff.patch("/ConfigLog/LoggingSite", json={"Locale": "de-DE"})
    assert changed.json()["Locale"] == "de-DE"
    assert staff.get("/ConfigLog/LoggingSite").json() == {
        "LoggingEnabled": True,
        "AllowChangesWhileDatabaseDown": False,
        "Locale": "de-DE",
    }
    for body in ({"LoggingEnabled": False}, {"AllowChangesWhileDatabaseDown": True}):
        assert staff.patch("/ConfigLog/LoggingSite", json=body).status_code == 409
    assert staff.patch("/ConfigLog/LoggingSite", json={"Locale": "?"}).status_code == 400
    staff.patch("/ConfigLog/LoggingSite", json={"Locale": "en-US", "LoggingEnabled": True})


@pytest.mark.covers("POST /ConfigLog/ExportReport", 200, 400)
def test_operations_are_reported_as_tables(staff: httpx.Client) -> None:
    made(staff, "=Formula()")
    body = {"CustomReportFormat": "Both", "CustomReportDateRange": "Last24Hours"}
    report = staff.post("/ConfigLog/ExportReport", json=body).json()
    assert "'=Formula()" in report["CsvData"]
    assert ",=Formula()" not in report["CsvData"]
    assert "&#x27;=Formula()&#x27;" in report["HtmlDetailsData"]
    assert "ConfigurationChange" in report["HtmlSummaryData"]
    only = staff.post("/ConfigLog/ExportReport", json={**body, "CustomReportFormat": "csv"}).json()
    assert only["HtmlDetailsData"] is None
    custom = {"CustomReportFormat": "Csv", "CustomReportDateRange": "Custom"}
    assert staff.post("/ConfigLog/ExportReport", json=custom).status_code == 400
    dates = {"StartDate": "2020-01-01T00:00:00Z", "EndDate": "2020-01-02T00:00:00Z"}
    empty = staff.post("/ConfigLog/ExportReport", json={**custom, **dates}).json()
    assert len(empty["CsvData"].splitlines()) == 1
    assert staff.post("/ConfigLog/ExportReport", json={}).status_code == 400


@pytest.mark.covers("DELETE /ConfigLog/Logs", 204)
@pytest.mark.covers("GET /ConfigLog/GetFirstLogDate", 200)
def test_the_log_is_cleared_and_the_chain_is_not(staff: httpx.Client, stage: Any) -> None:
    made(staff, "Cleared")
    before = staff.get("/ConfigLog/GetFirstLogDate").json()
    time.sleep(1.1)  # dates are told by the second
    assert staff.delete("/ConfigLog/Logs").status_code == 204
    assert texts(staff.get(OPERATIONS)) == ["Clear the configuration log"]
    after = staff.get("/ConfigLog/GetFirstLogDate").json()
    assert before < after
    kept = staff.get(f"{stage.base_url}/footlight/v1/audit", params={"text": "*'Cleared'"}).json()
    assert len(kept["items"]) == 3
    verified = staff.get(f"{stage.base_url}/footlight/v1/audit/verification").json()
    assert verified["whole"], verified
