"""Signing in at the OpenID Connect provider, by the browser: away to it, and back."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from litestar import Request, Response
from litestar.datastructures import Cookie, State
from litestar.params import FromQuery

from footlight.access.oidc.pending import LIFE_MS
from footlight.access.oidc.sign_in import OidcSignIn
from footlight.api.door import entry_of
from footlight.api.errors import problem_of
from footlight.api.given import GivenParts
from footlight.api.head import cookies_of
from footlight.api.pages import page_headers
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.api.sign_in import CALLBACK, token_cookie
from footlight.errors import FootlightError, NotFound, Unavailable
from footlight.wire.own import OidcWay, SignInWays

routes = Routes(cvad=False)
V1 = "/footlight/v1"
Call = Request[object, object, State]
# Only pages of our own are gone back to, never an address from outside.
_PAGE = re.compile(
    r"/[sr]/[0-9a-fA-F-]{36}(\?(view=1|t=[0-9.]+))?"
    r"|/console(/[A-Za-z0-9-]+)+(\?[A-Za-z0-9_.~*+%&=-]*)?"
)
MAX_PAGE_CHARACTERS = 2000
MAX_FIELD_CHARACTERS = 8192


@routes.add("GET", V1 + "/sign-in", open=True, statuses=(200,))
async def list_ways(parts: GivenParts) -> SignInWays:
    """How one may sign in."""
    oidc = parts.oidc
    way = None if oidc is None else OidcWay(label=oidc.settings.label, path=f"{V1}/sign-in/oidc")
    return SignInWays(password=True, oidc=way)


@routes.add(
    "GET",
    V1 + "/sign-in/oidc",
    status=302,
    open=True,
    answer="any",
    statuses=(302, 404, 429, 503),
)
async def leave(
    request: Call, parts: GivenParts, to: FromQuery[str | None] = None
) -> Response[bytes]:
    """Send the browser to the OpenID Connect provider. `to`: the page of ours that it wants afterwards."""
    try:
        oidc = _configured(parts)
        known = _cookies(request).get(_cookie_name(parts))
        back = to if to is not None and _is_own_page(to) else "/"
        leaving = await oidc.begin(known, _redirect_uri(request, oidc), back)
    except FootlightError as error:
        return _told(request, error)
    cookie = _browser_cookie(parts, leaving.browser, LIFE_MS // 1000)
    return _sent(leaving.url, [cookie])


@routes.add(
    "GET",
    CALLBACK,
    status=302,
    open=True,
    answer="any",
    statuses=(302, 401, 403, 404, 503),
)
async def come_back(request: Call, parts: GivenParts) -> Response[bytes]:
    """The browser comes back from the provider; the token goes into the console's HttpOnly cookie."""
    query = {name: value[:MAX_FIELD_CHARACTERS] for name, value in request.query_params.items()}
    try:
        oidc = _configured(parts)
        arrived = await oidc.complete(
            query,
            _cookies(request).get(_cookie_name(parts), ""),
            _redirect_uri(request, oidc),
            entry_of(request.scope).address,
        )
    except FootlightError as error:
        return _told(request, error)
    life_s = parts.config.token_minutes * 60
    cookies = [
        token_cookie(parts, arrived.signed_in.text, life_s),
        _browser_cookie(parts, "", 0),
    ]
    return _sent(arrived.return_to, cookies)


def _is_own_page(address: str) -> bool:
    return len(address) <= MAX_PAGE_CHARACTERS and _PAGE.fullmatch(address) is not None


def _configured(parts: Parts) -> OidcSignIn:
    if parts.oidc is None:
        raise NotFound("This site has no OpenID Connect provider.", entityType="Provider")
    return parts.oidc


def _redirect_uri(request: Call, oidc: OidcSignIn) -> str:
    return oidc.settings.redirect_url or entry_of(request.scope).base_url + CALLBACK


def _cookies(request: Call) -> Mapping[str, str]:
    return cookies_of(request.headers.get("cookie"))


def _cookie_name(parts: Parts) -> str:
    return "__Host-footlight-oidc" if parts.secure else "footlight-oidc"


def _browser_cookie(parts: Parts, value: str, max_age_s: int) -> Cookie:
    # Lax: the browser comes back by a link of another site.
    return Cookie(
        key=_cookie_name(parts),
        value=value,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="lax",
        secure=parts.secure,
    )


def _sent(url: str, cookies: list[Cookie]) -> Response[bytes]:
    headers = {"location": url, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Response(b"", status_code=302, headers=headers, cookies=cookies)


def _told(request: Call, error: FootlightError) -> Response[bytes]:
    """A refusal as a page for people. Raises it for clients that want no page."""
    if "text/html" not in request.headers.get("accept", ""):
        raise error
    again = "Try again" if isinstance(error, Unavailable) else "Back to the start"
    page = (
        "<!DOCTYPE html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'><title>Not signed in</title>"
        f"<h1>You are not signed in</h1><p role=alert>{html.escape(error.message)}</p>"
        f"<p><a href='/'>{again}</a></p></html>"
    )
    headers = {**page_headers(), "cache-control": "no-store"}
    return Response(
        page.encode(),
        status_code=problem_of(error).status,
        media_type="text/html",
        headers=headers,
    )
