"""Sites and tokens: where the caller is and by what right."""

from __future__ import annotations

import builtins

from footlight.sdk.credentials import Token
from footlight.sdk.flow import Flow, OwnToken, ask, ask_items
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import cvad
from footlight.sdk.types.site import AuthToken, Site, SiteDetail


class Sites(Resource[S]):
    """`client.sites`."""

    @operation
    def list(self) -> Flow[builtins.list[Site]]:
        """The sites that the caller may use."""
        return ask_items(cvad.sites())

    @operation
    def get(self, name_or_id: str) -> Flow[SiteDetail]:
        """One site in full. Raises NotFound."""
        return ask(cvad.site(name_or_id))


class Tokens(Resource[S]):
    """`client.tokens`. The client signs in by itself; this is for those who want a token in
    hand."""

    @operation
    def create(self, user: str, password: str) -> Flow[AuthToken]:
        """Name and password for a token. Raises Unauthorized."""
        return ask(cvad.sign_in(user, password))

    @operation
    def refresh(self, token: str | None = None) -> Flow[AuthToken]:
        """A new token for `token` (the client's own by default). Raises Unauthorized past its
        limit."""
        if token is None:
            own: Token = yield OwnToken()
            token = own.text
        answer: AuthToken = yield from ask(cvad.refresh_token(token))
        return answer

    @operation
    def revoke(self) -> Flow[None]:
        """End the client's token at once."""
        return ask(cvad.revoke_token())
