"""The layer before the door: whose bucket a request takes from, and what does not count."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from footlight.api.app import route_table
from footlight.api.rate_limit import RateConfig, RateLimit
from footlight.clock import FakeClock
from footlight.config_rates import Rate

TABLE = route_table()
NEAR, FAR = "127.0.0.1", "203.0.113.5"
ME = "/cvad/manage/me"
AUTO = Rate(1, 2, spares_loopback=True)
ALL = Rate(1, 2)


class Site:
    """An application that lets everything pass, behind the layer."""

    def __init__(self, caller: Rate | None, address: Rate | None) -> None:
        self.clock = FakeClock()
        config = RateConfig(caller, address, "footlight", "Test")
        accounts = {"good": "account-1", "other": "account-2"}
        self.layer = RateLimit(self._app, TABLE, accounts.get, self.clock, config)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}", "more_body": False})

    async def get(self, path: str, address: str = FAR, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.layer, client=(address, 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(
                path, headers={k.replace("_", "-"): v for k, v in headers.items()}
            )

    async def statuses(self, path: str, address: str = FAR, **headers: str) -> list[int]:
        return [(await self.get(path, address, **headers)).status_code for _ in range(3)]


async def test_the_refusal_is_the_wire_s() -> None:
    site = Site(ALL, ALL)
    assert await site.statuses(ME, Authorization="Bearer good") == [200, 200, 429]
    refused = await site.get(ME, Authorization="Bearer good", Citrix_TransactionId="t-1")
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["Citrix-TransactionId"] == "t-1"
    assert refused.headers["Server"] == "Test"
    body = json.loads(refused.content)
    assert body["type"] == "https://errors-api.cloud.com/common/rateLimitExceeded"
    assert body["parameters"] == [{"name": "retryDelay", "value": "1"}]
    assert body["SdkErrorId"] == "LimitReached"
    site.clock.advance(1000)
    assert (await site.get(ME, Authorization="Bearer good")).status_code == 200


async def test_accounts_have_their_own_wherever_they_call_from() -> None:
    site = Site(ALL, ALL)
    await site.statuses(ME, Authorization="CWSAuth bearer=good")
    assert (await site.get(ME, NEAR, Authorization="Bearer good")).status_code == 429
    assert (await site.get(ME, Authorization="Bearer other")).status_code == 200
    assert (await site.get(ME, Cookie="footlight=good")).status_code == 429


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer forged"}]
)
async def test_who_has_no_token_of_ours_counts_by_address(headers: dict[str, str]) -> None:
    site = Site(None, ALL)
    assert await site.statuses("/cvad/manage/tokens", **headers) == [200, 200, 429]
    assert (await site.get("/cvad/manage/tokens", "203.0.113.6")).status_code == 200
    assert await site.statuses(ME, Authorization="Bearer good") == [200, 200, 200]


async def test_what_is_not_known_counts_and_what_is_no_call_does_not() -> None:
    site = Site(ALL, ALL)
    for path in ("/", "/s/x", "/assets/a.js", "/favicon.ico", "/healthz", "/footlight/v1/events"):
        assert await site.statuses(path) == [200, 200, 200], path
    assert await site.statuses("/wp-login.php") == [200, 200, 429]
    other = Site(ALL, ALL)
    assert await other.statuses("/CVADAPIS//SESSIONS/") == [200, 200, 429]


async def test_auto_spares_loopback() -> None:
    site = Site(AUTO, AUTO)
    assert await site.statuses(ME, NEAR) == [200, 200, 200]
    assert await site.statuses(ME, "::1", Authorization="Bearer good") == [200, 200, 200]
    assert await site.statuses(ME, FAR) == [200, 200, 429]
    mixed = Site(ALL, AUTO)
    assert await mixed.statuses(ME, NEAR) == [200, 200, 200]
    assert await mixed.statuses(ME, NEAR, Authorization="Bearer good") == [200, 200, 429]


async def test_websockets_pass() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    layer = RateLimit(app, TABLE, {}.get, FakeClock(), RateConfig(ALL, ALL, "c", "s"))
    for _ in range(4):
        await layer({"type": "websocket", "path": "/x", "headers": []}, None, None)
    assert seen == ["websocket"] * 4
