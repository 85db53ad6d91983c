"""The browser's way to the provider and back, as HTTP; what is checked on it: access/oidc/test_sign_in.py."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from tests.unit.access.oidc.conftest import CLIENT, ISSUER, FakeProvider

from footlight.access.oidc.provider import Provider
from footlight.access.oidc.settings import OidcSettings
from footlight.access.oidc.sign_in import OidcSignIn

V1 = "/footlight/v1"
START, CALLBACK = f"{V1}/sign-in/oidc", f"{V1}/sign-in/oidc/callback"
PAGE = {"Accept": "text/html,*/*"}


@pytest.fixture
def fake(door: Any) -> FakeProvider:
    """The provider of the door's site."""
    made = FakeProvider(door.rooms.clock)
    settings = OidcSettings(ISSUER, CLIENT, "secret", label="Sign in at Example")
    provider = Provider(settings, door.rooms.clock, made.calls())
    parts = door.parts
    oidc = OidcSignIn(door.rooms.store, parts.access, settings, provider, parts.site.name)
    object.__setattr__(parts, "oidc", oidc)
    return made


async def leave(door: Any, fake: FakeProvider, to: str = "") -> dict[str, str]:
    """What the provider answers the browser with."""
    answer = await door.client.get(START + (f"?to={to}" if to else ""))
    assert answer.status_code == 302, answer.text
    asked = {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert asked["redirect_uri"] == f"https://site.test{CALLBACK}"
    fake.nonce, fake.codes["good"] = asked["nonce"], ""
    return {"code": "good", "state": asked["state"]}


async def test_the_page_is_told_of_the_way(door: Any, fake: FakeProvider) -> None:
    ways = (await door.client.get(f"{V1}/sign-in")).json()
    assert ways == {"password": True, "oidc": {"label": "Sign in at Example", "path": START}}


async def test_without_a_provider_there_is_no_way(door: Any) -> None:
    assert (await door.client.get(f"{V1}/sign-in")).json() == {"password": True, "oidc": None}
    for path in (START, CALLBACK):
        assert (await door.client.get(path)).status_code == 404
    page = await door.client.get(START, headers=PAGE)
    assert (page.status_code, "no OpenID Connect provider" in page.text) == (404, True)


async def test_somebody_comes_back_with_a_cookie(door: Any, fake: FakeProvider) -> None:
    wanted = "/s/00000000-0000-4000-8000-000000000000"
    answer = await leave(door, fake, wanted)
    kept = door.client.cookies["__Host-footlight-oidc"]
    back = await door.client.get(CALLBACK, params=answer)
    assert (back.status_code, back.headers["location"]) == (302, wanted)
    cookies = SimpleCookie()
    for line in back.headers.get_list("set-cookie"):
        cookies.load(line)
    token, browser = cookies["__Host-footlight"], cookies["__Host-footlight-oidc"]
    assert (token["samesite"].lower(), token["httponly"], token["secure"]) == ("strict", True, True)
    assert (browser.value, browser["max-age"]) == ("", "0")
    assert token.value not in back.text
    me = (await door.client.get(f"{V1}/me")).json()
    assert me["userName"] == "FOOTLIGHT\\ada"
    # Logging off leads to the provider's own page.
    out = await door.client.post(f"{V1}/sign-out", headers={"Origin": "https://site.test"})
    assert out.status_code == 200
    url = urlsplit(out.json()["endSessionUrl"])
    assert parse_qs(url.query)["post_logout_redirect_uri"] == ["https://site.test/"]
    assert "__Host-footlight" not in door.client.cookies
    assert kept not in str(url)


@pytest.mark.parametrize(
    "to",
    [
        "/r/00000000-0000-4000-8000-000000000000?t=12.5",
        "/console/recordings",
        "/console/sessions?text=a+b&open=%C3%A9",
    ],
)
async def test_the_page_that_was_wanted_is_gone_back_to(
    door: Any, fake: FakeProvider, to: str
) -> None:
    answer = await leave(door, fake, quote(to))
    back = await door.client.get(CALLBACK, params=answer)
    assert back.headers["location"] == to


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.test/",
        "//evil.test",
        "/s/../x",
        "/s/x",
        "javascript:alert(1)",
        "/",
        "/console/../docs",
        "/console//evil.test",
        "/console/x%0A",
        "/console/x?" + "a" * 2000,
        "/r/00000000-0000-4000-8000-000000000000%23link=x",
    ],
)
async def test_nobody_is_led_elsewhere(door: Any, fake: FakeProvider, to: str) -> None:
    answer = await leave(door, fake, to)
    back = await door.client.get(CALLBACK, params=answer)
    assert back.headers["location"] == "/"


async def test_refusals_are_pages_for_people_and_json_for_others(
    door: Any, fake: FakeProvider
) -> None:
    wrong = {"state": "<script>", "code": "good"}
    page = await door.client.get(CALLBACK, params=wrong, headers=PAGE)
    assert page.status_code == 401
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "not under way" in page.text
    told = await door.client.get(CALLBACK, params=wrong)
    assert (told.status_code, "not under way" in told.json()["detail"]) == (401, True)
    answer = await leave(door, fake)
    failed = {"state": answer["state"], "error": "<b>access_denied"}
    page = await door.client.get(CALLBACK, params=failed, headers=PAGE)
    assert "&lt;b&gt;access_denied" in page.text
    assert "set-cookie" not in page.headers


async def test_a_provider_that_is_away_is_503(door: Any, fake: FakeProvider) -> None:
    fake.fails = httpx.ConnectError("no")
    page = await door.client.get(START, headers=PAGE)
    assert (page.status_code, "does not answer" in page.text) == (503, True)
    assert (await door.client.get(START)).status_code == 503


async def test_a_name_that_cannot_be_used_is_403(door: Any, fake: FakeProvider) -> None:
    fake.info = {"preferred_username": "漢字"}
    answer = await leave(door, fake)
    assert (await door.client.get(CALLBACK, params=answer)).status_code == 403
