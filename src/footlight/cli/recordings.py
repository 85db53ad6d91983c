"""`footlight recordings`: list, show, export, frame, contact-sheet. `verify` is in verify.py."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from footlight.cli import verify
from footlight.cli.call import Call, command
from footlight.cli.collection import Group, add_commands
from footlight.cli.output import print_members, print_table, say
from footlight.sdk import Footlight
from footlight.sdk.resources.recordings import Recordings

app = typer.Typer(help="See, verify and export recordings.", no_args_is_help=True)

RecordingId = Annotated[str, typer.Argument(metavar="RECORDING_ID", help="Id of the recording.")]


@command(app, "list")
def list_recordings(
    call: Call,
    session: Annotated[str | None, typer.Option("--session", help="Of this session only.")] = None,
) -> None:
    """List all recordings."""
    recordings = list(call.client.recordings.list(session_id=session))

    def for_people() -> None:
        columns = ("RECORDING", "USER", "STARTED", "STATE", "SECONDS", "KB", "SESSION")
        print_table(
            columns,
            [
                (
                    r["id"],
                    r["userName"],
                    r["startedAt"],
                    r["state"],
                    f"{r['durationMs'] / 1000:.1f}",
                    r["sizeBytes"] // 1024,
                    r["sessionId"],
                )
                for r in recordings
            ],
        )

    call.show(recordings, for_people)


@command(app, "show")
def show(call: Call, recording_id: RecordingId) -> None:
    """Show one recording."""
    recording = call.client.recordings.get(recording_id)
    call.show(recording, lambda: print_members(recording))


command(app, "verify")(verify.verify)


@command(app, "export")
def export(
    call: Call,
    recording_id: RecordingId,
    out: Annotated[Path, typer.Option("--out", help="MP4 file to write.")],
) -> None:
    """Export a recording to MP4."""
    size_bytes = export_video(call.client, recording_id, out, quiet=call.as_json)
    done = {"recordingId": recording_id, "file": str(out), "sizeBytes": size_bytes}
    call.show(done, lambda: say(f"{out}: {size_bytes} bytes"))


@command(app, "frame")
def frame(
    call: Call,
    recording_id: RecordingId,
    at: Annotated[float, typer.Option("--at", min=0, help="Seconds since the start.")],
    out: Annotated[Path, typer.Option("--out", help="PNG file to write.")],
) -> None:
    """Write the picture at one moment of a recording."""
    _write_picture(call, recording_id, out, call.client.recordings.frame(recording_id, at))


@command(app, "contact-sheet")
def contact_sheet(
    call: Call,
    recording_id: RecordingId,
    out: Annotated[Path, typer.Option("--out", help="PNG file to write.")],
    count: Annotated[int | None, typer.Option("--count", min=1, help="How many.")] = None,
) -> None:
    """Write pictures from all over a recording on one sheet."""
    _write_picture(
        call, recording_id, out, call.client.recordings.contact_sheet(recording_id, count=count)
    )


OPERATIONS = Group("recordings", "recordings", Recordings, "")
add_commands(app, OPERATIONS)


def _write_picture(call: Call, recording_id: str, out: Path, picture: bytes) -> None:
    with replacing(out) as sink:
        sink.write(picture)
    done = {"recordingId": recording_id, "file": str(out), "sizeBytes": len(picture)}
    call.show(done, lambda: say(f"{out}: {len(picture)} bytes"))


def export_video(client: Footlight, recording_id: str, out: Path, *, quiet: bool) -> int:
    """Have the recording exported and write the MP4; its size in bytes. `quiet`: no progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=quiet) as bar, replacing(out) as sink:
        task = bar.add_task("exporting", total=1.0)
        job_id = client.recordings.start_export(recording_id)
        client.jobs.wait(job_id, progress=lambda part: bar.update(task, completed=part))
        bar.update(task, completed=1.0, description="fetching")
        return client.jobs.download(job_id, sink)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the path's place when all went well; otherwise what was there stays."""
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as sink:
            yield sink
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)  # mkstemp makes it 0600
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
