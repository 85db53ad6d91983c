"""Calls to the provider: a time limit, a size limit, no redirects, and nothing but JSON objects as answers."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from footlight.errors import Unavailable

WITHIN_S = 10.0
MAX_BYTES = 512 * 1024


@dataclass(frozen=True)
class Answer:
    """Status and the JSON object that came with it; {} when it was none."""

    status: int
    body: Mapping[str, Any]


class Calls:
    """Speaks to the provider. `ca_file` is trusted besides the system's own authorities."""

    def __init__(
        self, ca_file: Path | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._ca_file = ca_file
        self._transport = transport
        self._trust: ssl.SSLContext | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET. Raises Unavailable when there is none in time, or one that is too large."""
        return await self._send("GET", url, headers or {}, None)

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """The answer to a POST of a form. Raises Unavailable as `get` does."""
        form = {**headers, "content-type": "application/x-www-form-urlencoded"}
        return await self._send("POST", url, form, body)

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None
    ) -> Answer:
        # What is packed could unpack to any size.
        asked = {"accept": "application/json", "accept-encoding": "identity", **headers}
        try:
            async with (
                asyncio.timeout(WITHIN_S),
                self._client() as client,
                client.stream(method, url, headers=asked, content=body) as response,
            ):
                return Answer(response.status_code, _object(await _bounded(response)))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            raise Unavailable(
                "The OpenID Connect provider does not answer.",
                reason=type(error).__name__,
            ) from error

    def _client(self) -> httpx.AsyncClient:
        if self._trust is None:
            self._trust = ssl.create_default_context()
            if self._ca_file is not None:
                self._trust.load_verify_locations(self._ca_file)
        return httpx.AsyncClient(
            verify=self._trust,
            transport=self._transport,
            follow_redirects=False,
            timeout=WITHIN_S,
            trust_env=False,
        )


async def _bounded(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Unavailable("The OpenID Connect provider packs what it was asked not to pack.")
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > MAX_BYTES:
            raise Unavailable("The OpenID Connect provider's answer is too large.")
        parts.append(part)
    return b"".join(parts)


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
