from __future__ import annotations

from typing import Any

import pytest

from footlight.api import inner
from footlight.api.inner import answered
from footlight.errors import LimitReached


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = (await receive())["body"]
    headers = [(b"Location", b"/there")]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b"!", "more_body": False})


async def test_the_whole_answer_comes_back() -> None:
    got = await answered(echo, {"type": "http"}, b"hello", timeout_s=1)
    assert (got.status, got.headers, got.body) == (201, {"location": "/there"}, b"hello!")


async def test_an_answer_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inner, "MAX_ANSWER_BYTES", 5)
    with pytest.raises(LimitReached):
        await answered(echo, {"type": "http"}, b"hello", timeout_s=1)


async def test_nobody_hangs_up_and_time_is_limited() -> None:
    async def waiting(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await receive()

    with pytest.raises(TimeoutError):
        await answered(waiting, {"type": "http"}, b"", timeout_s=0.01)
