from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

BATCH = "/cvad/manage/$batch"


async def run(door: Any, items: list[dict[str, Any]], status: int = 200, path: str = BATCH) -> Any:
    answer = await door.post(path, json={"Items": items})
    assert answer.status_code == status, answer.text
    body = answer.json()
    return {item["Reference"]: item for item in body["Items"]} if status == 200 else body


async def launched(door: Any) -> str:
    made = await door.post("/footlight/v1/launches", json={"resource": "Desktop", "new": True})
    return str(made.json()["sessionId"])


async def test_each_item_is_answered_by_its_own_route(door: Any) -> None:
    session_id = await launched(door)
    found = await run(
        door,
        [
            {"Reference": 0, "RelativeUrl": f"/Sessions/{session_id}?fields=Id"},
            {"Reference": "hide", "Method": "post", "RelativeUrl": f"Sessions/{session_id}/$hide"},
            {"Reference": "none", "RelativeUrl": "/Sessions/none"},
            {"Reference": "nowhere", "RelativeUrl": "/Nowhere"},
            {
                "Reference": "search", "Method": "POST", "RelativeUrl": "/sessions/%24search",
                "Body": '{"SearchFilters": []}',
            },
        ],
    )  # fmt: skip
    assert {name: item["Code"] for name, item in found.items()} == {
        "0": 200, "hide": 204, "none": 404, "nowhere": 404, "search": 200,
    }  # fmt: skip
    assert json.loads(found["0"]["Body"]) == {"Id": session_id}
    assert found["hide"]["Body"] is None
    assert json.loads(found["none"]["Body"])["SdkErrorId"] == "UnknownSession"
    shown = await door.get(f"/cvad/manage/Sessions/{session_id}")
    assert shown.json()["IsHidden"] is True


async def test_every_spelling_of_the_url_is_found(door: Any) -> None:
    site, base = door.rooms.site.id, "/citrix/orchestration/api/CitrixOnPremises"
    urls = [
        "/Sessions", f"CitrixOnPremises/{site}//Sessions", f"v1/CitrixOnPremises/{site}/Sessions",
        "/techpreview/me", "cvad/manage/Sessions", "me",
    ]  # fmt: skip
    items = [{"Reference": str(at), "RelativeUrl": url} for at, url in enumerate(urls)]
    for path in (BATCH, f"{base}/{site}/$batch"):
        found = await run(door, items, path=path)
        assert [found[str(at)]["Code"] for at in range(len(urls))] == [200] * len(urls), path


async def test_an_item_may_bring_its_own_token(door: Any) -> None:
    token = door.headers["Authorization"].rpartition("=")[2]
    found = await run(
        door,
        [
            {
                "Reference": name, "RelativeUrl": "/me",
                "Headers": [{"Name": "Authorization", "Value": value}],
            }
            for name, value in (("good", f"Bearer {token}"), ("bad", "Bearer nonsense"))
        ],
    )  # fmt: skip
    assert (found["good"]["Code"], found["bad"]["Code"]) == (200, 401)


async def test_an_accepted_item_tells_where_its_job_is(door: Any) -> None:
    found = await run(door, [{"Reference": "a", "RelativeUrl": "/Sessions?async=true"}])
    assert (found["a"]["Code"], found["a"]["Body"]) == (202, None)
    (location,) = [h["Value"] for h in found["a"]["Headers"] if h["Name"] == "Location"]
    assert (await door.get(urlsplit(location).path)).json()["Type"] == "GetSessions"


@pytest.mark.parametrize(
    ("items", "member"),
    [
        ([{"Reference": "", "RelativeUrl": "/me"}], "Items[0].Reference"),
        ([{"Reference": "a b", "RelativeUrl": "/me"}], "Items[0].Reference"),
        ([{"Reference": "x" * 65, "RelativeUrl": "/me"}], "Items[0].Reference"),
        ([{"Reference": "a", "RelativeUrl": "/me"}] * 2, "Reference"),
        ([{"Reference": "a", "RelativeUrl": "/me", "Method": "TRACE"}], "Items[0].Method"),
        ([{"Reference": "a", "RelativeUrl": "/me", "Body": "{}"}], "Items[0].Body"),
        ([{"Reference": "a", "RelativeUrl": "/$batch", "Method": "POST"}], "Items[0].RelativeUrl"),
        ([{"Reference": "a"}], "Items[0]"),
        ([{"Reference": str(at), "RelativeUrl": "/me"} for at in range(501)], "Items"),
    ],
)
async def test_what_cannot_be_a_batch_is_refused_whole(
    door: Any, items: list[dict[str, Any]], member: str
) -> None:
    refused = await run(door, items, status=400)
    assert {"name": "name", "value": member} in refused["parameters"]


async def test_our_own_api_is_not_reached(door: Any) -> None:
    found = await run(door, [{"Reference": "a", "RelativeUrl": "/footlight/v1/accounts"}])
    assert found["a"]["Code"] == 404


async def test_a_batch_as_a_job_has_a_part_for_each_item(door: Any) -> None:
    items = [
        {"Reference": "good", "RelativeUrl": "/Sessions"},
        {"Reference": "bad", "RelativeUrl": "/Sessions/none"},
    ]
    answer = await door.post(f"{BATCH}?async=true", json={"Items": items})
    assert (answer.status_code, answer.content) == (202, b"")
    path = urlsplit(answer.headers["location"]).path
    for _ in range(300):
        job = (await door.get(path)).json()
        if job["Status"] == "Complete":
            break
        await asyncio.sleep(0.01)
    assert (job["Type"], job["Status"], job["OverallProgressPercent"]) == ("Batch", "Complete", 100)
    parts = {part["Parameters"][0]["Value"]: part for part in job["SubJobs"]}
    assert (parts["good"]["Status"], parts["good"]["Type"]) == ("Complete", "GetSessions")
    assert (parts["bad"]["Status"], parts["bad"]["ErrorCode"]) == ("Failed", "UnknownSession")
    one = f"/cvad/manage/Jobs/{parts['bad']['Id']}"
    assert (await door.get(one)).json()["Id"] == parts["bad"]["Id"]
    results = (await door.get(f"{path}/Results")).json()
    assert {item["Reference"]: item["Code"] for item in results["Items"]} == {
        "good": 200, "bad": 404,
    }  # fmt: skip
    listed = (await door.get("/cvad/manage/Jobs")).json()["Items"]
    assert [one["Type"] for one in listed] == ["Batch"]
