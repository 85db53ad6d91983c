"""The client: one caller on one site."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import cast

import httpx

from footlight.sdk.credentials import (
    ON_PREM_CUSTOMER,
    ClientSecret,
    Credentials,
    Password,
    Token,
)
from footlight.sdk.requests import cvad
from footlight.sdk.resources.accounts import Accounts
from footlight.sdk.resources.jobs import Jobs
from footlight.sdk.resources.launches import Launches, Resources
from footlight.sdk.resources.machines import Applications, Machines
from footlight.sdk.resources.recordings import Recordings
from footlight.sdk.resources.sessions import Sessions
from footlight.sdk.resources.sites import Sites, Tokens
from footlight.sdk.retry import RetryPolicy
from footlight.sdk.sender import Sender
from footlight.sdk.types.site import Me


class Footlight:
    """A site's API, also usable as a context manager:

        with Footlight("https://host:8443", user="ada", password=..., ca_file="ca.pem") as client:
            for session in client.sessions.list():
                print(session["Id"], session["State"])

    Signs in by `user` and `password`, by `client_id`, `client_secret` and `customer_id`, or takes a
    `token`. Tokens are renewed a minute before they run out. `timeout_s` holds for each request
    unless a call says otherwise; 429, 503 and broken connections are tried again `max_retries`
    times. Objects are the API's own JSON as dictionaries. Raises footlight.sdk.errors.SdkError.
    """

    def __init__(
        self,
        base_url: str,
        *,
        user: str | None = None,
        password: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        customer_id: str | None = None,
        token: str | None = None,
        token_expires_at_s: float | None = None,
        site_id: str | None = None,
        ca_file: str | Path | None = None,
        timeout_s: float = 60.0,
        max_retries: int = 2,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        headers = {"Citrix-CustomerId": customer_id or ON_PREM_CUSTOMER}
        if site_id is not None:
            headers["Citrix-InstanceId"] = site_id
        self._sender = Sender(
            self.base_url,
            credentials=_credentials(user, password, client_id, client_secret, customer_id),
            token=Token(token, token_expires_at_s) if token else None,
            headers=headers,
            ca_file=ca_file,
            timeout_s=timeout_s,
            retry=RetryPolicy(retries=max_retries),
            transport=transport,
        )
        self.sessions = Sessions(self._sender)
        self.machines = Machines(self._sender)
        self.applications = Applications(self._sender)
        self.sites = Sites(self._sender)
        self.tokens = Tokens(self._sender)
        self.launches = Launches(self._sender)
        self.resources = Resources(self._sender)
        self.recordings = Recordings(self._sender)
        self.accounts = Accounts(self._sender)
        self.jobs = Jobs(self._sender)

    def me(self) -> Me:
        """Who is calling, with which sites."""
        return cast(Me, self._sender.send(cvad.me()))

    def token(self) -> Token:
        """The token in use, signing in or renewing when needed."""
        return self._sender.token

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()

    def __enter__(self) -> Footlight:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _credentials(
    user: str | None,
    password: str | None,
    client_id: str | None,
    client_secret: str | None,
    customer_id: str | None,
) -> Credentials | None:
    if user is not None and password is not None:
        return Password(user, password)
    if client_id is not None and client_secret is not None:
        return ClientSecret(client_id, client_secret, customer_id or "root")
    return None
