from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import pytest

SESSIONS = "/cvad/manage/Sessions"


async def launched(door: Any, resource: str = "Desktop") -> str:
    made = await door.post("/footlight/v1/launches", json={"resource": resource, "new": True})
    return str(made.json()["sessionId"])


async def begun(door: Any, method: str, path: str, **options: Any) -> str:
    """The path of the job that an asynchronous call has begun."""
    answer = await door.client.request(method, path, headers=door.headers, **options)
    assert (answer.status_code, answer.content) == (202, b""), answer.text
    assert answer.headers["content-length"] == "0"
    location = answer.headers["location"]
    assert location.startswith("https://site.test/")
    return urlsplit(location).path


async def ended(door: Any, path: str) -> dict[str, Any]:
    for _ in range(300):
        body: dict[str, Any] = (await door.get(path)).json()
        if body["Status"] not in ("NotStarted", "InProgress"):
            return body
        await asyncio.sleep(0.02)
    pytest.fail(f"the job does not end: {body}")


async def test_the_base_of_the_location_is_the_caller_s(door: Any) -> None:
    session_id = await launched(door)
    base = f"/citrix/orchestration/api/CitrixOnPremises/{door.rooms.site.id}"
    path = await begun(door, "POST", f"{base}/sessions/{session_id}/%24disconnect?ASYNC=True")
    assert path.startswith(f"{base}/Jobs/")
    assert (await ended(door, path))["Status"] == "Complete"


async def test_a_finished_action_leads_to_its_session(door: Any) -> None:
    session_id = await launched(door)
    path = await begun(door, "POST", f"{SESSIONS}/{session_id}/$startRecording?async=true")
    job = await ended(door, path)
    assert job["Type"] == "StartSessionRecording"
    assert job["Parameters"] == [{"Name": "Id", "Value": session_id}]
    assert (job["Status"], job["OverallProgressPercent"]) == ("Complete", 100)
    assert (job["IsCancellable"], job["ErrorString"]) == (False, None)
    assert job["ResultLocation"] == f"https://site.test{path}/Results"
    assert job["FormattedCreationTime"] is not None
    assert job["EndTime"] is not None
    results = await door.get(f"{path}/Results")
    assert results.status_code == 303
    assert results.headers["location"] == f"https://site.test{SESSIONS}/{session_id}"
    status = await door.get(f"{SESSIONS}/RecordingStatus?id={session_id}")
    assert status.json()["IsSessionBeingRecorded"]


async def test_results_of_a_list_are_the_list(door: Any) -> None:
    await launched(door)
    path = await begun(door, "GET", f"{SESSIONS}?async=true&fields=Id,State")
    assert (await ended(door, path))["Type"] == "GetSessions"
    results = await door.get(f"{path}/Results")
    assert results.status_code == 200
    assert results.json() == (await door.get(f"{SESSIONS}?fields=Id,State")).json()


async def test_what_answers_nothing_has_an_empty_result(door: Any) -> None:
    session_id = await launched(door)
    for verb in ("$hide", "$unhide", "$logoff"):
        path = await begun(door, "POST", f"{SESSIONS}/{session_id}/{verb}?async=true")
        assert (await ended(door, path))["Status"] == "Complete"
        results = await door.get(f"{path}/Results")
        assert (results.status_code, results.content) == (200, b"")


async def test_cancel_delete_and_skip(door: Any) -> None:
    session_id = await launched(door)
    door.rooms.host.silent = True
    message = f"{SESSIONS}/{session_id}/$sendMessage?async=true"
    path = await begun(door, "POST", message, json={"Text": "x"})
    running = (await door.get(path)).json()
    assert (running["Status"], running["IsCancellable"]) == ("InProgress", True)
    assert (await door.get(f"{path}/Results")).status_code == 409
    assert (await door.client.delete(path, headers=door.headers)).status_code == 409
    assert (await door.post(f"{path}/$SkipRemaining")).status_code == 501
    for _ in range(2):
        cancelled = await door.post(f"{path}/$cancel")
        assert (cancelled.status_code, cancelled.json()["Status"]) == (200, "Canceled")
    assert (await door.client.delete(path, headers=door.headers)).status_code == 204
    assert (await door.get(path)).status_code == 404
    leaving = await begun(door, "POST", f"{SESSIONS}/{session_id}/$logoff?async=true")
    assert (await door.post(f"{leaving}/$cancel")).status_code == 409
    listed = (await door.get("/cvad/manage/Jobs")).json()
    assert [item["Type"] for item in listed["Items"]] == ["LogoffSessions"]
    assert listed["ContinuationToken"] is None


