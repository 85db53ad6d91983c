from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from footlight.ids import new_guid
from footlight.jobs.ledger import NewJob

V1 = "/footlight/v1/jobs"


async def begun(door: Any, work: Any, account_id: str | None = None) -> str:
    account = account_id or door.rooms.admin.account_id
    return str(await door.parts.jobs.begin(NewJob("export", account, new_guid()), work))


async def until(door: Any, job_id: str, there: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The job once it is `there`."""
    for _ in range(1000):
        job: dict[str, Any] = (await door.get(f"{V1}/{job_id}")).json()
        if there(job):
            return job
        await asyncio.sleep(0.01)
    raise AssertionError("the job does not get there")


async def ended(door: Any, job_id: str) -> dict[str, Any]:
    return await until(door, job_id, lambda job: job["state"] != "running")


async def test_a_job_from_begin_to_result(door: Any) -> None:
    go = asyncio.Event()

    async def work(folder: Path, progress: Any) -> None:
        progress(0.25)
        await go.wait()
        (folder / "recording.mp4").write_bytes(b"film")

    job_id = await begun(door, work)
    job = await until(door, job_id, lambda job: job["progress"] == 0.25)
    assert (job["state"], job["resultPath"], job["error"]) == ("running", None, None)
    assert (await door.get(f"{V1}/{job_id}/result")).status_code == 409
    go.set()
    job = await ended(door, job_id)
    assert (job["state"], job["progress"]) == ("done", 1)
    result = await door.get(job["resultPath"])
    assert (result.content, result.headers["content-type"]) == (b"film", "video/mp4")
    assert f"{job['objectId']}.mp4" in result.headers["content-disposition"]


@pytest.mark.expects_errors
async def test_a_failed_job_tells_its_reason_and_has_no_result(door: Any) -> None:
    async def work(folder: Path, progress: Any) -> None:
        (folder / "recording.mp4").write_bytes(b"half a film")
        raise ValueError("no encoder")

    job = await ended(door, await begun(door, work))
    assert (job["state"], job["error"], job["resultPath"]) == ("failed", "no encoder", None)
    assert (await door.get(f"{V1}/{job['id']}/result")).status_code == 409


async def test_a_job_is_its_makers_only(door: Any) -> None:
    async def work(folder: Path, progress: Any) -> None:
        (folder / "recording.mp4").write_bytes(b"film")

    job_id = await begun(door, work)
    await ended(door, job_id)
    headers = await door.sign_in_as("ada")
    for path in (f"{V1}/{job_id}", f"{V1}/{job_id}/result"):
        assert (await door.client.get(path, headers=headers)).status_code == 404
        assert (await door.get(path)).status_code == 200
    assert (await door.get(f"{V1}/{new_guid()}")).status_code == 404
    assert (await door.get(f"{V1}/..%2F..%2Ffootlight.db/result")).status_code == 404
