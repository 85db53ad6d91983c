"""The client against a scripted site: what goes out, what comes back, who signs in when."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest

from footlight.sdk import (
    BadAnswer,
    Conflict,
    ConnectionFailed,
    Footlight,
    NotFound,
    StatusError,
    Unauthorized,
)

SESSION = "7c1f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01"


class ScriptedSite:
    """Answers by (method, path); keeps every request."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: dict[tuple[str, str], Callable[[httpx.Request], httpx.Response]] = {}

    def on(self, method: str, path: str, status: int = 200, body: object = None) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            if body is None:
                return httpx.Response(status)
            return httpx.Response(status, json=body, headers={"Citrix-TransactionId": "t-1"})

        self.answers[method, path] = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return self.answers[request.method, request.url.path](request)


@pytest.fixture
def site() -> ScriptedSite:
    return ScriptedSite()


def client_of(site: ScriptedSite, **options: object) -> Footlight:
    options = options or {"token": "abc"}
    return Footlight("http://site.test", transport=httpx.MockTransport(site), **options)  # type: ignore[arg-type]


def in_an_hour() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))


def test_signs_in_by_name_and_password_once(site: ScriptedSite) -> None:
    site.on("POST", "/cvad/manage/tokens", body={"Token": "fresh", "ExpiresAt": in_an_hour()})
    site.on("GET", "/cvad/manage/me", body={"UserId": "1"})
    client = client_of(site, user="EX\\ada", password="pä:ss")
    client.me()
    client.me()
    first, *rest = site.requests
    kind, _, pair = first.headers["Authorization"].partition(" ")
    assert kind == "Basic"
    assert base64.b64decode(pair).decode() == "EX\\ada:pä:ss"
    assert first.content == b""
    assert [r.headers["Authorization"] for r in rest] == ["CWSAuth bearer=fresh"] * 2
    assert rest[0].headers["Citrix-CustomerId"] == "CitrixOnPremises"
    assert "Citrix-InstanceId" not in rest[0].headers


def test_signs_in_by_client_secret_with_a_string_of_seconds(site: ScriptedSite) -> None:
    path = "/cctrustoauth2/cust1/tokens/clients"
    answer = {"token_type": "bearer", "access_token": "cloud", "expires_in": "3600"}
    site.on("POST", path, body=answer)
    site.on("GET", "/cvad/manage/Sites", body={"Items": [{"Id": "s", "Name": "FOOTLIGHT"}]})
    client = client_of(
        site, client_id="id", client_secret="secret", customer_id="cust1", site_id="s"
    )
    assert list(client.sites.list()) == [{"Id": "s", "Name": "FOOTLIGHT"}]
    assert parse_qs(site.requests[0].content.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["id"],
        "client_secret": ["secret"],
    }
    assert site.requests[1].headers["Citrix-CustomerId"] == "cust1"
    assert site.requests[1].headers["Citrix-InstanceId"] == "s"


def test_renews_a_token_a_minute_before_its_end(site: ScriptedSite) -> None:
    site.on(
        "POST", "/cvad/manage/tokens/$refresh", body={"Token": "next", "ExpiresAt": in_an_hour()}
    )
    site.on("GET", "/cvad/manage/me", body={})
    client = client_of(site, token="old", token_expires_at_s=time.time() + 59)
    client.me()
    assert site.requests[0].headers["Authorization"] == "CWSAuth bearer=old"
    assert site.requests[1].headers["Authorization"] == "CWSAuth bearer=next"
    client = client_of(site, token="old", token_expires_at_s=time.time() + 90)
    client.me()
    assert site.requests[2].headers["Authorization"] == "CWSAuth bearer=old"


def test_signs_in_again_once_when_its_token_was_revoked(site: ScriptedSite) -> None:
    tokens = iter(["one", "two", "three"])

    def sign_in(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"Token": next(tokens), "ExpiresAt": in_an_hour()})

    def me(request: httpx.Request) -> httpx.Response:
        good = request.headers["Authorization"].endswith("two")
        return httpx.Response(200 if good else 401, json={"UserId": "1"})

    site.answers["POST", "/cvad/manage/tokens"] = sign_in
    site.answers["GET", "/cvad/manage/me"] = me
    client = client_of(site, user="ada", password="x")
    assert client.me()["UserId"] == "1"
    assert len(site.requests) == 4


def test_wrong_password_is_unauthorized_and_not_repeated(site: ScriptedSite) -> None:
    site.on("POST", "/cvad/manage/tokens", 401, {"detail": "Wrong name or password."})
    with pytest.raises(Unauthorized, match="Wrong name"):
        client_of(site, user="ada", password="x").me()
    assert len(site.requests) == 1


