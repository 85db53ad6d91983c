"""Following a job."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from footlight.sdk import Footlight, JobFailed, TimedOut
from footlight.sdk.resources import jobs as jobs_module


def client_of(*states: dict[str, Any]) -> Footlight:
    left = list(states)

    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/footlight/v1/jobs/j1"
        return httpx.Response(200, json=left.pop(0) if len(left) > 1 else left[0])

    return Footlight("http://x.test", token="t", transport=httpx.MockTransport(handler))


def job(state: str, progress: float, error: str | None = None) -> dict[str, Any]:
    return {"id": "j1", "state": state, "progress": progress, "error": error, "resultPath": "/r"}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "LOOK_EVERY_S", 0)


def test_progress_is_heard_until_done() -> None:
    heard: list[float] = []
    client = client_of(job("running", 0.25), job("running", 0.5), job("done", 1))
    assert client.jobs.wait("j1", progress=heard.append)["resultPath"] == "/r"
    assert heard == [0.25, 0.5, 1]


def test_a_failed_job_raises_its_reason() -> None:
    with pytest.raises(JobFailed, match="no encoder"):
        client_of(job("failed", 0.1, "no encoder")).jobs.wait("j1")


def test_waiting_ends() -> None:
    with pytest.raises(TimedOut, match="j1"):
        client_of(job("running", 0.1)).jobs.wait("j1", timeout_s=0)
