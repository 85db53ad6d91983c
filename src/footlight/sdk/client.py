"""The synchronous client: one caller on one site."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import httpx

from footlight.sdk.background import Background
from footlight.sdk.connection import connection
from footlight.sdk.nouns import Nouns
from footlight.sdk.sender import Sender


class Footlight(Nouns[Sender]):
    """A site's API, also usable as a context manager:

        with Footlight("https://host:8443", user="ada", password=..., ca_file="ca.pem") as client:
            for session in client.sessions.list():
                print(session["Id"], session["State"])

    Signs in by `user` and `password`, by `client_id`, `client_secret` and `customer_id`, or takes a
    `token`. Tokens are renewed a minute before they run out. `timeout_s` holds for each request
    unless a call says otherwise; 429, 503 and broken connections are tried again `max_retries`
    times. `in_background` has the same calls, each as a job that is not waited for:
    `client.in_background.sessions.logoff(id).wait()`. Objects are the API's own JSON as
    dictionaries. Raises footlight.sdk.errors.SdkError.
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
        place = connection(
            base_url,
            user=user,
            password=password,
            client_id=client_id,
            client_secret=client_secret,
            customer_id=customer_id,
            token=token,
            token_expires_at_s=token_expires_at_s,
            site_id=site_id,
            ca_file=ca_file,
            timeout_s=timeout_s,
            max_retries=max_retries,
        )
        self.base_url = place.base_url
        super().__init__(Sender(place, transport=transport))
        self.in_background = Nouns(Background(self._sender))

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
