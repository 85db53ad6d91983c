from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import pytest

from footlight.api.background import kept
from footlight.errors import NotFound
from footlight.ids import new_guid

SESSIONS = "/cvad/manage/Sessions"


async def begun(door: Any, method: str, path: str, **options: Any) -> str:
    answer = await door.client.request(method, path, headers=door.headers, **options)
    assert (answer.status_code, answer.content) == (202, b""), answer.text
    return urlsplit(answer.headers["location"]).path


async def ended(door: Any, path: str) -> dict[str, Any]:
    for _ in range(300):
        body: dict[str, Any] = (await door.get(path)).json()
        if body["Status"] not in ("NotStarted", "InProgress"):
            return body
        await asyncio.sleep(0.01)
    pytest.fail("the job does not end")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", f"{SESSIONS}?limit=1", "GetSessions"),
        ("GET", "/cvad/manage/SessionsV2?fields=Id", "GetSessions"),
        ("POST", f"{SESSIONS}/$search?limit=1", "DoSessionSearch"),
        ("GET", "/cvad/manage/Applications/Terminal/Sessions?limit=1", "GetApplicationSessions"),
    ],
)
async def test_the_result_is_what_the_call_answers(
    door: Any, method: str, path: str, kind: str
) -> None:
    for resource in ("Terminal", "Terminal", "Desktop"):
        await door.post("/footlight/v1/launches", json={"resource": resource, "new": True})
    body = {"json": {}} if method == "POST" else {}
    job = await begun(door, method, f"{path}&async=true", **body)
    assert (await ended(door, job))["Type"] == kind
    result = await door.get(f"{job}/Results")
    at_once = await door.client.request(method, path, headers=door.headers, **body)
    assert result.status_code == 200
    assert result.json()["Items"] == at_once.json()["Items"] != []
    assert result.json()["TotalItems"] == at_once.json()["TotalItems"]


async def test_a_refused_call_is_a_failed_job_with_its_code(door: Any) -> None:
    job = await begun(door, "GET", f"{SESSIONS}/nowhere/Applications?async=true")
    body = await ended(door, job)
    assert (body["Status"], body["ErrorCode"]) == ("Failed", "UnknownSession")
    assert body["ErrorString"] == "There is no such session."
    assert body["Parameters"] == [{"Name": "Id", "Value": "nowhere"}]


async def test_false_and_nothing_are_now_and_others_are_refused(door: Any) -> None:
    for value in ("false", "False", "0", ""):
        assert (await door.get(f"{SESSIONS}?async={value}")).status_code == 200
    refused = await door.get(f"{SESSIONS}?async=perhaps")
    assert refused.status_code == 400
    assert refused.json()["parameters"][0] == {"name": "name", "value": "async"}


async def test_a_result_that_is_gone(door: Any) -> None:
    with pytest.raises(NotFound):
        await kept(door.parts.jobs, new_guid())
