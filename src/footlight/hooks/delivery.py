"""One attempt to deliver: a signed POST to a checked address, with little patience and a small ear."""

from __future__ import annotations

import asyncio
import ssl
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from footlight.errors import Invalid
from footlight.hooks.destination import Destinations, Refused, Resolve, Target, resolve_host
from footlight.hooks.signature import signature

ATTEMPT_S = 10.0
MAX_ANSWER_BYTES = 64 * 1024
MAX_ERROR_CHARACTERS = 200
# Deliveries of a webhook are numbered by what they tell of, so that a repeated one is known by its id.
_IDS = uuid.UUID("5e3a5f1c-8f0a-4d5e-9a43-0f6a0a3f7d11")


class Told(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a delivery says: its body. `missedAfter`, of a `gap` alone: the changes after that number, up to `seq`,
    are not told."""

    id: str
    webhook_id: str
    event: str
    seq: int
    object_id: str
    at: str
    missed_after: int | msgspec.UnsetType | None = msgspec.UNSET


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended. `status`: of the answer, None without one; `error`: why it counts as failed."""

    status: int | None
    error: str | None
    took_ms: int

    @property
    def delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.error is None


def delivery_id(webhook_id: str, what: str) -> str:
    """The id of a delivery, the same at each attempt."""
    return str(uuid.uuid5(_IDS, f"{webhook_id}/{what}"))


class Post:
    """Sends deliveries. `tls`: what receivers' certificates are checked by."""

    def __init__(
        self,
        destinations: Destinations,
        tls: ssl.SSLContext,
        resolve: Resolve = resolve_host,
    ) -> None:
        self._destinations = destinations
        self._resolve = resolve
        self._client = httpx.AsyncClient(
            verify=tls,
            trust_env=False,  # a proxy would choose the address anew
            follow_redirects=False,
            timeout=ATTEMPT_S,
            # Each connection is made for one name: kept ones would be shared by all names of an address.
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=0),
        )

    @property
    def destinations(self) -> Destinations:
        """Where deliveries may go."""
        return self._destinations

    async def attempt(self, url: str, keys: Sequence[str], told: Told, at_ms: int) -> Outcome:
        """Send once; an answer of 200 to 299 is success. Never raises for what the network or receiver does."""
        begun = time.monotonic()
        status, error = None, None
        try:
            async with asyncio.timeout(ATTEMPT_S):
                target = await self._destinations.target(url, self._resolve)
                status = await self._send(target, keys, told, at_ms)
            if not 200 <= status <= 299:
                error = f"answered {status}"
        except TimeoutError:
            error = f"no whole answer within {ATTEMPT_S:.0f} s"
        except (Refused, OSError, httpx.HTTPError, httpx.InvalidURL) as trouble:
            error = str(trouble) or type(trouble).__name__
        except Invalid as trouble:
            error = trouble.message
        took_ms = round((time.monotonic() - begun) * 1000)
        return Outcome(status, None if error is None else error[:MAX_ERROR_CHARACTERS], took_ms)

    async def close(self) -> None:
        """Let connections go. Safe to call twice."""
        await self._client.aclose()

    async def _send(self, target: Target, keys: Sequence[str], told: Told, at_ms: int) -> int:
        body = msgspec.json.encode(told)
        address = f"[{target.address}]" if ":" in target.address else target.address
        request = self._client.build_request(
            "POST",
            f"{'https' if target.secure else 'http'}://{address}:{target.port}{target.path}",
            content=body,
            headers={
                "Host": target.authority,
                "Content-Type": "application/json",
                "User-Agent": "Footlight",
                "Footlight-Event": told.event,
                "Footlight-Delivery": told.id,
                "Footlight-Timestamp": str(at_ms // 1000),
                "Footlight-Signature": signature(keys, at_ms // 1000, body),
            },
            extensions=_name_for_tls(target),
        )
        response = await self._client.send(request, stream=True)
        try:
            read = 0
            async for piece in response.aiter_raw():
                read += len(piece)
                if read > MAX_ANSWER_BYTES:
                    break
            return response.status_code
        finally:
            await response.aclose()


def _name_for_tls(target: Target) -> dict[str, Any]:
    """The certificate has to be the host's, whichever of its addresses is connected to."""
    return {"sni_hostname": target.host} if target.secure else {}
