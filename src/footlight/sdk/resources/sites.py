"""Sites and tokens: where the caller is and by what right."""

from __future__ import annotations

from typing import cast

from footlight.sdk.pages import read_page
from footlight.sdk.requests import cvad
from footlight.sdk.sender import Sender
from footlight.sdk.types.site import AuthToken, Site, SiteDetail


class Sites:
    """`client.sites`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> list[Site]:
        """The sites that the caller may use."""
        return read_page(self._sender.send(cvad.sites())).items

    def get(self, name_or_id: str) -> SiteDetail:
        """One site in full. Raises NotFound."""
        return cast(SiteDetail, self._sender.send(cvad.site(name_or_id)))


class Tokens:
    """`client.tokens`. The client signs in by itself; this is for those who want a token in
    hand."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(self, user: str, password: str) -> AuthToken:
        """Name and password for a token. Raises Unauthorized."""
        return cast(AuthToken, self._sender.send(cvad.sign_in(user, password)))

    def refresh(self, token: str | None = None) -> AuthToken:
        """A new token for `token` (the client's own by default). Raises Unauthorized past its
        limit."""
        request = cvad.refresh_token(token or self._sender.token.text)
        return cast(AuthToken, self._sender.send(request))

    def revoke(self) -> None:
        """End the client's token at once."""
        self._sender.send(cvad.revoke_token())
