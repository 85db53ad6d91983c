"""Sites and tokens: where the caller is and by what right."""

from __future__ import annotations

from footlight.sdk.collection import action, change, item, pages
from footlight.sdk.credentials import Token
from footlight.sdk.flow import Flow, OwnToken, ask
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import cvad
from footlight.sdk.types.site import AuthToken, CloudToken, Site, SiteDetail


class Sites(Resource[S]):
    """`client.sites`."""

    list = pages("GET /Sites", "The sites that the caller may use.", Site)
    get = item("GET /Sites/{nameOrId}", "One site in full. Raises NotFound.", SiteDetail)
    settings = item("GET /Sites/{nameOrId}/Settings", "Settings of the whole site.")
    set_settings = change("PATCH /Sites/{nameOrId}/Settings", "Set what the body names.")
    status = item("GET /Sites/{nameOrId}/Status", "Whether anything waits to be upgraded.")
    test = action("POST /Sites/{nameOrId}/$test", "Test the site; its report is kept.")
    test_report = item("GET /Sites/{nameOrId}/TestReport", "The report of the last test.")
    problems = item("GET /Sites/{nameOrId}/ErrorWarning", "How much is not as it should be.")


class Tokens(Resource[S]):
    """`client.tokens`. The client signs in by itself; this is for those who want a token in
    hand."""

    @operation
    def create(self, user: str, password: str) -> Flow[AuthToken]:
        """Name and password for a token. Raises Unauthorized."""
        return ask(cvad.sign_in(user, password))

    @operation
    def create_for_client(
        self, client_id: str, client_secret: str, customer_id: str = "root"
    ) -> Flow[CloudToken]:
        """An API client's id and secret for a token, as OAuth 2.0 has it. Raises BadRequest."""
        return ask(cvad.sign_in_client(client_id, client_secret, customer_id))

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
