from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from footlight.api.asgi import Receive, Scope, Send
from footlight.api.observer import EVENTS, NO_ROUTE, Observer, observed_of
from footlight.api.paths import Route
from footlight.telemetry import origin
from footlight.telemetry.meters import Meters
from footlight.telemetry.origin import NOWHERE
from footlight.telemetry.traces import OFF


async def ask(
    app: Callable[[Scope, Receive, Send], Any], meters: Meters, kind: str = "http"
) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": kind, "method": "GET", "path": "/x", "headers": []}
    await Observer(app, meters, OFF)(scope, receive, send)
    return sent


def answering(status: int, route: Route | None, seen: list[float], meters: Meters) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        observed = observed_of(scope)
        assert observed is not None
        if route is not None:
            observed.matched(route.method, route)
        seen.append(meters.in_flight.value())
        seen.append(meters.event_streams.value())
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


async def test_a_request_is_counted_by_route_and_class_of_status() -> None:
    meters, seen = Meters(), list[float]()
    route = Route("GET", "/things/{id}")
    for status in (200, 204, 404):
        await ask(answering(status, route, seen, meters), meters)
    assert meters.requests.value("GET", "/things/{id}", "2xx") == 2
    assert meters.requests.value("GET", "/things/{id}", "4xx") == 1
    assert sum(meters.request_seconds.of("GET", "/things/{id}").counts) == 3
    assert seen[0] == 1
    assert meters.in_flight.value() == 0


async def test_a_path_of_no_route_makes_no_label() -> None:
    meters = Meters()
    await ask(answering(404, None, [], meters), meters)
    assert meters.requests.value("other", NO_ROUTE, "4xx") == 1


async def test_streams_are_open_and_not_timed() -> None:
    meters, seen = Meters(), list[float]()
    await ask(answering(200, Route("GET", EVENTS), seen, meters), meters)
    assert seen == [0, 1]
    assert meters.event_streams.value() == 0
    assert sum(meters.request_seconds.of("GET", EVENTS).counts) == 0


async def test_what_fails_is_counted_too() -> None:
    meters = Meters()

    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise OSError

    async def cancelled(scope: Scope, receive: Receive, send: Send) -> None:
        raise asyncio.CancelledError

    with pytest.raises(OSError):  # noqa: PT011 - the one above
        await ask(fails, meters)
    with pytest.raises(asyncio.CancelledError):
        await ask(cancelled, meters)
    assert meters.requests.value("other", NO_ROUTE, "none") == 2
    assert meters.in_flight.value() == 0
    assert origin.here() == NOWHERE


async def test_what_is_no_request_passes() -> None:
    meters = Meters()

    async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
        assert observed_of(scope) is None

    await ask(lifespan, meters, "lifespan")
    assert meters.in_flight.value() == 0
