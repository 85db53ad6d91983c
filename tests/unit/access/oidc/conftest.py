"""A provider in this process, with keys of its own, that says what a test wants it to say."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet

from footlight.access import accounts
from footlight.access.access import Access
from footlight.access.accounts import Account
from footlight.access.oidc.calls import Calls
from footlight.access.oidc.provider import Provider
from footlight.access.oidc.settings import OidcSettings
from footlight.access.oidc.sign_in import OidcSignIn
from footlight.access.tokens import TokenPolicy
from footlight.clock import FakeClock
from footlight.site.founding import Site, found_site
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.store import Store, Tx

ISSUER = "https://login.test/realm"
CLIENT = "footlight"
BACK = "https://site.test/footlight/v1/sign-in/oidc/callback"
POLICY = TokenPolicy(life_ms=3_600_000, refresh_ms=7_200_000)


def new_key(kid: str) -> Key:
    """A fresh signing key."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class FakeProvider:
    """What it answers with; a test changes it. `asked`: (method, path) of each call."""

    clock: Any
    key: Key = field(default_factory=lambda: new_key("one"))
    subject: str = "u-1"
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)  # over those of the id token
    info: dict[str, Any] = field(default_factory=dict)  # over those of the user info
    header: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=lambda: {"good": ""})
    described: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    fails: Any = None  # an exception or a response for every call

    def calls(self) -> Calls:
        return Calls(transport=httpx.MockTransport(self.answer))

    def id_token(self, **claims: Any) -> str:
        now_s = self.clock.now_ms() // 1000
        said = {
            "iss": ISSUER,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now_s,
            "exp": now_s + 300,
            "nonce": self.nonce,
            **self.claims,
            **claims,
        }
        header = {"alg": "ES256", "kid": self.key.kid, **self.header}
        return jwt.encode(header, {k: v for k, v in said.items() if v is not None}, self.key)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append((request.method, path))
        self.headers.append(request.headers)
        if isinstance(self.fails, Exception):
            raise self.fails
        if self.fails is not None:
            return self.fails  # type: ignore[no-any-return]
        if path.endswith("/.well-known/openid-configuration"):
            return httpx.Response(200, json={**self._description(), **self.described})
        if path.endswith("/jwks"):
            return httpx.Response(200, json=KeySet([self.key]).as_dict())
        if path.endswith("/token"):
            form = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
            self.forms.append(form)
            if form["code"] not in self.codes:
                return httpx.Response(400, json={"error": "invalid_grant"})
            del self.codes[form["code"]]
            body = {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token()}
            return httpx.Response(200, json=body)
        if path.endswith("/me"):
            assert request.headers["authorization"] == "Bearer at"
            said = {"sub": self.subject, "preferred_username": "ada", "groups": [], **self.info}
            return httpx.Response(200, content=json.dumps(said))
        return httpx.Response(404)

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "userinfo_endpoint": f"{ISSUER}/me",
            "end_session_endpoint": f"{ISSUER}/end?a=b",
        }


@dataclass(frozen=True)
class Place:
    """A site with an administrator, and a clock that a test moves."""

    store: Store
    clock: FakeClock
    site: Site
    admin: Account

    async def account(self, name: str) -> Account:
        return await self.store.write(lambda tx: accounts.create(tx, name))


@pytest.fixture
async def place(database: Database) -> AsyncIterator[Place]:
    clock = FakeClock()
    store = await open_store(database, clock)

    def found(tx: Tx) -> tuple[Site, Account]:
        return found_site(tx, "FOOTLIGHT", samples=False), accounts.create(tx, "admin")

    yield Place(store, clock, *await store.write(found))
    await store.close()


@pytest.fixture
def fake() -> FakeProvider:
    return FakeProvider(FakeClock())


@pytest.fixture
def settings() -> OidcSettings:
    return OidcSettings(ISSUER, CLIENT, "s3cret+")


@pytest.fixture
def provider(fake: FakeProvider, settings: OidcSettings) -> Provider:
    """Asks the fake one."""
    return Provider(settings, fake.clock, fake.calls())


@pytest.fixture
def access(place: Place) -> Access:
    return Access(place.store, place.clock, place.site.name, place.site.token_key, POLICY)


@pytest.fixture
def oidc(place: Place, access: Access, settings: OidcSettings, fake: FakeProvider) -> OidcSignIn:
    """Sign-ins at the fake provider, whose clock is the site's."""
    fake.clock = place.clock
    provider = Provider(settings, place.clock, fake.calls())
    return OidcSignIn(place.store, access, settings, provider, place.site.name)
