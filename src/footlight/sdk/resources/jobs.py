"""Long actions of the site, in Footlight's own words."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import BinaryIO

from footlight.sdk.errors import JobFailed, TimedOut
from footlight.sdk.flow import Flow, Pause, Progress, Save, ask
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import own
from footlight.sdk.resources.cvad_jobs import CvadJobs
from footlight.sdk.types.own import Job

LOOK_EVERY_S = 0.3


class Jobs(Resource[S]):
    """`client.jobs`: jobs in our own words, with progress and the path of a file; `cvad` has those that
    `async=true` begins, and shows these too."""

    def __init__(self, sender: S) -> None:
        super().__init__(sender)
        self.cvad = CvadJobs(sender)

    @operation
    def get(self, job_id: str) -> Flow[Job]:
        """How far it is. Raises NotFound."""
        return ask(own.job(job_id))

    @operation
    def download(self, job_id: str, sink: BinaryIO, progress: Progress | None = None) -> Flow[int]:
        """The file that an export has made, written to `sink`; how many bytes. Raises Conflict while there
        is none."""
        written: int = yield Save(own.job_result(job_id), sink, progress)
        return written

    @operation
    def wait(
        self,
        job_id: str,
        *,
        progress: Callable[[float], None] | None = None,
        timeout_s: float = 24 * 3600,
    ) -> Flow[Job]:
        """The job when it is done; `progress` hears 0 to 1 on the way. Raises JobFailed,
        TimedOut."""
        deadline = time.monotonic() + timeout_s
        while True:
            job: Job = yield from ask(own.job(job_id))
            if progress is not None:
                progress(job["progress"])
            if job["state"] == "done":
                return job
            if job["state"] in ("failed", "cancelled"):
                raise JobFailed(job["error"] or f"job {job_id} failed")
            if time.monotonic() >= deadline:
                raise TimedOut(f"job {job_id} was not done in {timeout_s:g} s")
            yield Pause(LOOK_EVERY_S)