def test_recording_actions_have_the_paths_of_the_contract(site: ScriptedSite) -> None:
    base = f"/cvad/manage/Sessions/{SESSION}"
    for verb in ("$startRecording", "$stopRecording", "$disconnect"):
        site.on("POST", f"{base}/{verb}", body={"Id": SESSION})
    site.on("POST", f"{base}/$logoff", 204)
    site.on("GET", "/cvad/manage/Sessions/RecordingStatus", body={"IsSessionBeingRecorded": True})
    client = client_of(site)
    assert client.sessions.start_recording(SESSION, notify_user=False)["Id"] == SESSION
    assert client.sessions.recording_status(SESSION) is True
    client.sessions.stop_recording(SESSION)
    client.sessions.disconnect(SESSION)
    client.sessions.logoff(SESSION)
    assert site.requests[0].url.params["notifyUser"] == "false"
    assert site.requests[1].url.params["id"] == SESSION
    assert site.requests[0].content == b""


def test_search_goes_on_with_the_same_body(site: ScriptedSite) -> None:
    pages = iter([([{"Id": "1"}], "next"), ([{"Id": "2"}], None)])

    def page(request: httpx.Request) -> httpx.Response:
        items, token = next(pages)
        return httpx.Response(200, json={"Items": items, "ContinuationToken": token})

    site.answers["POST", "/cvad/manage/Sessions/$search"] = page
    found = client_of(site).sessions.search(
        "zoë", sort=[{"Property": "Uid", "SortDirection": "Descending"}], skip=3, fields=["Id"]
    )
    assert [one["Id"] for one in found] == ["1", "2"]
    first, second = site.requests
    assert json.loads(first.content) == json.loads(second.content)
    assert dict(first.url.params) == {"skip": "3", "fields": "Id"}
    assert dict(second.url.params) == {"skip": "3", "fields": "Id", "continuationToken": "next"}


def test_launch_carries_one_key_over_its_repetitions(site: ScriptedSite) -> None:
    answers = iter([503, 201])
    body = {"sessionId": SESSION, "machine": "EX\\H", "displayPath": "/s/x"}

    def launch(request: httpx.Request) -> httpx.Response:
        return httpx.Response(next(answers), json=body, headers={"Retry-After": "0"})

    site.answers["POST", "/footlight/v1/launches"] = launch
    assert client_of(site).launches.create("Desktop", new=True) == body
    first, second = site.requests
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] != ""
    assert json.loads(second.content) == {"resource": "Desktop", "new": True}


def test_a_refusal_names_the_transaction_and_keeps_the_body(site: ScriptedSite) -> None:
    body = {"SdkErrorId": "UnknownSession", "detail": "No such session.", "parameters": []}
    site.on("GET", f"/cvad/manage/Sessions/{SESSION}", 404, body)
    with pytest.raises(NotFound, match="No such session") as caught:
        client_of(site).sessions.get(SESSION)
    assert caught.value.transaction_id == "t-1"
    assert caught.value.code == "UnknownSession"
    assert caught.value.body == body
    assert caught.value.response.status_code == 404


def test_ids_are_quoted_into_the_path(site: ScriptedSite) -> None:
    site.on("GET", "/cvad/manage/Sites/a/b ö", body={"Id": "x"})
    client_of(site).sites.get("a/b ö")
    assert site.requests[0].url.raw_path == b"/cvad/manage/Sites/a%2Fb%20%C3%B6"


def test_conflict_is_not_repeated(site: ScriptedSite) -> None:
    site.on("POST", f"/cvad/manage/Sessions/{SESSION}/$stopRecording", 409, {"detail": "held"})
    with pytest.raises(Conflict):
        client_of(site).sessions.stop_recording(SESSION)
    assert len(site.requests) == 1


def test_segment_ranges_are_asked_for_by_header(site: ScriptedSite) -> None:
    site.answers["GET", "/footlight/v1/recordings/r/segments/3"] = lambda r: httpx.Response(
        206, content=b"abc"
    )
    client = client_of(site)
    assert client.recordings.segment("r", 3, start=10, end=13) == b"abc"
    client.recordings.segment("r", 3)
    client.recordings.segment("r", 3, start=5)
    ranges = [r.headers.get("Range") for r in site.requests]
    assert ranges == ["bytes=10-12", None, "bytes=5-"]


def test_an_answer_that_is_not_json_is_named(site: ScriptedSite) -> None:
    site.answers["GET", "/cvad/manage/me"] = lambda r: httpx.Response(200, text="<html>")
    with pytest.raises(BadAnswer, match="not JSON"):
        client_of(site).me()


def test_an_unlisted_status_is_still_a_status_error(site: ScriptedSite) -> None:
    site.answers["GET", "/cvad/manage/me"] = lambda r: httpx.Response(418, text="short")
    with pytest.raises(StatusError, match="418") as caught:
        client_of(site).me()
    assert caught.value.body == "short"


def test_a_missing_ca_file_says_so() -> None:
    with pytest.raises(ConnectionFailed, match=r"nowhere\.pem"):
        Footlight("https://127.0.0.1:1", token="x", ca_file="/nowhere.pem")
