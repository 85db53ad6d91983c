"""Each status of the contract, in the combined error model."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

pytestmark = pytest.mark.long

MODEL = {
    "ErrorMessage", "SdkErrorId", "ErrorType", "ErrorDetails", "SupportLink", "ErrorReportXml",
    "ErrorReport", "type", "detail", "parameters",
}  # fmt: skip


def parameters(answer: httpx.Response, status: int, suffix: str) -> dict[str, str]:
    """The named parameters of an error, once it is what it should be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert int(answer.headers["content-length"]) == len(answer.content)
    body = answer.json()
    assert set(body) == MODEL
    assert body["type"] == f"https://errors-api.cloud.com/common/{suffix}"
    assert body["ErrorMessage"]
    assert body["SdkErrorId"]
    return {item["name"]: item["value"] for item in body["parameters"]}


SESSION_CALLS = [
    ("GET", "/Sessions/{id}"),
    ("GET", "/Sessions/RecordingStatus?id={id}"),
    ("GET", "/Sessions/{id}/Machine"),
    ("GET", "/Sessions/{id}/Applications"),
    ("POST", "/Sessions/{id}/$startRecording"),
    ("POST", "/Sessions/{id}/$stopRecording"),
    ("POST", "/Sessions/{id}/$logoff"),
    ("POST", "/Sessions/{id}/$disconnect"),
    ("POST", "/Sessions/{id}/$hide"),
    ("POST", "/Sessions/{id}/$unhide"),
]
JOB_CALLS = [
    ("GET", "/Jobs/{id}"),
    ("DELETE", "/Jobs/{id}"),
    ("GET", "/Jobs/{id}/Results"),
    ("POST", "/Jobs/{id}/$cancel"),
    ("POST", "/Jobs/{id}/$SkipRemaining"),
]
MESSAGE = "/Sessions/{id}/$sendMessage"


@pytest.mark.covers("GET /Sessions/{id}", 404)
@pytest.mark.covers("GET /Sessions/{id}/Machine", 404)
@pytest.mark.covers("GET /Sessions/{id}/Applications", 404)
@pytest.mark.covers("GET /Sessions/RecordingStatus", 404)
@pytest.mark.covers("POST /Sessions/{id}/$startRecording", 404)
@pytest.mark.covers("POST /Sessions/{id}/$stopRecording", 404)
@pytest.mark.covers("POST /Sessions/{id}/$logoff", 404)
@pytest.mark.covers("POST /Sessions/{id}/$disconnect", 404)
@pytest.mark.covers("POST /Sessions/{id}/$hide", 404)
@pytest.mark.covers("POST /Sessions/{id}/$unhide", 404)
@pytest.mark.parametrize(("method", "path"), SESSION_CALLS)
def test_unknown_sessions(client: httpx.Client, method: str, path: str) -> None:
    for unknown in (str(uuid.uuid4()), "nonsense", "999999"):
        answer = client.request(method, "/cvad/manage" + path.format(id=unknown))
        assert parameters(answer, 404, "notFound") == {"entityType": "Session", "id": unknown}
        assert answer.json()["SdkErrorId"] == "UnknownSession"


@pytest.mark.covers("GET /Jobs/{id}", 404)
@pytest.mark.covers("DELETE /Jobs/{id}", 404)
@pytest.mark.covers("GET /Jobs/{id}/Results", 404)
@pytest.mark.covers("POST /Jobs/{id}/$cancel", 404)
@pytest.mark.covers("POST /Jobs/{id}/$SkipRemaining", 404)
@pytest.mark.parametrize(("method", "path"), JOB_CALLS)
def test_unknown_jobs(client: httpx.Client, method: str, path: str) -> None:
    for unknown in (str(uuid.uuid4()), "nonsense"):
        answer = client.request(method, "/cvad/manage" + path.format(id=unknown))
        assert parameters(answer, 404, "notFound") == {"entityType": "Job", "id": unknown}


@pytest.mark.covers("POST /Sessions/{id}/$sendMessage", 404, 400, 415)
def test_messages_that_cannot_be_sent(client: httpx.Client, desktop: str) -> None:
    url = "/cvad/manage" + MESSAGE
    unknown = client.post(url.format(id=str(uuid.uuid4())), json={"Text": "x"})
    assert parameters(unknown, 404, "notFound")["entityType"] == "Session"
    for content, suffix in ((b"", "missing"), (b"{", "invalidJson"), (b"[1]", "invalidJson")):
        bad = client.post(
            url.format(id=desktop), content=content, headers={"Content-Type": "application/json"}
        )
        parameters(bad, 400, suffix)
    foreign = client.post(
        url.format(id=desktop), content=b"Text=x", headers={"Content-Type": "text/plain"}
    )
    assert parameters(foreign, 415, "unsupportedMediaType") == {"mediaType": "text/plain"}


