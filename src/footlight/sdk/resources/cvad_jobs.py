"""Jobs of the CVAD-compatible API: what `async=true` has begun."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from footlight.sdk.errors import BadAnswer, JobFailed, TimedOut
from footlight.sdk.requests import cvad
from footlight.sdk.requests.request import Request, get
from footlight.sdk.sender import SEE_OTHER, Sender
from footlight.sdk.types.job import CvadJob
from footlight.sdk.types.job import CvadJobs as Answer

FIRST_LOOK_S = 0.1
LONGEST_LOOK_S = 2.0
NOT_FINAL = ("Unknown", "NotStarted", "InProgress")


class CvadJobs:
    """`client.jobs.cvad`: the caller's jobs, running and ended in the last 48 h. Every call raises NotFound for
    one that is gone or of somebody else."""

    def __init__(self, sender: Sender, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sender = sender
        self._sleep = sleep

    def list(self) -> list[CvadJob]:
        """All of them, the newest first."""
        answer: Answer = self._sender.send(cvad.jobs())
        return answer["Items"]

    def get(self, job_id: str) -> CvadJob:
        """One job."""
        return cast(CvadJob, self._sender.send(cvad.job(job_id)))

    def results(self, job_id: str) -> Any:
        """What the synchronous call would have given; None where it gives nothing. Raises Conflict while there
        is no result."""
        response = self._sender.fetch(cvad.job_results(job_id))
        location = response.headers.get("Location")
        # Only the path: the token goes nowhere but to our site.
        if response.status_code == SEE_OTHER and location:
            return self._sender.send(get(urlsplit(location).path))
        return response.json() if response.content else None

    def cancel(self, job_id: str) -> CvadJob:
        """Take back what it has not done yet. Raises Conflict when that is impossible."""
        return cast(CvadJob, self._sender.send(cvad.cancel_job(job_id)))

    def delete(self, job_id: str) -> None:
        """Forget an ended one. Raises Conflict while it runs."""
        self._sender.send(cvad.delete_job(job_id))

    def wait(self, job_id: str, *, timeout_s: float = 600) -> CvadJob:
        """The job when it is complete. Raises JobFailed with its reason, TimedOut."""
        deadline = time.monotonic() + timeout_s
        pause_s = FIRST_LOOK_S
        while (job := self.get(job_id))["Status"] in NOT_FINAL:
            if time.monotonic() >= deadline:
                raise TimedOut(f"job {job_id} was not done in {timeout_s:g} s")
            self._sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_LOOK_S)
        if job["Status"] != "Complete":
            raise JobFailed(job["ErrorString"] or f"job {job_id} ended as {job['Status']}")
        return job

    def begin(self, request: Request) -> JobHandle:
        """Send the request as a job."""
        response = self._sender.fetch(cvad.in_background(request))
        job_id = response.headers.get("Location", "").rpartition("/")[2]
        if response.status_code != 202 or not job_id:
            raise BadAnswer(f"{request.path} began no job")
        return JobHandle(self, job_id)


class JobHandle:
    """A job that was begun; `id` names it."""

    def __init__(self, jobs: CvadJobs, job_id: str) -> None:
        self.id = job_id
        self._jobs = jobs

    def status(self) -> CvadJob:
        """How it stands."""
        return self._jobs.get(self.id)

    def wait(self, *, timeout_s: float = 600) -> Any:
        """What the synchronous call would have given. Raises JobFailed, TimedOut."""
        self._jobs.wait(self.id, timeout_s=timeout_s)
        return self._jobs.results(self.id)

    def cancel(self) -> CvadJob:
        """Take back what it has not done yet. Raises Conflict when that is impossible."""
        return self._jobs.cancel(self.id)
