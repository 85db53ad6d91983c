"""Jobs: long actions that one can follow."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from footlight.sdk.errors import JobFailed, TimedOut
from footlight.sdk.requests import own
from footlight.sdk.resources.cvad_jobs import CvadJobs
from footlight.sdk.sender import Sender
from footlight.sdk.types.own import Job

LOOK_EVERY_S = 0.3


class Jobs:
    """`client.jobs`: jobs in our own words, with progress and the path of a file; `cvad` has those that
    `async=true` begins, and shows these too."""

    def __init__(self, sender: Sender, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sender = sender
        self._sleep = sleep
        self.cvad = CvadJobs(sender, sleep)

    def get(self, job_id: str) -> Job:
        """How far it is. Raises NotFound."""
        return cast(Job, self._sender.send(own.job(job_id)))

    def wait(
        self,
        job_id: str,
        *,
        progress: Callable[[float], None] | None = None,
        timeout_s: float = 24 * 3600,
    ) -> Job:
        """The job when it is done; `progress` hears 0 to 1 on the way. Raises JobFailed,
        TimedOut."""
        deadline = time.monotonic() + timeout_s
        while True:
            job = self.get(job_id)
            if progress is not None:
                progress(job["progress"])
            if job["state"] == "done":
                return job
            if job["state"] in ("failed", "cancelled"):
                raise JobFailed(job["error"] or f"job {job_id} failed")
            if time.monotonic() >= deadline:
                raise TimedOut(f"job {job_id} was not done in {timeout_s:g} s")
            self._sleep(LOOK_EVERY_S)
