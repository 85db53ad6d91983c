"""`async=true`, jobs, hidden sessions and messages, on real sessions."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest

MANAGE = "/cvad/manage"
ENDED_WITHIN_S = 60
JOB_MEMBERS = {
    "Id", "Type", "OverallProgressPercent", "IsCancellable", "Parameters", "SubJobs", "Status",
    "ResultLocation", "ErrorString", "ErrorCode", "ErrorParameters", "CreationTime",
    "FormattedCreationTime", "StartTime", "FormattedStartTime", "EndTime", "FormattedEndTime",
}  # fmt: skip


def begin(client: httpx.Client, method: str, path: str, **options: object) -> str:
    """The job's URL, from an answer that is exactly the contract's."""
    answer = client.request(method, f"{MANAGE}{path}", **options)  # type: ignore[arg-type]
    assert (answer.status_code, answer.content) == (202, b""), answer.text
    assert answer.headers["content-length"] == "0"
    location = answer.headers["location"]
    assert location.startswith(f"{str(client.base_url).rstrip('/')}{MANAGE}/Jobs/")
    assert len(location.rpartition("/")[2]) == 36
    return str(location)


def wait(client: httpx.Client, url: str) -> dict[str, object]:
    """The job once it has ended."""
    deadline = time.monotonic() + ENDED_WITHIN_S
    while True:
        answer = client.get(url)
        assert answer.status_code == 200, answer.text
        job: dict[str, object] = answer.json()
        assert set(job) == JOB_MEMBERS
        if job["Status"] not in ("NotStarted", "InProgress"):
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.05)


@pytest.mark.covers("POST /Sessions/{id}/$startRecording", 202)
@pytest.mark.covers("POST /Sessions/{id}/$stopRecording", 202)
@pytest.mark.covers("POST /Sessions/{id}/$disconnect", 202)
@pytest.mark.covers("POST /Sessions/{id}/$sendMessage", 202)
@pytest.mark.covers("GET /Jobs/{id}", 200)
@pytest.mark.covers("GET /Jobs/{id}/Results", 303)
@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("startRecording", "StartSessionRecording"),
        ("stopRecording", "StopSessionRecording"),
        ("disconnect", "DisconnectSessions"),
        ("sendMessage", "SendSessionMessage"),
    ],
)
def test_a_job_ends_when_its_action_is_done(
    client: httpx.Client, desktop: str, verb: str, kind: str
) -> None:
    path = f"/Sessions/{desktop}/${verb}?async=true"
    url = begin(client, "POST", path, json={"Text": "Hello"})
    job = wait(client, url)
    assert (job["Type"], job["Status"], job["ErrorString"]) == (kind, "Complete", None)
    assert job["Parameters"] == [{"Name": "Id", "Value": desktop}]
    results = client.get(f"{url}/Results")
    assert results.status_code == 303
    assert client.get(results.headers["location"]).json()["Id"] == desktop
    if "Recording" in verb:
        status = client.get(f"{MANAGE}/Sessions/RecordingStatus?id={desktop}").json()
        assert status == {"IsSessionBeingRecorded": verb == "startRecording"}


@pytest.mark.covers("GET /Sessions", 202)
@pytest.mark.covers("GET /Jobs", 200)
@pytest.mark.covers("GET /Jobs/{id}/Results", 200)
@pytest.mark.covers("DELETE /Jobs/{id}", 204)
@pytest.mark.covers("POST /Jobs/{id}/$cancel", 200)
@pytest.mark.covers("POST /Jobs/{id}/$SkipRemaining", 501)
def test_a_list_as_a_job(client: httpx.Client, desktop: str) -> None:
    url = begin(client, "GET", "/Sessions?async=true&fields=Id")
    job = wait(client, url)
    assert (job["Type"], job["Status"]) == ("GetSessions", "Complete")
    assert job["ResultLocation"] == f"{url}/Results"
    found = client.get(f"{url}/Results").json()
    assert {"Id": desktop} in found["Items"]
    listed = client.get(f"{MANAGE}/Jobs").json()
    assert listed["Items"][0] == job
    assert listed["ContinuationToken"] is None
    assert client.post(f"{url}/$cancel").json() == job
    skipped = client.post(f"{url}/$SkipRemaining")
    assert (skipped.status_code, skipped.json()["SdkErrorId"]) == (501, "NotImplemented")
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


@pytest.mark.covers("DELETE /Jobs/{id}", 409)
@pytest.mark.covers("GET /Jobs/{id}/Results", 409)
@pytest.mark.covers("POST /Jobs/{id}/$cancel", 409)
def test_a_job_of_a_silent_host(crowd) -> None:  # type: ignore[no-untyped-def]
    with crowd.site.client() as made:
        path = f"/Sessions/{crowd.ids[11]}/$logoff?async=true"
        url = begin(made, "POST", path)
        assert made.delete(url).status_code == 409
        assert made.get(f"{url}/Results").status_code == 409
        assert made.post(f"{url}/$cancel").status_code == 409
        job = wait(made, url)
        assert (job["Status"], job["ErrorCode"]) == ("Failed", "MachineNotRegistered")
        session = made.get(f"{MANAGE}/Sessions/{crowd.ids[11]}").json()
        assert session["LogoffInProgress"] is False
        assert made.get(f"{url}/Results").status_code == 409


@pytest.mark.covers("GET /Sessions/{id}", 200)
@pytest.mark.covers("POST /Sessions/{id}/$hide", 204, 202, 403)
@pytest.mark.covers("POST /Sessions/{id}/$unhide", 204, 202, 403)
@pytest.mark.covers("POST /Sessions/{id}/$logoff", 202)
def test_a_hidden_session_is_not_taken_up(
    site,
    client: httpx.Client,
    launch: Callable[[str], str],  # type: ignore[no-untyped-def]
) -> None:
    session_id = launch("Terminal")
    path = f"/Sessions/{session_id}"

    def taken_up() -> str:
        answer = client.post("/footlight/v1/launches", json={"resource": "Terminal"})
        return str(answer.json()["sessionId"])

    def hidden() -> bool:
        return bool(client.get(f"{MANAGE}{path}").json()["IsHidden"])

    assert taken_up() == session_id
    for _ in range(2):
        answer = client.post(f"{MANAGE}{path}/$hide")
        assert (answer.status_code, answer.content) == (204, b"")
    assert hidden()
    assert taken_up() != session_id
    assert wait(client, begin(client, "POST", f"{path}/$unhide?async=true"))["Status"] == "Complete"
    assert not hidden()
    assert wait(client, begin(client, "POST", f"{path}/$hide?async=true"))["Status"] == "Complete"
    assert hidden()
    assert client.post(f"{MANAGE}{path}/$unhide").status_code == 204
    _a_user_may_not(site, client, path)
    assert wait(client, begin(client, "POST", f"{path}/$logoff?async=true"))["Status"] == "Complete"


def _a_user_may_not(site, client: httpx.Client, path: str) -> None:  # type: ignore[no-untyped-def]
    account = {"name": "hugo", "password": "a long secret"}
    assert client.post("/footlight/v1/accounts", json=account).status_code in (200, 201)
    with site.bare_client() as made:
        token = made.post(f"{MANAGE}/tokens", auth=("hugo", "a long secret")).json()["Token"]
        headers = {"Authorization": f"Bearer {token}"}
        launched = made.post(
            "/footlight/v1/launches", json={"resource": "Terminal"}, headers=headers
        )
        own = f"/Sessions/{launched.json()['sessionId']}"
        for verb in ("$hide", "$unhide"):
            assert made.post(f"{MANAGE}{path}/{verb}", headers=headers).status_code == 404
            assert made.post(f"{MANAGE}{own}/{verb}", headers=headers).status_code == 403
        assert made.post(f"{MANAGE}{own}/$logoff", headers=headers).status_code == 204


@pytest.mark.covers("POST /Sessions/{id}/$sendMessage", 200)
def test_a_message_is_answered_with_the_session(client: httpx.Client, desktop: str) -> None:
    body = {"Style": "Exclamation", "Title": "Soon", "Text": "The site goes down."}
    answer = client.post(f"{MANAGE}/Sessions/{desktop}/$sendMessage", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json() == client.get(f"{MANAGE}/Sessions/{desktop}").json()
