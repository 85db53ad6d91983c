"""Who sends a request: by its Authorization header, or by the console's cookie with an Origin check."""

from __future__ import annotations

from footlight.access.access import Access
from footlight.api.authorization import Token
from footlight.api.door import Authenticate, Credentials
from footlight.caller import Caller
from footlight.errors import Forbidden, Unauthenticated

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def authenticator(access: Access, cookie_name: str) -> Authenticate:
    """The door's `authenticate` over the site's tokens."""

    async def authenticate(credentials: Credentials) -> Caller | None:
        if not credentials.needed:
            return None
        match credentials.authorization:
            case Token(text):
                return await access.caller(text, credentials.address, credentials.user_agent)
            case None:
                text = credentials.cookies.get(cookie_name, "")
                if not text:
                    raise Unauthenticated("A bearer token is missing.", reason="missing")
                _check_origin(credentials)
                return await access.caller(text, credentials.address, credentials.user_agent)
            case _:
                raise Unauthenticated(
                    "The Authorization header holds no bearer token.", reason="invalid"
                )

    return authenticate


def _check_origin(credentials: Credentials) -> None:
    """A cookie is sent by the browser itself: what it may do is for our own pages only. WebSockets come
    as GET and change things, so any Origin that is named must be ours."""
    origin = credentials.origin
    if origin is None and credentials.method in _SAFE_METHODS:
        return
    if origin is None or origin.partition("://")[2] != credentials.host:
        raise Forbidden("The request does not come from this site's pages.", origin=str(origin))
