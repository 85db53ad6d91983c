"""The asynchronous sender does as its twin: retries, tokens, downloads."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from footlight.sdk import connection as connection_module
from footlight.sdk.async_sender import AsyncSender
from footlight.sdk.connection import connection
from footlight.sdk.errors import BadAnswer, ConnectionFailed, TimedOut
from footlight.sdk.flow import Flow, Pause, Save, ask
from footlight.sdk.requests.request import Request, Source, get, post

Handler = Callable[[httpx.Request], httpx.Response]


def sender_of(handler: Handler, slept: list[float] | None = None, **options: str) -> AsyncSender:
    async def sleep(seconds: float) -> None:
        if slept is not None:
            slept.append(seconds)

    return AsyncSender(
        connection("http://site.test", **(options or {"token": "abc"})),  # type: ignore[arg-type]
        transport=httpx.MockTransport(handler),
        sleep=sleep,
        jitter=lambda: 0.0,
    )


def failing(error: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    return handler


async def test_busy_then_well() -> None:
    slept: list[float] = []
    answers = iter([httpx.Response(429, headers={"Retry-After": "2"}), httpx.Response(200, json=1)])
    sender = sender_of(lambda r: next(answers), slept)
    assert await sender.run(ask(get("/x"))) == 1
    assert slept == [2]
    await sender.close()


async def test_gives_up_after_the_policy() -> None:
    slept: list[float] = []
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        await sender_of(failing(httpx.ConnectError), slept).run(ask(get("/x")))
    assert slept == [0.25, 0.5]
    with pytest.raises(TimedOut):
        await sender_of(failing(httpx.ReadTimeout)).run(ask(post("/x")))


async def test_tasks_at_once_sign_in_once_and_replace_a_refused_token() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path.endswith("/tokens"):
            text = f"t{asked.count(request.url.path)}"
            return httpx.Response(200, json={"Token": text, "ExpiresAt": "2999-01-01T00:00:00Z"})
        good = request.headers["Authorization"].endswith("t2")
        return httpx.Response(200 if good else 401, json="in")

    sender = sender_of(handler, user="ada", password="x")
    both = await asyncio.gather(sender.run(ask(get("/a"))), sender.run(ask(get("/b"))))
    assert both == ["in", "in"]
    assert asked.count("/cvad/manage/tokens") == 2


async def pieces() -> AsyncIterator[bytes]:
    yield b"one"
    yield b"two"


def saving(sink: io.BytesIO) -> Flow[int]:
    yield Pause(1.5)
    written: int = yield Save(get("/x"), sink)
    return written


async def test_pauses_and_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    sink = io.BytesIO()
    sender = sender_of(lambda r: httpx.Response(200, content=pieces()), slept)
    assert (await sender.run(saving(sink)), sink.getvalue(), slept) == (6, b"onetwo", [1.5])
    monkeypatch.setattr(connection_module, "MAX_DOWNLOAD_BYTES", 5)
    with pytest.raises(BadAnswer, match="over 5 bytes"):
        await sender.run(saving(io.BytesIO()))
    monkeypatch.setattr(connection_module, "MAX_ANSWER_BYTES", 5)
    with pytest.raises(BadAnswer, match="over 5 bytes"):
        await sender.run(ask(get("/x")))


async def test_a_body_that_is_a_file_is_sent_as_it_is_read() -> None:
    bodies: list[bytes] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        bodies.append(await request.aread())
        assert request.headers["content-length"] == "300000"
        return httpx.Response(201, json={})

    source = Source.of(io.BytesIO(bytes(300_000)))
    put = Request(method="PUT", path="/f", source=source)
    assert await sender_of(handler).run(ask(put)) == {}  # type: ignore[arg-type]
    assert bodies == [bytes(300_000)]
