"""The asynchronous client against a scripted site."""

from __future__ import annotations

import httpx
import pytest

from footlight.sdk import AsyncFootlight, NotFound

BASE = "http://x.test"
JOB = "/cvad/manage/Jobs/j1"


def answer(request: httpx.Request) -> httpx.Response:
    path, query = request.url.path, request.url.params
    if query.get("async") == "true":
        return httpx.Response(202, headers={"Location": f"{BASE}{JOB}"})
    if path == "/cvad/manage/Sessions":
        start = int(query.get("continuationToken", 0))
        token = str(start + 1) if start < 2 else None
        return httpx.Response(200, json={"Items": [{"Id": start}], "ContinuationToken": token})
    if path == JOB:
        return httpx.Response(200, json={"Id": "j1", "Status": "Complete"})
    if path == f"{JOB}/Results":
        return httpx.Response(200, json={"State": "Disconnected"})
    if path == "/cvad/manage/me":
        return httpx.Response(200, json={"UserId": "u"})
    return httpx.Response(404, json={"detail": "no"})


async def test_the_same_calls_awaited() -> None:
    async with AsyncFootlight(
        f"{BASE}/", token="t", transport=httpx.MockTransport(answer)
    ) as client:
        assert client.base_url == BASE
        assert [one["Id"] async for one in client.sessions.list()] == [0, 1, 2]
        assert (await client.me())["UserId"] == "u"
        assert (await client.token()).text == "t"
        with pytest.raises(NotFound):
            await client.sessions.get("s1")


async def test_jobs_are_waited_for() -> None:
    async with AsyncFootlight(BASE, token="t", transport=httpx.MockTransport(answer)) as client:
        handle = await client.in_background.sessions.disconnect("s1")
        assert handle.id == "j1"
        assert await handle.wait() == {"State": "Disconnected"}
        assert (await handle.status())["Status"] == "Complete"
        listed = await client.in_background.sessions.list()
        assert listed.id == "j1"
