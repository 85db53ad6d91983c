"""The sender's limits, retries and downloads."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

import httpx
import pytest

from footlight.sdk import connection as connection_module
from footlight.sdk.connection import connection
from footlight.sdk.errors import BadAnswer, ConnectionFailed, TimedOut, Unavailable
from footlight.sdk.flow import Flow, Progress, Save, ask
from footlight.sdk.requests.request import Request, Source, get, post
from footlight.sdk.sender import Sender


def sender_of(
    handler: Callable[[httpx.Request], httpx.Response], slept: list[float] | None = None
) -> Sender:
    return Sender(
        connection("http://site.test", token="abc", timeout_s=5),
        transport=httpx.MockTransport(handler),
        sleep=(slept if slept is not None else []).append,
        jitter=lambda: 0.0,
    )


def failing(error: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    return handler


def test_gives_up_after_the_policy_and_names_the_site() -> None:
    slept: list[float] = []
    with pytest.raises(ConnectionFailed, match=r"http://site\.test/ cannot be reached"):
        sender_of(failing(httpx.ConnectError), slept).run(ask(get("/secret?x=1")))
    assert slept == [0.25, 0.5]


def test_a_silent_site_is_timed_out_and_its_launch_not_repeated() -> None:
    slept: list[float] = []
    with pytest.raises(TimedOut):
        sender_of(failing(httpx.ReadTimeout), slept).run(ask(post("/x")))
    assert slept == []


def test_busy_then_well() -> None:
    slept: list[float] = []
    answers = iter([httpx.Response(503, headers={"Retry-After": "2"}), httpx.Response(200, json=1)])
    assert sender_of(lambda r: next(answers), slept).run(ask(get("/x"))) == 1
    assert slept == [2]


def test_busy_for_good() -> None:
    with pytest.raises(Unavailable) as caught:
        sender_of(lambda r: httpx.Response(503, headers={"Retry-After": "3600"})).run(
            ask(get("/x"))
        )
    assert caught.value.retry_after_s == 3600


def test_no_content_is_none() -> None:
    assert sender_of(lambda r: httpx.Response(204)).run(ask(post("/x"))) is None


def test_an_answer_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "MAX_ANSWER_BYTES", 10)
    with pytest.raises(BadAnswer, match="over 10 bytes"):
        sender_of(lambda r: httpx.Response(200, content=b"12345678901")).run(ask(get("/x")))


def pieces() -> Iterator[bytes]:
    yield b"one"
    yield b"two"


def saving(sink: BinaryIO, progress: Progress | None = None) -> Flow[int]:
    written: int = yield Save(get("/x"), sink, progress)
    return written


def test_a_download_streams_with_progress() -> None:
    sink, heard = io.BytesIO(), []
    sender = sender_of(lambda r: httpx.Response(200, content=pieces()))
    done = sender.run(saving(sink, lambda n, total: heard.append((n, total))))
    assert (done, sink.getvalue()) == (6, b"onetwo")
    assert heard[-1] == (6, None)


def test_a_download_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "MAX_DOWNLOAD_BYTES", 5)
    with pytest.raises(BadAnswer, match="over 5 bytes"):
        sender_of(lambda r: httpx.Response(200, content=pieces())).run(saving(io.BytesIO()))


def test_a_refused_download_raises_before_anything_is_written() -> None:
    sink = io.BytesIO()
    with pytest.raises(Unavailable):
        sender_of(lambda r: httpx.Response(503)).run(saving(sink))
    assert sink.getvalue() == b""


def test_a_body_that_is_a_file_is_sent_from_where_it_stands_and_again() -> None:
    bodies: list[bytes] = []
    lengths: list[str] = []
    done: list[tuple[int, int | None]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read())
        lengths.append(request.headers["content-length"])
        return httpx.Response(503 if len(bodies) == 1 else 201, json={})

    file = io.BytesIO(b"head" + bytes(300_000))
    file.seek(4)
    source = Source.of(file, lambda *far: done.append(far))
    put = Request(method="PUT", path="/f", source=source)
    assert sender_of(handler).run(ask(put)) == {}
    assert bodies == [bytes(300_000)] * 2
    assert lengths == ["300000"] * 2
    assert done == [(262_144, 300_000), (300_000, 300_000)] * 2
