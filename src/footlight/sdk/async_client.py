"""The asynchronous client: the same calls under the same names, to be awaited."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import httpx

from footlight.sdk.async_sender import AsyncSender
from footlight.sdk.background import AsyncBackground
from footlight.sdk.connection import connection
from footlight.sdk.nouns import Nouns


class AsyncFootlight(Nouns[AsyncSender]):
    """A site's API for asyncio:

        async with AsyncFootlight("https://host:8443", user="ada", password=...) as client:
            async for session in client.sessions.list():
                print(session["Id"], session["State"])
            await client.sessions.logoff(session["Id"])

    Takes what Footlight takes, and does as it does.
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
        transport: httpx.AsyncBaseTransport | None = None,
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
        super().__init__(AsyncSender(place, transport=transport))
        self.in_background = Nouns(AsyncBackground(self._sender))

    async def close(self) -> None:
        """Close the connections."""
        await self._sender.close()

    async def __aenter__(self) -> AsyncFootlight:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
