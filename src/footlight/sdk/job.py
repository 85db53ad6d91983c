"""Flows of one job of the CVAD-compatible API: looking, waiting, its results."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from footlight.sdk.errors import BadAnswer, JobFailed, TimedOut
from footlight.sdk.exchange import SEE_OTHER
from footlight.sdk.flow import Flow, Pause, ask, json_of
from footlight.sdk.requests import cvad
from footlight.sdk.requests.request import Request
from footlight.sdk.requests.request import get as get_request
from footlight.sdk.types.job import CvadJob

FIRST_LOOK_S = 0.1
LONGEST_LOOK_S = 2.0
NOT_FINAL = ("Unknown", "NotStarted", "InProgress")


def begun(request: Request, response: httpx.Response) -> str:
    """The id of the job that the request began, out of its answer. Raises BadAnswer when it began none."""
    job_id: str = response.headers.get("Location", "").rpartition("/")[2]
    if response.status_code != httpx.codes.ACCEPTED or not job_id:
        raise BadAnswer(f"{request.path} began no job")
    return job_id


def get(job_id: str) -> Flow[CvadJob]:
    """How it stands."""
    return ask(cvad.job(job_id))


def cancel(job_id: str) -> Flow[CvadJob]:
    """Take back what it has not done yet."""
    return ask(cvad.cancel_job(job_id))


def results(job_id: str) -> Flow[Any]:
    """What the synchronous call would have given."""
    request = cvad.job_results(job_id)
    response = yield request
    location = response.headers.get("Location")
    if response.status_code == SEE_OTHER and location:
        # Only the path: the token goes nowhere but to our site.
        return (yield from ask(get_request(urlsplit(location).path)))
    return json_of(request, response)


def wait(job_id: str, timeout_s: float) -> Flow[CvadJob]:
    """The job when it is complete."""
    deadline = time.monotonic() + timeout_s
    pause_s = FIRST_LOOK_S
    while (job := (yield from get(job_id)))["Status"] in NOT_FINAL:
        if time.monotonic() >= deadline:
            raise TimedOut(f"job {job_id} was not done in {timeout_s:g} s")
        yield Pause(pause_s)
        pause_s = min(pause_s * 2, LONGEST_LOOK_S)
    if job["Status"] != "Complete":
        raise JobFailed(job["ErrorString"] or f"job {job_id} ended as {job['Status']}")
    return job