async def test_another_caller_s_job_does_not_exist(door: Any) -> None:
    session_id = await launched(door)
    path = await begun(door, "POST", f"{SESSIONS}/{session_id}/$hide?async=true")
    account = {"name": "ada", "password": "a long secret", "administrator": True}
    await door.post("/footlight/v1/accounts", json=account)
    signed = await door.client.post("/cvad/manage/tokens", auth=("ada", "a long secret"))
    headers = {"Authorization": f"Bearer {signed.json()['Token']}"}
    for method, tail in (
        ("GET", ""),
        ("GET", "/Results"),
        ("POST", "/$cancel"),
        ("POST", "/$SkipRemaining"),
        ("DELETE", ""),
    ):
        answer = await door.client.request(method, path + tail, headers=headers)
        assert answer.status_code == 404, (method, tail)
    listed = await door.client.get("/cvad/manage/Jobs", headers=headers)
    assert listed.json()["Items"] == []
    assert (await door.get(path)).status_code == 200


async def test_async_checks_before_it_accepts(door: Any) -> None:
    session_id = await launched(door)
    unknown = "11111111-1111-4111-8111-000000000000"
    gone = await door.post(f"{SESSIONS}/{unknown}/$logoff?async=true")
    assert gone.status_code == 404
    empty = await door.post(f"{SESSIONS}/{session_id}/$sendMessage?async=true", json={"Text": ""})
    assert empty.status_code == 400
    assert (await door.post(f"{SESSIONS}/{session_id}/$hide?async=maybe")).status_code == 400


async def test_hide_shows_on_the_session_and_is_idempotent(door: Any) -> None:
    session_id = await launched(door)
    for verb, hidden in (("$hide", True), ("$hide", True), ("$unhide", False), ("$unhide", False)):
        answer = await door.post(f"{SESSIONS}/{session_id}/{verb}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await door.get(f"{SESSIONS}/{session_id}")).json()["IsHidden"] is hidden
        own = await door.get(f"/footlight/v1/sessions/{session_id}")
        assert own.json()["hidden"] is hidden


async def test_a_message_reaches_the_host(door: Any) -> None:
    session_id = await launched(door)
    body = {"TITLE": "Soon", "text": "Save\nyour work", "MessageStyle": "Critical", "x": 1}
    answer = await door.post(f"{SESSIONS}/{session_id}/$sendMessage", json=body)
    assert answer.status_code == 200
    assert answer.json()["Id"] == session_id
    (shown,) = door.rooms.host.shown
    assert (shown.style, shown.title, shown.text) == ("Information", "Soon", "Save\nyour work")
    assert shown.ordered_by == "FOOTLIGHT\\admin"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "Text"),
        ({"Text": " \n"}, "Text"),
        ({"Text": "x" * 4097}, "Text"),
        ({"Text": 5}, "Text"),
        ({"Text": "x", "Title": "y" * 257}, "Title"),
        ({"Text": "x", "Style": "Loud"}, "Style"),
    ],
)
async def test_a_wrong_message_is_named(door: Any, body: dict[str, Any], named: str) -> None:
    session_id = await launched(door)
    answer = await door.post(f"{SESSIONS}/{session_id}/$sendMessage", json=body)
    assert answer.status_code == 400
    assert {"name": "name", "value": named} in answer.json()["parameters"]
    assert door.rooms.host.shown == []
