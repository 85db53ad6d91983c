from __future__ import annotations

from typing import Any

import httpx
import pytest

from footlight.api.app import route_table
from footlight.api.fault_layer import FaultLayer
from footlight.api.faults import Faults
from footlight.api.protocol import HANG_UP
from footlight.wire.stand_in import Delay, FaultSwitches, ServerErrors, Throttle

LIST = "/cvad/manage/Sessions"
TOKEN = {"Authorization": "Bearer x"}


async def inner(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside", "more_body": False})


async def answer(
    switches: FaultSwitches, path: str = LIST, method: str = "GET", **headers: str
) -> httpx.Response:
    layer = FaultLayer(inner, route_table(), Faults(switches), "Footlight")
    transport = httpx.ASGITransport(layer)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        return await client.request(method, path, headers=headers)


async def test_without_a_fault_the_call_goes_through() -> None:
    assert (await answer(FaultSwitches(), **TOKEN)).text == "inside"


async def test_throttled_says_when_to_come_back_in_the_wires_model() -> None:
    throttle = Throttle(share=1, retry_after_s=9)
    refused = await answer(FaultSwitches(throttle=throttle), **{"Citrix-TransactionId": "mine"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "9")
    assert refused.headers["citrix-transactionid"] == "mine"
    assert refused.json()["type"].endswith("/common/rateLimitExceeded")
    assert {"name": "retryDelay", "value": "9"} in refused.json()["parameters"]


async def test_errors_are_500_or_503() -> None:
    internal = await answer(FaultSwitches(errors=ServerErrors(share=1, statuses=(500,))))
    assert internal.status_code == 500
    assert internal.json()["type"].endswith("/common/internalServerError")
    away = await answer(FaultSwitches(errors=ServerErrors(share=1, statuses=(503,))))
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")


async def test_only_calls_that_bring_a_token_are_told_that_it_has_expired() -> None:
    switches = FaultSwitches(expired_tokens=1)
    refused = await answer(switches, **TOKEN)
    assert (refused.status_code, refused.json()["SdkErrorId"]) == (401, "AuthorizationFailed")
    assert refused.headers["www-authenticate"]
    assert (await answer(switches)).text == "inside"
    # The sign-in itself takes a password in that header.
    assert (await answer(switches, "/cvad/manage/tokens", "POST", **TOKEN)).text == "inside"


@pytest.mark.parametrize(
    "path", ["/footlight/v1/faults", "/footlight/v1/sessions", "/", "/cvad/manage/Nothing"]
)
async def test_what_is_not_cvads_is_left_alone(path: str) -> None:
    assert (await answer(FaultSwitches(throttle=Throttle(share=1)), path)).text == "inside"


async def test_every_spelling_of_cvads_paths_meets_them() -> None:
    switches = FaultSwitches(throttle=Throttle(share=1))
    for path in ("/CVAD//manage/sessions/", "/citrix/orchestration/api/c/s/Sessions"):
        assert (await answer(switches, path)).status_code == 429


async def test_a_call_is_held_before_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[float] = []

    async def hold(seconds: float) -> None:
        held.append(seconds)

    monkeypatch.setattr("footlight.api.fault_layer.asyncio.sleep", hold)
    assert (await answer(FaultSwitches(delay=Delay(ms=250)))).text == "inside"
    assert held == [0.25]


async def test_a_dropped_connection_is_closed_without_a_word() -> None:
    said: list[Any] = []
    closed: list[bool] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"} if closed else {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        said.append(message)

    faults = Faults(FaultSwitches(dropped_connections=1))
    layer = FaultLayer(inner, route_table(), faults, "Footlight")
    scope = {
        "type": "http",
        "method": "GET",
        "path": LIST,
        "raw_path": LIST.encode(),
        "headers": [],
        "extensions": {HANG_UP: lambda: closed.append(True)},
    }
    await layer(scope, receive, send)
    assert (closed, said) == ([True], [])
    assert faults.view().counts.dropped_connections == 1
