"""`footlight sessions`: tables for people, objects for machines, exit codes."""

from __future__ import annotations

import json
from typing import Any

import pytest

SESSION = "7c1f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01"
LIST = "/cvad/manage/Sessions"


def session(number: int) -> dict[str, Any]:
    return {
        "Id": f"{SESSION[:-1]}{number}",
        "User": {"Name": "EX\\zoë\x1b[31m"},
        "Machine": {"Name": "EX\\HOST"},
        "SessionType": "Desktop",
        "State": "Active",
        "FormattedStateChangeTime": "2026-01-07T09:05:03Z",
        "FormattedStartTime": "2026-01-07T09:05:02Z",
    }


@pytest.fixture
def three_sessions(site: Any, data_dir: Any) -> list[dict[str, Any]]:
    sessions = [session(number) for number in range(3)]

    def page(asked: Any) -> dict[str, Any]:
        start = int(asked.query.get("continuationToken", 0))
        end = start + int(asked.query.get("limit", 250))
        token = str(end) if end < 3 else None
        return {"Items": sessions[start:end], "ContinuationToken": token, "TotalItems": 3}

    site.on("GET", LIST, page)
    return sessions


def test_list_is_one_unchanged_array_on_one_line(
    run: Any, site: Any, three_sessions: list[Any]
) -> None:
    ended = run("sessions", "list", "--json", "--page-size", "2")
    assert ended.code == 0
    assert ended.json == three_sessions
    assert ended.err == ""
    assert [asked.query for asked in site.asked] == [
        {"limit": "2"},
        {"limit": "2", "continuationToken": "2"},
    ]
    assert site.asked[0].headers["Authorization"] == "CWSAuth bearer=local-token"
    assert site.asked[0].headers["Citrix-CustomerId"] == "c-1"


def test_table_shows_whole_ids_and_no_control_characters(
    run: Any, three_sessions: list[Any]
) -> None:
    ended = run("sessions", "list")
    assert [s["Id"] for s in three_sessions if s["Id"] in ended.out] == [
        s["Id"] for s in three_sessions
    ]
    assert "zoë" in ended.out
    assert "\x1b" not in ended.out


def test_search_sends_what_was_asked(run: Any, site: Any, data_dir: Any) -> None:
    page = {"Items": [session(1)], "ContinuationToken": None, "TotalItems": 1}
    site.on("POST", f"{LIST}/$search", page)
    conditions = ("--where", "StartTime:LessThan:2026-01-01T00:00:00Z", "--where", "ClientName:Any")
    order = ("--sort", "UserName:desc", "--sort", "Uid", "--time-zone", "+05:30")
    assert run("sessions", "search", "zoë", *conditions, *order, "--json").json == [session(1)]
    filters = [
        {"Property": "StartTime", "Operator": "LessThan", "Value": "2026-01-01T00:00:00Z"},
        {"Property": "ClientName", "Operator": "Any"},
    ]
    assert json.loads(site.asked[0].body) == {
        "BasicSearchString": "zoë",
        "SearchFilters": filters,
        "SortCriteriaItems": [
            {"Property": "UserName", "SortDirection": "Descending"},
            {"Property": "Uid", "SortDirection": "Ascending"},
        ],
    }
    assert site.asked[0].headers["X-TimeZone"] == "+05:30"
    assert session(1)["Id"] in run("sessions", "search", *conditions, "--any").out
    assert json.loads(site.asked[1].body) == {
        "SearchFilterGroups": [{"SearchFilters": filters, "SearchFilterGroupType": "Or"}],
        "SearchFilterGroupsType": "And",
    }
    assert run("sessions", "search", "--where", "UserName").code == 2
    assert run("sessions", "search", "--sort", "UserName:up").code == 2


def test_rows_say_how_recording_goes(run: Any, site: Any, data_dir: Any) -> None:
    row = {
        "id": SESSION,
        "userName": "FOOTLIGHT\\ada",
        "machineName": "FOOTLIGHT\\m1",
        "resourceName": "Desktop",
        "state": "Active",
        "recording": False,
        "recordingHealth": "failed",
        "recordingProblem": "disk full",
    }
    quiet = {**row, "recording": True, "recordingHealth": None, "recordingProblem": None}
    page = {"items": [row, quiet], "total": 2, "continuationToken": None}
    site.on("POST", "/footlight/v1/sessions/$search", page)
    asked = ("--where", "RecordingHealth:In:delayed,failed", "--sort", "Recording")
    assert run("sessions", "rows", "ada", *asked, "--json").json == [row, quiet]
    assert json.loads(site.asked[0].body) == {
        "BasicSearchString": "ada",
        "SearchFilters": [
            {"Property": "RecordingHealth", "Operator": "In", "Value": "delayed,failed"}
        ],
        "SortCriteriaItems": [{"Property": "Recording", "SortDirection": "Ascending"}],
    }
    shown = run("sessions", "rows").out.splitlines()
    assert ("failed" in shown[1], "disk full" in shown[1], "recording" in shown[2]) == (True,) * 3


def test_show_gives_the_object(run: Any, site: Any, data_dir: Any) -> None:
    site.on("GET", f"{LIST}/{SESSION}", session(1))
    assert run("sessions", "show", SESSION, "--json").json == session(1)


