"""The provider as this site's client sees it: its description and keys, fetched when needed and kept for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from footlight.access.oidc import id_token
from footlight.access.oidc.calls import Calls
from footlight.access.oidc.id_token import Expected, UnknownKey
from footlight.access.oidc.settings import OidcSettings, is_safe
from footlight.clock import Clock
from footlight.errors import Unauthenticated, Unavailable

KEPT_MS = 3_600_000
# Anybody can send a token that names an unknown key: new ones are asked for no more often than this.
KEYS_AGAIN_MS = 30_000
MAX_KEYS = 100


@dataclass(frozen=True)
class Description:
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    auth_methods: tuple[str, ...]
    tells_issuer: bool  # in its answers to the browser (RFC 9207)


class Provider:
    """One provider."""

    def __init__(self, settings: OidcSettings, clock: Clock, calls: Calls | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._calls = calls or Calls(settings.ca_file)
        self._description: tuple[int, Description] | None = None  # with the time of its fetching
        self._keys: tuple[int, Mapping[str, Any]] | None = None
        self._turn = asyncio.Lock()  # many who sign in at once ask the provider once

    async def description(self) -> Description:
        """Its endpoints. Raises Unavailable when it does not say, or says something that can't be used."""
        async with self._turn:
            kept = self._description
            if kept is None or self._clock.now_ms() - kept[0] >= KEPT_MS:
                kept = self._description = (self._clock.now_ms(), await self._discovered())
            return kept[1]

    async def authorization_url(
        self, redirect_uri: str, state: str, nonce: str, verifier: str
    ) -> str:
        """Where the browser is sent to sign in. Raises Unavailable."""
        url: str = prepare_grant_uri(
            (await self.description()).authorization_endpoint,
            client_id=self._settings.client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=self._settings.scopes,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return url

    async def tokens(self, code: str, redirect_uri: str, verifier: str) -> Mapping[str, Any]:
        """What the provider gives for a code. Raises Unauthenticated when it refuses, Unavailable."""
        described = await self.description()
        body = prepare_token_request(
            "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=verifier
        )
        url, headers, body = self._auth(described).prepare(
            "POST", described.token_endpoint, {}, body
        )
        answer = await self._calls.post(url, headers, body)
        if answer.status >= 500:
            raise Unavailable("The OpenID Connect provider has failed.", status=str(answer.status))
        if answer.status != 200:
            said = str(answer.body.get("error", answer.status))[:64]
            raise Unauthenticated(
                f"The provider has not accepted the sign-in ({said}). Try again.", reason="invalid"
            )
        return answer.body

    async def claims(
        self, given: Mapping[str, Any], nonce: str, wanted: tuple[str, ...]
    ) -> Mapping[str, Any]:
        """The claims of the id token among these tokens, checked; those of `wanted` that it has not, from the user
        info. Raises Unauthenticated, Unavailable."""
        text, access_token = given.get("id_token"), given.get("access_token")
        if not isinstance(text, str):
            raise Unauthenticated("The provider has given no id token.", reason="invalid")
        expected = Expected(
            self._settings.issuer,
            self._settings.client_id,
            nonce,
            access_token if isinstance(access_token, str) else None,
        )
        claims = await self._checked(text, expected)
        url = (await self.description()).userinfo_endpoint
        if expected.access_token is None or url is None or all(one in claims for one in wanted):
            return claims
        answer = await self._calls.get(url, {"authorization": f"Bearer {expected.access_token}"})
        # What somebody else's info says counts for nothing (section 5.3.2).
        if answer.status != 200 or answer.body.get("sub") != claims["sub"]:
            raise Unauthenticated("The provider's user info is not accepted.", reason="invalid")
        return {**answer.body, **claims}

    async def end_session_url(self, id_token_hint: str, back: str) -> str | None:
        """Where the browser logs off from the provider too; None when it has no such place."""
        url = (await self.description()).end_session_endpoint
        if url is None:
            return None
        fields = {
            "client_id": self._settings.client_id,
            "id_token_hint": id_token_hint,
            "post_logout_redirect_uri": back,
        }
        made: str = add_params_to_uri(url, list(fields.items()))
        return made

    async def _checked(self, text: str, expected: Expected) -> Mapping[str, Any]:
        now_s = self._clock.now_ms() / 1000
        try:
            return id_token.claims_of(text, await self._key_set(KEPT_MS), expected, now_s)
        except UnknownKey:
            pass
        try:
            return id_token.claims_of(text, await self._key_set(KEYS_AGAIN_MS), expected, now_s)
        except UnknownKey:
            raise Unauthenticated(
                "The provider's id token is not accepted: nobody knows the key that it is signed with.",
                reason="invalid",
            ) from None

    async def _key_set(self, oldest_ms: int) -> Mapping[str, Any]:
        url = (await self.description()).jwks_uri
        async with self._turn:
            kept = self._keys
            if kept is None or self._clock.now_ms() - kept[0] >= oldest_ms:
                answer = await self._calls.get(url)
                listed = answer.body.get("keys")
                if answer.status != 200 or not isinstance(listed, list) or len(listed) > MAX_KEYS:
                    raise Unavailable("The OpenID Connect provider's keys can't be read.")
                kept = self._keys = (self._clock.now_ms(), answer.body)
            return kept[1]

    async def _discovered(self) -> Description:
        url = self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        answer = await self._calls.get(url)
        if answer.status != 200:
            raise Unavailable(
                "The OpenID Connect provider does not describe itself.", status=str(answer.status)
            )
        return described(answer.body, self._settings.issuer)

    def _auth(self, described: Description) -> ClientAuth:
        secret = self._settings.client_secret
        if secret is None:
            return ClientAuth(self._settings.client_id, None, "none")
        if "client_secret_basic" in described.auth_methods:
            # Both are form-encoded before they are joined (RFC 6749 section 2.3.1).
            names = quote_plus(self._settings.client_id), quote_plus(secret)
            return ClientAuth(*names, "client_secret_basic")
        return ClientAuth(self._settings.client_id, secret, "client_secret_post")


def described(body: Mapping[str, Any], issuer: str) -> Description:
    """The description that the document holds. Raises Unavailable for one that is not this issuer's, or that has
    endpoints which anybody on the way could read."""
    if body.get("issuer") != issuer:
        raise Unavailable("The OpenID Connect provider describes another issuer.")

    def endpoint(name: str) -> str | None:
        found = body.get(name)
        if found is None:
            return None
        if not isinstance(found, str) or len(found) > 2048 or not is_safe(found):
            raise Unavailable(f"The OpenID Connect provider's {name} can't be used.")
        return found

    def needed(name: str) -> str:
        found = endpoint(name)
        if found is None:
            raise Unavailable(f"The OpenID Connect provider tells no {name}.")
        return found

    methods = body.get("token_endpoint_auth_methods_supported")
    return Description(
        authorization_endpoint=needed("authorization_endpoint"),
        token_endpoint=needed("token_endpoint"),
        jwks_uri=needed("jwks_uri"),
        userinfo_endpoint=endpoint("userinfo_endpoint"),
        end_session_endpoint=endpoint("end_session_endpoint"),
        auth_methods=tuple(str(one) for one in methods)
        if isinstance(methods, list)
        else ("client_secret_basic",),
        tells_issuer=body.get("authorization_response_iss_parameter_supported") is True,
    )
