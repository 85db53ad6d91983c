"""What the console's lists and its first page read, over the wire."""

from __future__ import annotations

import httpx

ROWS = "/footlight/v1/sessions/$search"
OVERVIEW = "/footlight/v1/overview"


def test_a_row_says_what_the_session_says(client: httpx.Client, desktop: str) -> None:
    own = client.get(f"/footlight/v1/sessions/{desktop}").json()
    wanted = {
        "SearchFilters": [{"Property": "PublishedName", "Operator": "Equals", "Value": "Desktop"}]
    }
    found = client.post(ROWS, json=wanted).json()
    assert found["total"] == len(found["items"])
    row = next(one for one in found["items"] if one["id"] == desktop)
    for member in ("userName", "machineName", "resourceName", "state", "startedAt", "recording"):
        assert row[member] == own[member], member
    uid = {"Property": "Uid", "Operator": "In", "Value": str(row["uid"])}
    again = client.post(ROWS, json={"SearchFilters": [uid]}).json()
    assert [one["id"] for one in again["items"]] == [desktop]


def test_those_that_are_recorded_are_found(client: httpx.Client, desktop: str) -> None:
    url = f"/cvad/manage/Sessions/{desktop}"

    def found(name: str, operator: str, value: str) -> list[dict[str, object]]:
        one = {"Property": name, "Operator": operator, "Value": value}
        items: list[dict[str, object]] = client.post(ROWS, json={"SearchFilters": [one]}).json()[
            "items"
        ]
        return [row for row in items if row["id"] == desktop]

    assert client.post(f"{url}/$startRecording").status_code == 200
    (row,) = found("Recording", "Equals", "true")
    assert (row["recording"], row["recordingHealth"], row["recordingProblem"]) == (
        True,
        "recording",
        None,
    )
    assert found("RecordingHealth", "In", "starting,recording") == [row]
    assert found("Recording", "Equals", "false") == []
    assert found("RecordingHealth", "In", "delayed,failed,refused") == []
    assert client.post(f"{url}/$stopRecording").status_code == 200
    assert found("Recording", "Equals", "true") == []
    (row,) = found("Recording", "Equals", "false")
    assert (row["recording"], row["recordingHealth"]) == (False, None)
    cvad = {"SearchFilters": [{"Property": "Recording", "Operator": "Equals", "Value": "true"}]}
    assert client.post("/cvad/manage/Sessions/$search", json=cvad).status_code == 400


def test_what_is_refused(client: httpx.Client) -> None:
    wrong = {"SearchFilters": [{"Property": "Nothing", "Operator": "Equals", "Value": "1"}]}
    assert client.post(ROWS, json=wrong).status_code == 400
    text = {"Content-Type": "text/plain"}
    assert client.post(ROWS, content=b"{}", headers=text).status_code == 415
    assert client.post(ROWS, json={}, headers={"Authorization": ""}).status_code == 401


def test_the_first_page_counts_a_session(client: httpx.Client, desktop: str) -> None:
    body = client.get(OVERVIEW).json()
    assert sum(body["sessions"][state] for state in ("active", "loggingOn", "disconnected")) > 0
    assert body["sessionCounts"][-1] > 0
    assert body["machines"]["total"] >= 1
    assert client.get(OVERVIEW, headers={"Authorization": ""}).status_code == 401
