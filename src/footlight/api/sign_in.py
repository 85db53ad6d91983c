"""Signing in and out on the console, and who is signed in."""

from __future__ import annotations

from litestar import Request, Response
from litestar.datastructures import Cookie, State
from litestar.params import JSONBody

from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.caller import Caller
from footlight.wire.own import MeView, SignedOut, SignIn

routes = Routes(cvad=False)
V1 = "/footlight/v1"
CALLBACK = V1 + "/sign-in/oidc/callback"


@routes.add("POST", V1 + "/sign-in", open=True, gives=MeView, statuses=(200, 400, 401, 429))
async def sign_in(
    request: Request[object, object, State], parts: GivenParts, data: JSONBody[SignIn]
) -> Response[MeView]:
    """Sign in on the console: the token goes into an HttpOnly cookie."""
    signed_in = await parts.access.sign_in(
        data.user, data.password, entry_of(request.scope).address
    )
    caller = await parts.access.caller(signed_in.text, "", "")
    response = Response(_me(caller))
    response.set_cookie(token_cookie(parts, signed_in.text, parts.config.token_minutes * 60))
    return response


@routes.add(
    "POST",
    V1 + "/sign-out",
    gives=SignedOut,
    statuses=(200, 204, 401),
)
async def sign_out(
    request: Request[object, object, State], caller: GivenCaller, parts: GivenParts
) -> Response[SignedOut | None]:
    """The token is dead and the cookie gone. 200: at the OpenID Connect provider one logs off by its own page."""
    url: str | None = None
    if parts.oidc is not None:
        base = entry_of(request.scope).base_url
        if parts.oidc.settings.redirect_url is not None:
            base = parts.oidc.settings.redirect_url.removesuffix(CALLBACK)
        url = await parts.oidc.log_off_url(caller, f"{base}/")
    await parts.access.sign_out(caller)
    response: Response[SignedOut | None] = (
        Response(None, status_code=204)
        if url is None
        else Response(SignedOut(end_session_url=url), status_code=200)
    )
    response.set_cookie(token_cookie(parts, "", 0))
    return response


@routes.add("GET", V1 + "/me", statuses=(200, 401))
async def get_me(caller: GivenCaller) -> MeView:
    """Who is signed in and what it may do."""
    return _me(caller)


def cookie_name(secure: bool) -> str:
    """The console cookie's name; the prefix binds it to this host and TLS where there is TLS."""
    return "__Host-footlight" if secure else "footlight"


def token_cookie(parts: Parts, value: str, max_age_s: int) -> Cookie:
    """The console cookie with that token; no script reads it, and other sites' pages don't send it."""
    return Cookie(
        key=cookie_name(parts.secure),
        value=value,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="strict",
        secure=parts.secure,
    )


def _me(caller: Caller) -> MeView:
    return MeView(
        account_id=caller.account_id,
        user_name=caller.user_name,
        display_name=caller.display_name,
        permissions=sorted(caller.permissions),
        everywhere=[one for one in sorted(caller.permissions) if caller.everywhere(one)],
    )
