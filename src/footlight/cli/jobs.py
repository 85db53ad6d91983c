"""`footlight jobs`: list, show, cancel."""

from __future__ import annotations

from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.output import print_members, print_table, say
from footlight.sdk.types.job import CvadJob

app = typer.Typer(help="Follow and cancel your own jobs.", no_args_is_help=True)

JobId = Annotated[str, typer.Argument(metavar="JOB_ID", help="Id of the job.")]


@command(app, "list")
def list_jobs(call: Call) -> None:
    """List your jobs, running and ended in the last 48 hours."""
    jobs = call.client.jobs.cvad.list()

    def for_people() -> None:
        columns = ("JOB", "TYPE", "STATUS", "PERCENT", "CREATED", "ENDED", "ERROR")
        print_table(columns, [_row(job) for job in jobs])

    call.show(jobs, for_people)


@command(app, "show")
def show(call: Call, job_id: JobId) -> None:
    """Show one job."""
    job = call.client.jobs.cvad.get(job_id)
    call.show(job, lambda: print_members(job))


@command(app, "cancel")
def cancel(call: Call, job_id: JobId) -> None:
    """Take back what a job has not done yet."""
    job = call.client.jobs.cvad.cancel(job_id)
    call.show(job, lambda: say(f"job {job_id}: {job['Status'].lower()}"))


def _row(job: CvadJob) -> tuple[object, ...]:
    return (
        job["Id"],
        job["Type"],
        job["Status"],
        job["OverallProgressPercent"],
        job["FormattedCreationTime"],
        job["FormattedEndTime"],
        job["ErrorString"],
    )
