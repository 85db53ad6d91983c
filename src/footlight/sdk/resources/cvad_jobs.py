"""Jobs of the CVAD-compatible API: what `async=true` has begun."""

from __future__ import annotations

import builtins
from typing import Any

from footlight.sdk import job
from footlight.sdk.collection import action
from footlight.sdk.flow import Flow, ask_items
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import cvad
from footlight.sdk.types.job import CvadJob


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
        return job.get(job_id)

    @operation
    def results(self, job_id: str) -> Flow[Any]:
        """What the synchronous call would have given; None where it gives nothing. Raises Conflict while there
        is no result."""
        return job.results(job_id)

    @operation
    def cancel(self, job_id: str) -> Flow[CvadJob]:
        """Take back what it has not done yet. Raises Conflict when that is impossible."""
        return job.cancel(job_id)

    delete = action("DELETE /Jobs/{id}", "Forget an ended one. Raises Conflict while it runs.")
    skip_remaining = action(
        "POST /Jobs/{id}/$SkipRemaining", "Leave the rest of a job out. Raises NotSupported."
    )

    @operation
    def wait(self, job_id: str, *, timeout_s: float = 600) -> Flow[CvadJob]:
        """The job when it is complete. Raises JobFailed with its reason, TimedOut."""
        return job.wait(job_id, timeout_s)
