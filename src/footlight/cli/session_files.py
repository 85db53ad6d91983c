"""`footlight sessions files`: list, get, put, delete in the drop folder of a running session."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from footlight.cli.call import Call, command
from footlight.cli.exits import Failed
from footlight.cli.output import print_table, printable, say
from footlight.cli.recordings import replacing
from footlight.sdk.flow import Progress as Report

app = typer.Typer(help="Files in a session's drop folder.", no_args_is_help=True)

SessionId = Annotated[str, typer.Argument(metavar="SESSION_ID", help="Id of the session.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the file in the folder.")]
PageSize = Annotated[
    int | None, typer.Option("--page-size", min=1, max=1000, help="Items asked for at once.")
]


@command(app, "list")
def list_files(call: Call, session_id: SessionId, page_size: PageSize = None) -> None:
    """List the files of a session's drop folder."""
    files = list(call.client.sessions.files(session_id, limit=page_size))

    def for_people() -> None:
        rows = [(printable(one["name"]), one["sizeBytes"], one["modifiedAt"]) for one in files]
        print_table(("NAME", "BYTES", "MODIFIED"), rows)

    call.show(files, for_people)


@command(app, "get")
def get(
    call: Call,
    session_id: SessionId,
    name: Name,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; by default NAME, here.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace one that is here.")
    ] = False,
) -> None:
    """Fetch a file from a session's drop folder."""
    path = out or Path(Path(name).name)
    if path.exists() and not overwrite:
        raise Failed(f"{path} is there already (--overwrite replaces it)")
    with _bar(call, "fetching") as progress, replacing(path) as sink:
        size = call.client.sessions.get_file(session_id, name, sink, progress=progress)
    done = {"name": name, "file": str(path), "sizeBytes": size}
    call.show(done, lambda: say(printable(f"{path}: {size} bytes")))


@command(app, "put")
def put(
    call: Call,
    session_id: SessionId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to send.")],
    name: Annotated[
        str | None, typer.Option("--name", help="What it is called there; by default as here.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace one that is there.")
    ] = False,
) -> None:
    """Put a file into a session's drop folder."""
    try:
        source = file.open("rb")
    except OSError as error:
        raise Failed(f"{file}: {error.strerror}") from error
    with source, _bar(call, "sending") as progress:
        stored = call.client.sessions.put_file(
            session_id, name or file.name, source, overwrite=overwrite, progress=progress
        )
    call.show(stored, lambda: say(printable(f"{stored['name']}: {stored['sizeBytes']} bytes")))


@command(app, "delete")
def delete(call: Call, session_id: SessionId, name: Name) -> None:
    """Delete a file from a session's drop folder."""
    call.client.sessions.delete_file(session_id, name)
    if not call.as_json:
        say(printable(f"{name} is deleted"))


@contextmanager
def _bar(call: Call, word: str) -> Iterator[Report]:
    """A bar for people, on standard error."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stderr), disable=call.as_json) as bar:
        task = bar.add_task(word, total=None)

        def report(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield report