def test_a_session_that_has_ended_tells_its_reason(run: Any, site: Any, data_dir: Any) -> None:
    view = {"id": SESSION, "state": "ended", "endReason": "program ended", "exitCode": 127}
    site.on("GET", f"/footlight/v1/sessions/{SESSION}", view)
    ended = run("sessions", "show", SESSION)
    assert ended.code == 3
    assert ended.err == f"footlight: session {SESSION} has ended: program ended, exit code 127\n"


def test_an_unknown_session_is_3(run: Any, data_dir: Any) -> None:
    ended = run("sessions", "show", SESSION)
    assert ended.code == 3
    assert ended.err == f"footlight: there is no session {SESSION}\n"
    assert ended.out == ""


def test_a_refusal_is_one_line_with_its_transaction(run: Any, site: Any, data_dir: Any) -> None:
    site.on("POST", f"{LIST}/{SESSION}/$stopRecording", (409, {"detail": "Policy\nX holds it."}))
    ended = run("record", "stop", SESSION)
    assert ended.code == 1
    assert ended.err == "footlight: Policy X holds it. (transaction t-1)\n"


def test_no_right_is_3(run: Any, site: Any, data_dir: Any) -> None:
    site.on("POST", f"{LIST}/{SESSION}/$logoff", (403, {"detail": "No."}))
    assert run("sessions", "logoff", SESSION).code == 3


def test_logoff_and_disconnect(run: Any, site: Any, data_dir: Any) -> None:
    site.on("POST", f"{LIST}/{SESSION}/$logoff", (204, b""))
    site.on("POST", f"{LIST}/{SESSION}/$disconnect", session(1))
    ended = run("sessions", "logoff", SESSION)
    assert (ended.code, ended.out) == (0, "")
    assert run("sessions", "disconnect", SESSION, "--json").json == session(1)


def test_usage_is_2(run: Any, data_dir: Any) -> None:
    assert run("sessions", "show").code == 2
    assert run("sessions", "list", "--page-size", "0").code == 2
    assert run("nonsense").code == 2


def test_hide_unhide_and_message(run: Any, site: Any, data_dir: Any) -> None:
    site.on("POST", f"{LIST}/{SESSION}/$hide", (204, b""))
    site.on("POST", f"{LIST}/{SESSION}/$unhide", (204, b""))
    site.on("POST", f"{LIST}/{SESSION}/$sendMessage", session(1))
    assert run("sessions", "hide", SESSION).code == 0
    assert run("sessions", "unhide", SESSION).code == 0
    said = run("sessions", "message", SESSION, "--text", "Save", "--style", "critical", "--json")
    assert said.json == session(1)
    assert json.loads(site.asked[-1].body) == {"Style": "Critical", "Title": "", "Text": "Save"}
    assert run("sessions", "message", SESSION, "--text", "x", "--style", "loud").code == 2
    assert run("sessions", "message", SESSION).code == 2


def test_what_stands_beside_a_session(run: Any, site: Any, data_dir: Any) -> None:
    path = f"/footlight/v1/sessions/{SESSION}/tickets"
    site.on("POST", path, {"ticket": "once", "expiresAt": "x"})
    assert run("sessions", "ticket", SESSION, "--view-only").out == "once\n"
    assert json.loads(site.asked[-1].body) == {"mode": "view"}
    site.on("GET", f"{LIST}/{SESSION}/Machine", {"Name": "EX\\HOST"})
    assert run("sessions", "machine", SESSION, "--json").json == {"Name": "EX\\HOST"}
    site.on("GET", "/footlight/v1/sessions", {"items": [{"id": "s", "state": "ended"}]})
    assert run("sessions", "views").out.split() == ["ID", "STATE", "s", "ended"]


def test_logs_tell_each_program_and_steer_no_terminal(run: Any, site: Any, data_dir: Any) -> None:
    def program(**members: Any) -> dict[str, Any]:
        return {
            "role": "program", "command": ["my app", "-v"], "pid": 7, "startedAt": None,
            "endedAt": None, "exitCode": None, "signal": None, "dropped": 0, "output": [], **members,
        }  # fmt: skip

    pieces = [
        {"at": None, "stream": "stdout", "text": "hello\x1b[31m "},
        {"at": None, "stream": "stderr", "text": "world\n"},
    ]
    answer = {
        "programs": [
            program(role="wm", pid=None),
            program(endedAt="2026-01-07T09:05:03Z", signal="SIGSEGV", dropped=9, output=pieces),
            program(endedAt="2026-01-07T09:05:03Z", exitCode=3),
            program(),
        ]
    }
    site.on("GET", f"/footlight/v1/sessions/{SESSION}/logs", answer)
    assert run("sessions", "logs", SESSION).out.splitlines() == [
        "== wm: 'my app' -v could not start",
        "== program: 'my app' -v was killed by SIGSEGV",
        "... 9 characters before this are not kept",
        "hello\ufffd[31m world",
        "== program: 'my app' -v ended with exit code 3",
        "== program: 'my app' -v runs (pid 7)",
    ]
    assert run("sessions", "logs", SESSION, "--json").json == answer


def test_logs_of_an_unknown_session_are_refused(run: Any, site: Any, data_dir: Any) -> None:
    assert run("sessions", "logs", SESSION).code == 3
