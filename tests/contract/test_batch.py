"""Several requests in one, on a real session."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest

MANAGE = "/cvad/manage"


@pytest.mark.covers("POST /$batch", 200, 400)
def test_items_change_sessions_and_fail_alone(
    client: httpx.Client, launch: Callable[[str], str]
) -> None:
    session_id = launch("Terminal")
    items = [
        {"Reference": 0, "Method": "POST", "RelativeUrl": f"/Sessions/{session_id}/$hide"},
        {"Reference": 1, "Method": "POST", "RelativeUrl": "/Sessions/none/$hide"},
    ]
    answer = client.post(f"{MANAGE}/$batch", json={"Items": items})
    assert answer.status_code == 200
    codes = {item["Reference"]: item["Code"] for item in answer.json()["Items"]}
    assert codes == {"0": 204, "1": 404}
    assert client.get(f"{MANAGE}/Sessions/{session_id}").json()["IsHidden"] is True
    twice = client.post(f"{MANAGE}/$batch", json={"Items": [items[0], items[0]]})
    assert twice.status_code == 400


@pytest.mark.covers("POST /$batch", 202)
@pytest.mark.covers("GET /Jobs", 400)
def test_a_batch_as_a_job(client: httpx.Client) -> None:
    items = [{"Reference": str(at), "RelativeUrl": "/Sessions?fields=Id"} for at in range(3)]
    answer = client.post(f"{MANAGE}/$batch?async=true", json={"Items": items})
    assert (answer.status_code, answer.content) == (202, b"")
    url = answer.headers["location"]
    deadline = time.monotonic() + 30
    while (job := client.get(url).json())["Status"] in ("NotStarted", "InProgress"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert (job["Type"], job["Status"], len(job["SubJobs"])) == ("Batch", "Complete", 3)
    results = client.get(f"{url}/Results").json()
    assert [item["Code"] for item in results["Items"]] == [200] * 3
    first = client.get(f"{MANAGE}/Jobs?limit=1").json()
    assert len(first["Items"]) == 1
    if first["ContinuationToken"]:
        token = first["ContinuationToken"]
        second = client.get(f"{MANAGE}/Jobs?limit=1&continuationToken={token}").json()
        assert second["Items"][0]["Id"] != first["Items"][0]["Id"]
    assert client.get(f"{MANAGE}/Jobs?continuationToken=nonsense").status_code == 400


@pytest.mark.covers("POST /$batch", 401, 415)
def test_a_batch_needs_a_caller_and_json(site, client: httpx.Client) -> None:  # type: ignore[no-untyped-def]
    with site.bare_client() as bare:
        assert bare.post(f"{MANAGE}/$batch", json={"Items": []}).status_code == 401
    form = client.post(f"{MANAGE}/$batch", data={"Items": "[]"})
    assert form.status_code == 415
