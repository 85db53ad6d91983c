from __future__ import annotations

from typing import Any

import pytest

S = "/cvad/manage/Sessions"
ONE = "7c1f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01"


@pytest.mark.parametrize(
    ("call", "verb", "query"),
    [
        (lambda s: s.start_recording(ONE), "startRecording", {"notifyUser": "true"}),
        (
            lambda s: s.start_recording(ONE, notify_user=False),
            "startRecording",
            {"notifyUser": "false"},
        ),
        (lambda s: s.stop_recording(ONE), "stopRecording", {}),
        (lambda s: s.disconnect(ONE), "disconnect", {}),
    ],
)
def test_actions_answer_with_the_session(
    scripted: Any, call: Any, verb: str, query: dict[str, str]
) -> None:
    scripted.answer = {"Id": ONE}
    assert call(scripted.client.sessions) == {"Id": ONE}
    assert scripted.asked == (f"POST {S}/{ONE}/${verb}", query, None)


def test_log_off_answers_with_nothing(scripted: Any) -> None:
    scripted.answer = None
    assert scripted.client.sessions.logoff(ONE) is None
    assert scripted.asked == (f"POST {S}/{ONE}/$logoff", {}, None)


def test_list_and_get_name_their_fields(scripted: Any) -> None:
    scripted.answer = {"Items": [{"Id": ONE}], "ContinuationToken": None}
    assert list(scripted.client.sessions.list(limit=5, fields=["Id", "State"])) == [{"Id": ONE}]
    assert scripted.asked == (f"GET {S}", {"limit": "5", "fields": "Id,State"}, None)
    scripted.answer = {"Id": ONE}
    assert scripted.client.sessions.get(ONE, fields=["Id"]) == {"Id": ONE}
    assert scripted.asked == (f"GET {S}/{ONE}", {"fields": "Id"}, None)


@pytest.mark.parametrize("recorded", [True, False])
def test_recording_status_is_a_truth_value(scripted: Any, recorded: bool) -> None:
    scripted.answer = {"IsSessionBeingRecorded": recorded}
    assert scripted.client.sessions.recording_status(ONE) is recorded
    assert scripted.asked == (f"GET {S}/RecordingStatus", {"id": ONE}, None)


def test_our_own_view_and_tickets(scripted: Any) -> None:
    scripted.answer = {"state": "Ended"}
    assert scripted.client.sessions.view(ONE)["state"] == "Ended"
    assert scripted.asked == (f"GET /footlight/v1/sessions/{ONE}", {}, None)
    scripted.answer = {"ticket": "x"}
    assert scripted.client.sessions.ticket(ONE, mode="view") == {"ticket": "x"}
    path = f"POST /footlight/v1/sessions/{ONE}/tickets"
    assert scripted.asked == (path, {}, {"mode": "view"})


def test_each_call_has_its_own_time(scripted: Any) -> None:
    scripted.answer = {"IsSessionBeingRecorded": False}
    scripted.client.sessions.recording_status(ONE, timeout_s=7)
    assert scripted.requests[-1].extensions["timeout"]["read"] == 7
    scripted.client.sessions.recording_status(ONE)
    assert scripted.requests[-1].extensions["timeout"]["read"] == 60


def test_what_stands_beside_a_session(scripted: Any) -> None:
    scripted.answer = {"Id": "m"}
    assert scripted.client.sessions.machine(ONE) == {"Id": "m"}
    assert scripted.asked == (f"GET {S}/{ONE}/Machine", {}, None)
    scripted.answer = {"Items": [{"Id": "x"}], "ContinuationToken": None, "TotalItems": 1}
    assert list(scripted.client.sessions.applications(ONE)) == [{"Id": "x"}]
    assert scripted.asked == (f"GET {S}/{ONE}/Applications", {}, None)
    assert list(scripted.client.sessions.list_v2(limit=5)) == [{"Id": "x"}]
    assert scripted.asked == (f"GET {S}V2", {"limit": "5"}, None)


def test_logs_are_those_of_the_session(scripted: Any) -> None:
    scripted.answer = {"programs": []}
    assert scripted.client.sessions.logs(ONE) == {"programs": []}
    assert scripted.asked == (f"GET /footlight/v1/sessions/{ONE}/logs", {}, None)


def test_rows_are_searched_as_sessions_are(scripted: Any) -> None:
    scripted.answer = {"items": [{"id": ONE}], "total": 41, "continuationToken": None}
    health = {"Property": "RecordingHealth", "Operator": "Equals", "Value": "failed"}
    found = scripted.client.sessions.rows("ada", filters=[health], skip=2, limit=5, time_zone="UTC")
    assert [(page.items, page.total) for page in found.pages()] == [([{"id": ONE}], 41)]
    body = {"BasicSearchString": "ada", "SearchFilters": [health]}
    path = "POST /footlight/v1/sessions/$search"
    assert scripted.asked == (path, {"skip": "2", "limit": "5"}, body)
    assert scripted.requests[-1].headers["X-TimeZone"] == "UTC"