@pytest.mark.covers("GET /Sessions", 400)
@pytest.mark.covers("GET /Sessions/RecordingStatus", 400)
@pytest.mark.parametrize(
    "path",
    [
        "/Sessions?limit=0", "/Sessions?limit=-1", "/Sessions?limit=1001", "/Sessions?limit=x",
        "/Sessions?continuationToken=damaged", "/Sessions/RecordingStatus",
        "/Sessions/RecordingStatus?id=",
    ],
)  # fmt: skip
def test_bad_input(client: httpx.Client, path: str) -> None:
    answer = client.get("/cvad/manage" + path)
    assert answer.status_code == 400
    assert set(answer.json()) == MODEL
    assert answer.json()["parameters"]


@pytest.mark.covers("GET /Sessions", 401)
@pytest.mark.covers("GET /SessionsV2", 401)
@pytest.mark.covers("POST /Sessions/$search", 401)
@pytest.mark.covers("GET /Sessions/{id}/Machine", 401)
@pytest.mark.covers("GET /Sessions/{id}/Applications", 401)
@pytest.mark.covers("GET /Machines/{nameOrId}/Sessions", 401)
@pytest.mark.covers("GET /Applications/{nameOrId}/Sessions", 401)
@pytest.mark.covers("GET /me", 401)
@pytest.mark.covers("GET /Sites", 401)
@pytest.mark.covers("GET /Sites/{nameOrId}", 401)
@pytest.mark.covers("POST /tokens", 401)
@pytest.mark.covers("POST /tokens/$refresh", 401)
@pytest.mark.covers("GET /Sessions/{id}", 401)
@pytest.mark.covers("GET /Sessions/RecordingStatus", 401)
@pytest.mark.covers("POST /Sessions/{id}/$startRecording", 401)
@pytest.mark.covers("POST /Sessions/{id}/$stopRecording", 401)
@pytest.mark.covers("POST /Sessions/{id}/$logoff", 401)
@pytest.mark.covers("POST /Sessions/{id}/$disconnect", 401)
@pytest.mark.covers("POST /Sessions/{id}/$hide", 401)
@pytest.mark.covers("POST /Sessions/{id}/$unhide", 401)
@pytest.mark.covers("POST /Sessions/{id}/$sendMessage", 401)
@pytest.mark.covers("GET /Jobs", 401)
@pytest.mark.covers("GET /Jobs/{id}", 401)
@pytest.mark.covers("DELETE /Jobs/{id}", 401)
@pytest.mark.covers("GET /Jobs/{id}/Results", 401)
@pytest.mark.covers("POST /Jobs/{id}/$cancel", 401)
@pytest.mark.covers("POST /Jobs/{id}/$SkipRemaining", 401)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *SESSION_CALLS, ("GET", "/Sessions"), ("GET", "/me"), ("GET", "/Sites"),
        ("GET", "/Sites/x"), ("POST", "/tokens"), ("POST", "/tokens/$refresh"),
        ("DELETE", "/tokens"), ("GET", "/Jobs"), ("POST", MESSAGE), *JOB_CALLS,
        ("GET", "/SessionsV2"), ("POST", "/Sessions/$search"),
        ("GET", "/Machines/x/Sessions"), ("GET", "/Applications/x/Sessions"),
    ],
)  # fmt: skip
def test_no_or_bad_token(site, method: str, path: str) -> None:
    with site.bare_client() as made:
        url = "/cvad/manage" + path.format(id="x")
        missing = made.request(method, url)
        assert parameters(missing, 401, "authentication")["reason"] == "missing"
        for wrong in ("CWSAuth bearer=wrong", "Bearer a.b.c", "Basic eDp5", "Negotiate x", "odd"):
            bad = made.request(method, url, headers={"Authorization": wrong})
            assert parameters(bad, 401, "authentication")["reason"] == "invalid"


