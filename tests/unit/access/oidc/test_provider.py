from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.unit.access.oidc.conftest import BACK, CLIENT, ISSUER, FakeProvider, new_key

from footlight.access.oidc.provider import KEPT_MS, KEYS_AGAIN_MS, Provider, described
from footlight.access.oidc.settings import OidcSettings
from footlight.errors import Unauthenticated, Unavailable

WANTED = ("preferred_username", "groups")


async def tokens(provider: Provider, fake: FakeProvider, code: str = "good") -> Any:
    fake.nonce = "n"
    return await provider.tokens(code, BACK, "v" * 64)


async def test_the_browser_is_sent_with_state_nonce_and_challenge(provider: Provider) -> None:
    url = urlsplit(await provider.authorization_url(BACK, "st", "no", "v" * 64))
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{ISSUER}/auth"
    assert query.pop("code_challenge") not in ("", "v" * 64)
    assert query == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid profile email",
        "state": "st",
        "nonce": "no",
        "code_challenge_method": "S256",
    }


async def test_it_is_asked_once_for_a_while(provider: Provider, fake: FakeProvider) -> None:
    for _ in range(3):
        fake.codes["good"] = ""
        await provider.claims(await tokens(provider, fake), "n", WANTED)
    paths = [path.rpartition("/")[2] for _, path in fake.asked]
    assert paths.count("openid-configuration") == 1
    assert paths.count("jwks") == 1
    fake.clock.advance(KEPT_MS)
    fake.codes["good"] = ""
    await provider.claims(await tokens(provider, fake), "n", WANTED)
    paths = [path.rpartition("/")[2] for _, path in fake.asked]
    assert (paths.count("openid-configuration"), paths.count("jwks")) == (2, 2)


async def test_new_keys_are_asked_for_but_not_again_and_again(
    provider: Provider, fake: FakeProvider
) -> None:
    await provider.claims(await tokens(provider, fake), "n", WANTED)
    before, fake.key = fake.key, new_key("two")
    given = {"id_token": fake.id_token()}
    with pytest.raises(Unauthenticated, match="nobody knows the key"):
        await provider.claims(given, "n", WANTED)  # the keys were fetched just now
    fake.clock.advance(KEYS_AGAIN_MS)
    assert (await provider.claims(given, "n", WANTED))["sub"] == "u-1"
    fake.key = before  # taken back by the provider: no longer good
    old = {"id_token": fake.id_token()}
    fake.key = new_key("three")
    fake.clock.advance(KEYS_AGAIN_MS)
    with pytest.raises(Unauthenticated, match="nobody knows the key"):
        await provider.claims(old, "n", WANTED)


async def test_what_the_id_token_does_not_tell_the_user_info_does(
    provider: Provider, fake: FakeProvider
) -> None:
    fake.info, fake.claims = {"groups": ["x"], "email": "e"}, {"groups": ["of the token"]}
    claims = await provider.claims(await tokens(provider, fake), "n", WANTED)
    assert (claims["preferred_username"], claims["groups"]) == ("ada", ["of the token"])
    fake.claims["preferred_username"] = "told"
    fake.codes["good"], fake.asked = "", []
    told = await provider.claims(await tokens(provider, fake), "n", WANTED)
    assert "email" not in told
    assert ("GET", "/realm/me") not in fake.asked


async def test_the_info_of_another_counts_for_nothing(
    provider: Provider, fake: FakeProvider
) -> None:
    fake.info = {"sub": "u-2"}
    with pytest.raises(Unauthenticated, match="user info"):
        await provider.claims(await tokens(provider, fake), "n", WANTED)


async def test_a_code_that_the_provider_refuses(provider: Provider, fake: FakeProvider) -> None:
    await tokens(provider, fake)
    with pytest.raises(Unauthenticated, match="invalid_grant"):
        await tokens(provider, fake)  # the same again
    fake.described["token_endpoint"] = f"{ISSUER}/nowhere"
    fake.clock.advance(KEPT_MS)
    with pytest.raises(Unauthenticated, match="404"):
        await tokens(provider, fake)
    with pytest.raises(Unauthenticated, match="no id token"):
        await provider.claims({"access_token": "at"}, "n", WANTED)


@pytest.mark.parametrize(
    ("methods", "secret", "shown"),
    [
        (None, "s3cret+", "basic"),
        (["client_secret_basic", "client_secret_post"], "s3cret+", "basic"),
        (["client_secret_post"], "s3cret+", "post"),
        (["none"], None, "none"),
    ],
)
async def test_how_the_client_names_itself(
    fake: FakeProvider, settings: OidcSettings, methods: Any, secret: str | None, shown: str
) -> None:
    if methods is not None:
        fake.described["token_endpoint_auth_methods_supported"] = methods
    provider = Provider(replace(settings, client_secret=secret), fake.clock, fake.calls())
    await tokens(provider, fake)
    form, sent = fake.forms[-1], fake.headers[-1].get("authorization", "")
    assert form["code_verifier"] == "v" * 64
    assert form["redirect_uri"] == BACK
    if shown == "basic":
        assert base64.b64decode(sent.removeprefix("Basic ")) == b"footlight:s3cret%2B"
        assert "client_secret" not in form
    else:
        assert sent == ""
        assert form["client_id"] == CLIENT
        assert form.get("client_secret") == secret


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"issuer": "https://evil.test"}, "another issuer"),
        ({"issuer": None}, "another issuer"),
        ({"token_endpoint": None}, "token_endpoint"),
        ({"token_endpoint": "http://login.test/token"}, "token_endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "jwks_uri"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint"),
        ({"userinfo_endpoint": 7}, "userinfo_endpoint"),
        ({"end_session_endpoint": "https://" + "x" * 3000}, "end_session_endpoint"),
    ],
)
async def test_a_description_that_cannot_be_used(
    provider: Provider, fake: FakeProvider, said: dict[str, Any], why: str
) -> None:
    fake.described = said
    with pytest.raises(Unavailable, match=why):
        await provider.description()
    fake.described = {}  # nothing of it was kept
    assert (await provider.description()).token_endpoint == f"{ISSUER}/token"


async def test_a_provider_that_fails(provider: Provider, fake: FakeProvider) -> None:
    fake.fails = httpx.Response(500)
    with pytest.raises(Unavailable, match="describe"):
        await provider.description()
    fake.fails = None
    await provider.description()
    fake.fails = httpx.Response(503)
    with pytest.raises(Unavailable, match="failed"):
        await tokens(provider, fake)
    with pytest.raises(Unavailable, match="keys"):
        await provider.claims({"id_token": fake.id_token()}, "n", WANTED)


async def test_logging_off_there(provider: Provider, fake: FakeProvider) -> None:
    url = await provider.end_session_url("hint", "https://site.test/")
    query = parse_qs(urlsplit(str(url)).query)
    assert query == {
        "a": ["b"],
        "client_id": [CLIENT],
        "id_token_hint": ["hint"],
        "post_logout_redirect_uri": ["https://site.test/"],
    }
    fake.described["end_session_endpoint"] = None
    fake.clock.advance(KEPT_MS)
    assert await provider.end_session_url("hint", "https://site.test/") is None


def test_it_may_tell_that_it_names_itself() -> None:
    said = {
        name: f"{ISSUER}/x" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    }
    plain = described({"issuer": ISSUER, **said}, ISSUER)
    assert (plain.tells_issuer, plain.auth_methods) == (False, ("client_secret_basic",))
    names = {"authorization_response_iss_parameter_supported": True}
    assert described({"issuer": ISSUER, **said, **names}, ISSUER).tells_issuer
