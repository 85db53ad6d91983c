"""All prefixes, header spellings, path spellings and empty bodies that clients are known to send."""

from __future__ import annotations

import base64
from collections.abc import Callable

import httpx
import pytest

PREFIXES = [
    "/cvad/manage",
    "/citrix/orchestration/api",
    "/citrix/orchestration/api/{customer}",
    "/citrix/orchestration/api/{customer}/{site}",
    "/citrix/orchestration/api/CitrixOnPremises/{site}",
    "/citrix/orchestration/api/techpreview",
    "/citrix/orchestration/api/techpreview/{customer}",
    "/citrix/orchestration/api/techpreview/{customer}/{site}",
    "/cvadapis/{site}",
    "/cvadapis",
]
AUTHORIZATIONS = [
    "CWSAuth bearer={token}",
    "CWSAuth Bearer={token}",
    "CwsAuth bearer={token}",
    "CwsAuth Bearer={token}",
    "cwsauth  BEARER = {token}",
    'CWSAuth bearer="{token}"',
    "Bearer {token}",
    "bearer {token}",
]
EMPTY = [
    {},
    {"Content-Type": "application/json"},
    {"Content-Type": "application/json; charset=utf-8"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "text/plain"},
]


def filled(site, template: str) -> str:
    return template.format(customer=site.customer_id, site=site.site_id)


@pytest.mark.covers("GET /Sessions", 200)
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("resource", ["Sessions", "sessions/", "//SESSIONS//", "Sessions?LIMIT=5"])
def test_prefixes_and_case(
    site, client: httpx.Client, desktop: str, prefix: str, resource: str
) -> None:
    answer = client.get(f"{filled(site, prefix)}/{resource}")
    assert answer.status_code == 200, answer.text
    assert desktop in [item["Id"] for item in answer.json()["Items"]]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("path", ["me", "ME/", "Sites", "sites/{site}", "HealthCheck", "ping"])
def test_prefixes_of_what_comes_before_the_sessions(
    site, client: httpx.Client, prefix: str, path: str
) -> None:
    answer = client.get(f"{filled(site, prefix)}/{filled(site, path)}")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("spelling", AUTHORIZATIONS)
def test_authorization(site, spelling: str) -> None:
    with site.client(Authorization=spelling.format(token=site.token)) as made:
        assert made.get("/cvad/manage/me").status_code == 200


@pytest.mark.parametrize("names", [str.lower, str.upper, lambda n: n.title()])
def test_header_names_in_any_case(site, names: Callable[[str], str]) -> None:
    with site.bare_client() as made:
        sent = {names(name): value for name, value in site.headers().items()}
        assert made.get("/cvad/manage/Sessions", headers=sent).status_code == 200


@pytest.mark.parametrize(
    "named", ["{site}", "{upper}", "{{{site}}}", "FOOTLIGHT", "footlight", "", None]
)
def test_instances_that_mean_this_site(site, named: str | None) -> None:
    headers = site.headers()
    del headers["Citrix-InstanceId"]
    if named is not None:
        headers["Citrix-InstanceId"] = named.format(site=site.site_id, upper=site.site_id.upper())
    with site.bare_client() as made:
        assert made.get("/cvad/manage/Sessions", headers=headers).status_code == 200


@pytest.mark.parametrize("customer", ["loy6oujtu6a4", "CitrixOnPremises", None])
def test_any_customer_passes(site, customer: str | None) -> None:
    headers = site.headers()
    del headers["Citrix-CustomerId"]
    if customer is not None:
        headers["Citrix-CustomerId"] = customer
    with site.bare_client() as made:
        assert made.get("/cvad/manage/Sessions", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "accept", [None, "application/json; charset=utf-8", "application/*", "*/*"]
)
def test_accept(site, accept: str | None) -> None:
    headers = site.headers()
    del headers["Accept"]
    with site.bare_client() as made:
        made.headers.pop("accept")
        if accept is not None:
            headers["Accept"] = accept
        assert made.get("/cvad/manage/Sessions", headers=headers).status_code == 200


@pytest.mark.covers("POST /Sessions/{id}/$startRecording", 200)
@pytest.mark.covers("POST /Sessions/{id}/$stopRecording", 200)
@pytest.mark.covers("POST /Sessions/{id}/$disconnect", 200)
@pytest.mark.parametrize("verb", ["${v}", "%24{v}"])
@pytest.mark.parametrize("empty", EMPTY)
def test_empty_posts(client: httpx.Client, desktop: str, verb: str, empty: dict[str, str]) -> None:
    for action in ("startRecording", "stopRecording", "DISCONNECT"):
        path = f"/cvad/manage/sessions/{desktop}/{verb.format(v=action)}"
        answer = client.post(path, headers=empty)
        assert answer.status_code == 200, (action, answer.text)
        assert answer.json()["Id"] == desktop


@pytest.mark.covers("POST /tokens", 200)
@pytest.mark.covers("POST /tokens/$refresh", 200)
@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize("path", ["tokens", "Tokens/"])
def test_sign_in_with_only_an_authorization(site, path: str, empty: dict[str, str]) -> None:
    secret = base64.b64encode(f"{site.admin_user}:{site.admin_password}".encode()).decode()
    with site.bare_client() as made:
        made.headers.pop("accept")
        answer = made.post(
            f"/citrix/orchestration/api/{path}",
            headers={"Authorization": f"Basic {secret}", **empty},
        )
        assert answer.status_code == 200, answer.text
        token = answer.json()["Token"]
        assert "=" not in token
        assert set(answer.json()) == {"Token", "Principal", "UserId", "CustomerId", "ExpiresAt"}
        again = made.post(
            "/cvad/manage/tokens/%24refresh",
            headers={"Authorization": f"CWSAuth bearer={token}", **empty},
        )
        assert again.status_code == 200
        assert again.json()["Token"] != token


@pytest.mark.covers("GET /Sessions/RecordingStatus", 200)
@pytest.mark.parametrize("path", ["Sessions/RecordingStatus?id=", "sessions/recordingstatus/?ID="])
def test_recording_status_is_not_a_session(client: httpx.Client, desktop: str, path: str) -> None:
    answer = client.get(f"/cvad/manage/{path}{desktop}", headers={"Content-Type": "text/plain"})
    assert answer.json() == {"IsSessionBeingRecorded": False}
