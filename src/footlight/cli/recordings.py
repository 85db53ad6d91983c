"""`footlight recordings`: list, show, export, frame, contact-sheet. `verify` is in verify.py, `events` and
`markers` are in recording_markers.py."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from footlight.cli import recording_markers, verify
from footlight.cli.call import Call, command
from footlight.cli.collection import Group, add_commands
from footlight.cli.exits import UsageProblem
from footlight.cli.local_recording import DataKeyFile, local_source
from footlight.cli.output import print_members, print_table, say
from footlight.errors import NotFound
from footlight.recording.source import FolderSource
from footlight.sdk import Footlight
from footlight.sdk.resources.recordings import Recordings

app = typer.Typer(help="See, verify and export recordings.", no_args_is_help=True)

IdOrPath = Annotated[
    str, typer.Argument(metavar="ID_OR_PATH", help="Id of a recording, or its folder.")
]
RecordingId = Annotated[str, typer.Argument(metavar="RECORDING_ID", help="Id of the recording.")]


@command(app, "list")
def list_recordings(
    call: Call,
    session: Annotated[str | None, typer.Option("--session", help="Of this session only.")] = None,
    whose: Annotated[str | None, typer.Option("--of", help="Of users whose names have it.")] = None,
    machine: Annotated[str | None, typer.Option("--machine", help="On such machines.")] = None,
    resource: Annotated[str | None, typer.Option("--resource", help="Of such resources.")] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="recording, completed or failed.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="Running then or later.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Begun before then.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="With this in any member.")] = None,
    retention_class: Annotated[
        str | None, typer.Option("--class", help="Of this retention class.")
    ] = None,
    held: Annotated[bool | None, typer.Option("--held/--not-held", help="By a hold.")] = None,
    sort: Annotated[
        str | None, typer.Option("--sort", help="A member; - before it: the largest first.")
    ] = None,
) -> None:
    """List recordings: all, or those that the options choose."""
    chosen: dict[str, Any] = {
        "user": whose,
        "machine": machine,
        "resource": resource,
        "state": state,
        "since": since,
        "until": until,
        "text": text,
        "retention_class": retention_class,
        "held": held,
        "sort": sort,
    }
    recordings = list(call.client.recordings.list(session_id=session, **chosen))

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
    recording: IdOrPath,
    out: Annotated[Path, typer.Option("--out", help="File to write: MP4, or HTML as evidence.")],
    data_key: DataKeyFile = None,
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="One HTML file that holds the recording whole, to check."),
    ] = False,
) -> None:
    """Export a recording to MP4, one of the site or one in a folder; or one of the site as an evidence file."""
    if evidence:
        size_bytes = export_file(call.client, recording, out, quiet=call.as_json, kind="evidence")
    elif (folder := _folder(recording, data_key)) is not None:
        size_bytes = _export_folder(local_source(call, folder, data_key), out, quiet=call.as_json)
    else:
        size_bytes = export_file(call.client, recording, out, quiet=call.as_json)
    done = {"recordingId": recording, "file": str(out), "sizeBytes": size_bytes}
    call.show(done, lambda: say(f"{out}: {size_bytes} bytes"))


@command(app, "frame")
def frame(
    call: Call,
    recording: IdOrPath,
    at: Annotated[float, typer.Option("--at", min=0, help="Seconds since the start.")],
    out: Annotated[Path, typer.Option("--out", help="PNG file to write.")],
    data_key: DataKeyFile = None,
) -> None:
    """Write the picture at one moment of a recording: one of the site, or one in a folder."""
    if (folder := _folder(recording, data_key)) is not None:
        picture = _frame_of(local_source(call, folder, data_key), at)
    else:
        picture = call.client.recordings.frame(recording, at)
    _write_picture(call, recording, out, picture)


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


app.add_typer(recording_markers.app, name="markers")
command(app, "events")(recording_markers.events)

OPERATIONS = Group("recordings", "recordings", Recordings, "")
add_commands(app, OPERATIONS)


def _folder(recording: str, data_key: Path | None) -> Path | None:
    """The recording's folder, when it names one and not a recording of the site."""
    folder = Path(recording)
    if folder.is_dir():
        return folder
    if data_key is not None:
        raise UsageProblem("--data-key is for a recording in a folder; the site has its own keys")
    return None


def _frame_of(source: FolderSource, at_s: float) -> bytes:
    from footlight.playback.render import Renderer  # numpy and Pillow: for those who look only

    picture = Renderer(source).picture(round(at_s * 1e9))
    if picture is None:
        raise NotFound(f"{source.folder} holds no picture that can be read with this key")
    buffer = io.BytesIO()
    picture.image().save(buffer, "PNG")
    return buffer.getvalue()


def _export_folder(source: FolderSource, out: Path, *, quiet: bool) -> int:
    from footlight.playback.export import export_mp4  # PyAV: for those who export only

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), disable=quiet) as bar:
        task = bar.add_task("exporting", total=1.0)
        made = export_mp4(source, out, progress=lambda part: bar.update(task, completed=part))
    if made is None:
        raise NotFound(f"{source.folder} holds no picture that can be read with this key")
    return out.stat().st_size


def _write_picture(call: Call, recording_id: str, out: Path, picture: bytes) -> None:
    with replacing(out) as sink:
        sink.write(picture)
    done = {"recordingId": recording_id, "file": str(out), "sizeBytes": len(picture)}
    call.show(done, lambda: say(f"{out}: {len(picture)} bytes"))


def export_file(
    client: Footlight, recording_id: str, out: Path, *, quiet: bool, kind: str = "mp4"
) -> int:
    """Have the recording exported and write the file; its size in bytes. `quiet`: no progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=quiet) as bar, replacing(out) as sink:
        task = bar.add_task("exporting", total=1.0)
        job_id = client.recordings.start_export(recording_id, kind=kind)
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
