"""Flows of one job, by hand. Waiting is tried in resources/test_cvad_jobs.py."""

from __future__ import annotations

import httpx
import pytest

from footlight.sdk.errors import BadAnswer, JobFailed, TimedOut
from footlight.sdk.flow import Pause
from footlight.sdk.job import begun, wait
from footlight.sdk.requests.request import post


def status(text: str) -> httpx.Response:
    return httpx.Response(200, json={"Id": "j", "Status": text, "ErrorString": None})


def test_the_id_is_the_last_word_of_the_location() -> None:
    location = {"Location": "https://other.test/a/b/Jobs/j7"}
    assert begun(post("/x"), httpx.Response(202, headers=location)) == "j7"
    for answer in (httpx.Response(200, headers=location), httpx.Response(202)):
        with pytest.raises(BadAnswer, match="/x"):
            begun(post("/x"), answer)


def test_looks_come_at_growing_distances() -> None:
    flow = wait("j", 600)
    next(flow)
    pauses = []
    for _ in range(7):
        step = flow.send(status("InProgress"))
        assert isinstance(step, Pause)
        pauses.append(step.seconds)
        next(flow)
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    with pytest.raises(JobFailed, match="Canceled"):
        flow.send(status("Canceled"))


def test_waiting_ends() -> None:
    flow = wait("j", 0)
    next(flow)
    with pytest.raises(TimedOut):
        flow.send(status("NotStarted"))
