"""`footlight jobs`: list, show, cancel, results, fetch, delete."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.collection import Group, add_commands
from footlight.cli.output import print_json, print_members, print_table, say
from footlight.cli.recordings import replacing
from footlight.sdk.resources.cvad_jobs import CvadJobs
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


@command(app, "results")
def results(call: Call, job_id: JobId) -> None:
    """Print what the call would have given that began the job, as JSON."""
    print_json(call.client.jobs.cvad.results(job_id))


@command(app, "fetch")
def fetch(
    call: Call,
    job_id: JobId,
    out: Annotated[Path, typer.Option("--out", help="File to write.")],
) -> None:
    """Write the file that an export has made."""
    with replacing(out) as sink:
        size_bytes = call.client.jobs.download(job_id, sink)
    done = {"jobId": job_id, "file": str(out), "sizeBytes": size_bytes}
    call.show(done, lambda: say(f"{out}: {size_bytes} bytes"))


OPERATIONS = Group("jobs", "jobs.cvad", CvadJobs, "")
add_commands(app, OPERATIONS)


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
