from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from footlight.clock import SystemClock
from footlight.errors import Conflict, LimitReached
from footlight.jobs import jobs as jobs_module
from footlight.jobs.jobs import Jobs
from footlight.jobs.ledger import NewJob
from footlight.objects.folder import FolderObjects
from footlight.store.store import Store


def jobs_of(store: Store, folder: Path) -> Jobs:
    return Jobs(store, folder / "jobs", SystemClock(), FolderObjects(folder / "objects"))


async def finished(jobs: Jobs, job_id: str) -> Any:
    for _ in range(200):
        found = await jobs.find("me", job_id)
        assert found is not None
        if found[0].state != "running":
            return found
        await asyncio.sleep(0.01)
    pytest.fail("the job does not end")


async def test_a_job_shows_progress_and_its_result(store: Store, tmp_path: Path) -> None:
    jobs = jobs_of(store, tmp_path)
    half, go_on = asyncio.Event(), asyncio.Event()

    async def work(folder: Path, progress: Any) -> None:
        progress(0.5)
        half.set()
        await go_on.wait()
        (folder / "out").write_text("made")

    job_id = await jobs.begin(NewJob("export", "me", "r"), work)
    await half.wait()
    row, part = await jobs.find("me", job_id)  # type: ignore[misc]
    assert (row.state, part) == ("running", 0.5)
    assert await jobs.find("another", job_id) is None
    go_on.set()
    row, part = await finished(jobs, job_id)
    assert (row.state, part) == ("done", 1.0)
    assert await jobs.result(job_id, "out") == b"made"
    size = await jobs.result_size(job_id, "out")
    assert [piece async for piece in jobs.result_pieces(job_id, "out", size)] == [b"made"]
    assert not (tmp_path / "jobs" / job_id).exists()
    # Another server, with a folder of its own, has it from the store.
    objects = FolderObjects(tmp_path / "objects")
    other = Jobs(store, tmp_path / "others", SystemClock(), objects)
    assert await other.result(job_id, "out") == b"made"
    row, _ = await other.find("me", job_id)  # type: ignore[misc]
    await other.delete(row)
    assert [key async for key in objects.list("")] == []


@pytest.mark.expects_errors
async def test_a_failed_job_keeps_its_reason(store: Store, tmp_path: Path) -> None:
    jobs = jobs_of(store, tmp_path)

    async def work(folder: Path, progress: Any) -> None:
        raise OSError("no space left")

    row, _ = await finished(jobs, await jobs.begin(NewJob("export", "me", "r"), work))
    assert (row.state, row.error) == ("failed", "no space left")


async def test_what_a_dead_server_left_running_is_failed(store: Store, tmp_path: Path) -> None:
    jobs = jobs_of(store, tmp_path)

    async def work(folder: Path, progress: Any) -> None:
        await asyncio.sleep(60)

    job_id = await jobs.begin(NewJob("export", "me", "r"), work)
    await jobs_of(store, tmp_path).start()
    row, _ = await jobs.find("me", job_id)  # type: ignore[misc]
    assert (row.state, row.error) == ("failed", "the server ended")
    await jobs.stop()


async def test_too_many_are_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "RUNNING_AT_MOST", 2)
    jobs = jobs_of(store, tmp_path)

    async def work(folder: Path, progress: Any) -> None:
        await asyncio.sleep(60)

    await jobs.begin(NewJob("export", "me", "r"), work)
    await jobs.begin(NewJob("export", "me", "r"), work)
    with pytest.raises(LimitReached):
        await jobs.begin(NewJob("export", "me", "r"), work)
    await jobs.stop()


async def test_a_cancelled_task_ends_and_its_job_is_deleted(store: Store, tmp_path: Path) -> None:
    jobs = jobs_of(store, tmp_path)
    working = asyncio.Event()

    async def work(folder: Path, progress: Any) -> None:
        (folder / "part").write_text("x")
        working.set()
        await asyncio.sleep(60)

    job_id = await jobs.begin(NewJob("export", "me", "r"), work)
    await working.wait()
    row, _ = await jobs.find("me", job_id)  # type: ignore[misc]
    with pytest.raises(Conflict):
        await jobs.delete(row)
    await jobs.cancel(row)
    row, _ = await jobs.find("me", job_id)  # type: ignore[misc]
    assert (row.state, row.error) == ("cancelled", "cancelled by its maker")
    await jobs.delete(row)
    assert await jobs.find("me", job_id) is None
    assert not (tmp_path / "jobs" / job_id).exists()


async def test_light_jobs_do_not_wait_for_heavy_ones(store: Store, tmp_path: Path) -> None:
    jobs = jobs_of(store, tmp_path)

    async def forever(folder: Path, progress: Any) -> None:
        await asyncio.sleep(60)

    async def work(folder: Path, progress: Any) -> None:
        (folder / "out").write_text("made")

    await jobs.begin(NewJob("export", "me"), forever)
    waiting = await jobs.begin(NewJob("export", "me"), forever)
    row, _ = await finished(jobs, await jobs.begin(NewJob("x", "me"), work, heavy=False))
    assert row.state == "done"
    held, _ = await jobs.find("me", waiting)  # type: ignore[misc]
    assert held.started_at_ms is None
    await jobs.stop()
