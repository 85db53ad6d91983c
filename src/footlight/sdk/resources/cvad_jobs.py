"""Jobs of the CVAD-compatible API: what `async=true` has begun."""

from __future__ import annotations

import builtins
import time
from typing import Any
from urllib.parse import urlsplit

from footlight.sdk.collection import action
from footlight.sdk.errors import JobFailed, TimedOut
from footlight.sdk.exchange import SEE_OTHER
from footlight.sdk.flow import Flow, Pause, ask, ask_items, json_of
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import cvad
from footlight.sdk.requests.request import get as get_request
from footlight.sdk.types.job import CvadJob

FIRST_LOOK_S = 0.1
LONGEST_LOOK_S = 2.0
NOT_FINAL = ("Unknown", "NotStarted", "InProgress")


class CvadJobs(Resource[S]):
    """`client.jobs.cvad`: the caller's jobs, running and ended in the last 48 h. Every call raises NotFound for
    one that is gone or of somebody else."""

    @operation
    def list(self) -> Flow[builtins.list[CvadJob]]:
        """All of them, the newest first."""
        return ask_items(cvad.jobs())

    @operation
    def get(self, job_id: str) -> Flow[CvadJob]:
        """One job."""
        return get(job_id)

    @operation
    def results(self, job_id: str) -> Flow[Any]:
        """What the synchronous call would have given; None where it gives nothing. Raises Conflict while there
        is no result."""
        return results(job_id)

    @operation
    def cancel(self, job_id: str) -> Flow[CvadJob]:
        """Take back what it has not done yet. Raises Conflict when that is impossible."""
        return cancel(job_id)

    delete = action("DELETE /Jobs/{id}", "Forget an ended one. Raises Conflict while it runs.")
    skip_remaining = action(
        "POST /Jobs/{id}/$SkipRemaining", "Leave the rest of a job out. Raises NotSupported."
    )

    @operation
    def wait(self, job_id: str, *, timeout_s: float = 600) -> Flow[CvadJob]:
        """The job when it is complete. Raises JobFailed with its reason, TimedOut."""
        return wait(job_id, timeout_s)


def get(job_id: str) -> Flow[CvadJob]:
    """One job."""
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
