from __future__ import annotations

from typing import Any

import pytest

from footlight.api.authentication import authenticator
from footlight.api.authorization import Authorization, Basic, Token, Unreadable
from footlight.api.door import Credentials
from footlight.errors import Forbidden, Unauthenticated

CALLER: Any = object()


class OneToken:
    """An access room that knows one token."""

    async def caller(self, text: str, address: str, user_agent: str) -> Any:
        assert (address, user_agent) == ("203.0.113.1", "agent")
        if text != "good":
            raise Unauthenticated("no", reason="invalid")
        return CALLER


async def authenticate(
    authorization: Authorization | None = None,
    *,
    cookie: str | None = None,
    method: str = "GET",
    origin: str | None = None,
    host: str | None = "site.test",
    needed: bool = True,
) -> Any:
    access: Any = OneToken()
    return await authenticator(access, "__Host-footlight")(
        Credentials(
            authorization=authorization,
            cookies={} if cookie is None else {"__Host-footlight": cookie, "footlight": "good"},
            method=method,
            origin=origin,
            host=host,
            address="203.0.113.1",
            user_agent="agent",
            needed=needed,
        )
    )


async def test_a_token_names_its_bearer_whatever_the_origin() -> None:
    assert await authenticate(Token("good"), method="POST", origin="https://evil.test") is CALLER
    with pytest.raises(Unauthenticated):
        await authenticate(Token("bad"))


@pytest.mark.parametrize("authorization", [Basic("admin", "x"), Unreadable("negotiate")])
async def test_another_header_is_invalid_even_beside_a_good_cookie(
    authorization: Authorization,
) -> None:
    with pytest.raises(Unauthenticated) as caught:
        await authenticate(authorization, cookie="good", origin="https://site.test")
    assert caught.value.facts == {"reason": "invalid"}


async def test_nothing_is_missing() -> None:
    for cookie in (None, ""):
        with pytest.raises(Unauthenticated) as caught:
            await authenticate(cookie=cookie)
        assert caught.value.facts == {"reason": "missing"}


async def test_open_routes_ask_nobody() -> None:
    assert await authenticate(Token("bad"), needed=False) is None


@pytest.mark.parametrize(
    ("method", "origin", "host"),
    [
        ("GET", None, "site.test"),
        ("HEAD", None, "site.test"),
        ("POST", "https://site.test", "site.test"),
        ("DELETE", "https://site.test:8443", "site.test:8443"),
        ("GET", "https://site.test", "site.test"),
    ],
)
async def test_the_cookie_serves_our_own_pages(method: str, origin: str | None, host: str) -> None:
    assert await authenticate(cookie="good", method=method, origin=origin, host=host) is CALLER


@pytest.mark.parametrize(
    ("method", "origin", "host"),
    [
        ("POST", None, "site.test"),
        ("POST", "null", "site.test"),
        ("POST", "https://evil.test", "site.test"),
        ("POST", "https://site.test.evil.test", "site.test"),
        ("POST", "https://site.test:1", "site.test"),
        ("POST", "https://site.test", None),
        ("GET", "https://evil.test", "site.test"),  # WebSockets come so
    ],
)
async def test_the_cookie_serves_nobody_else(
    method: str, origin: str | None, host: str | None
) -> None:
    with pytest.raises(Forbidden):
        await authenticate(cookie="good", method=method, origin=origin, host=host)