@pytest.mark.covers("GET /Sessions", 403)
def test_foreign_site(site) -> None:
    foreign = "12f7438-bf8e-42ba-b1b3-2eb75d098f57"
    with site.client(**{"Citrix-InstanceId": foreign}) as made:
        answer = made.get("/cvad/manage/Sessions")
        assert parameters(answer, 403, "authorization") == {"entityType": "Site", "id": foreign}
    with site.client() as made:
        path = f"/citrix/orchestration/api/CitrixOnPremises/{uuid.uuid4()}/Sessions"
        assert parameters(made.get(path), 403, "authorization")["entityType"] == "Site"


@pytest.mark.covers("GET /Sessions", 405)
def test_methods(client: httpx.Client, desktop: str) -> None:
    put = client.put("/cvad/manage/Sessions")
    assert parameters(put, 405, "methodNotAllowed") == {"method": "PUT"}
    assert set(put.headers["allow"].split(", ")) >= {"GET", "HEAD"}
    get = client.get(f"/cvad/manage/Sessions/{desktop}/$logoff")
    assert parameters(get, 405, "methodNotAllowed") == {"method": "GET"}
    assert get.headers["allow"] == "POST"


@pytest.mark.covers("GET /Sessions", 406)
def test_accept_that_excludes_json(client: httpx.Client) -> None:
    answer = client.get("/cvad/manage/Sessions", headers={"Accept": "application/xml"})
    assert parameters(answer, 406, "notAcceptable") == {"contentType": "application/xml"}


@pytest.mark.covers("POST /Sessions/{id}/$startRecording", 415)
def test_foreign_media_type(client: httpx.Client, desktop: str) -> None:
    answer = client.post(
        f"/cvad/manage/Sessions/{desktop}/$startRecording",
        content=b"<x/>",
        headers={"Content-Type": "application/xml"},
    )
    assert parameters(answer, 415, "unsupportedMediaType") == {"mediaType": "application/xml"}


def test_large_body(client: httpx.Client, desktop: str) -> None:
    answer = client.post(
        f"/cvad/manage/Sessions/{desktop}/$disconnect",
        content=b" " * (1024 * 1024 + 1),
        headers={"Content-Type": "application/json"},
    )
    assert parameters(answer, 413, "tooLong") == {"maxBytes": str(1024 * 1024)}


@pytest.mark.covers("POST /Sessions/{id}/$startRecording", 503)
@pytest.mark.covers("POST /Sessions/{id}/$logoff", 503)
@pytest.mark.covers("POST /Sessions/{id}/$sendMessage", 503)
def test_a_silent_host(crowd) -> None:
    """Its rows stay as they were: a failed call has no later effect."""
    one, other = crowd.ids[7:9]
    calls = [(one, "startRecording"), (one, "sendMessage"), (other, "logoff")]
    with crowd.site.client() as made:

        def shown() -> list[object]:
            return [made.get(f"/cvad/manage/Sessions/{id}").json() for id in (one, other)]

        def call(named: tuple[str, str]) -> httpx.Response:
            url = f"/cvad/manage/Sessions/{named[0]}/${named[1]}"
            return made.post(url, json={"Text": "x"})

        before = shown()
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(call, calls))
        for (session_id, _), answer in zip(calls, answers, strict=True):
            assert parameters(answer, 503, "serviceUnavailable")["id"] == session_id
            assert int(answer.headers["retry-after"]) > 0
        assert shown() == before
        status = made.get(f"/cvad/manage/Sessions/RecordingStatus?id={one}")
        assert status.json() == {"IsSessionBeingRecorded": False}


@pytest.mark.covers("POST /Sessions/{id}/$startRecording", 409)
@pytest.mark.covers("POST /Sessions/{id}/$sendMessage", 409)
def test_a_session_that_logs_off_takes_nothing_new(crowd) -> None:
    with crowd.site.client() as made:
        shown = made.get(f"/cvad/manage/Sessions/{crowd.leaving}").json()
        assert shown["LogoffInProgress"] is True
        for verb in ("startRecording", "sendMessage"):
            url = f"/cvad/manage/Sessions/{crowd.leaving}/${verb}"
            answer = made.post(url, json={"Text": "x"})
            assert parameters(answer, 409, "conflict") == {"id": crowd.leaving}


def test_unknown_paths(client: httpx.Client) -> None:
    for path in ("/cvad/manage/Nothing", "/cvad/manage/Sessions/a/b", "/footlight/v1/nothing"):
        assert parameters(client.get(path), 404, "notFound") == {"entityType": "Path", "id": path}
