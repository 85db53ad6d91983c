from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from footlight.access.oidc.calls import MAX_BYTES, Calls
from footlight.errors import Unavailable


def calls(answer: Any) -> Calls:
    return Calls(transport=httpx.MockTransport(answer))


async def test_json_objects_come_through_and_nothing_else() -> None:
    for raw, body in ((b'{"a": 1}', {"a": 1}), (b"[1]", {}), (b"<html>", {}), (b"[" * 99_999, {})):
        found = await calls(lambda _, r=raw: httpx.Response(200, content=r)).get("https://x.test/")
        assert (found.status, found.body) == (200, body)


async def test_it_follows_nobody_elsewhere() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": "http://169.254.169.254/"})

    assert (await calls(answer).get("https://x.test/a")).status == 302
    assert asked == ["https://x.test/a"]


async def test_a_flood_is_cut_off() -> None:
    sent = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b"x" * 65_536

    with pytest.raises(Unavailable, match="too large"):
        await calls(lambda _: httpx.Response(200, content=flood())).get("https://x.test/")
    assert sent <= MAX_BYTES + 3 * 65_536


async def test_what_is_packed_is_not_unpacked() -> None:
    packed = httpx.Response(200, headers={"content-encoding": "gzip"}, content=b"x")
    with pytest.raises(Unavailable, match="pack"):
        await calls(lambda _: packed).get("https://x.test/")


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError("no"), httpx.ReadTimeout("late"), TimeoutError(), OSError("no")]
)
async def test_silence_is_told(fault: Exception) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise fault

    with pytest.raises(Unavailable, match="does not answer"):
        await calls(answer).post("https://x.test/", {}, "a=b")
