"""`footlight recordings events` and `... markers`: what happened in a recording, and what people say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from footlight.cli.call import Call, command
from footlight.cli.output import print_table, printable, say

app = typer.Typer(help="Mark moments of recordings.", no_args_is_help=True)

RecordingId = Annotated[str, typer.Argument(metavar="RECORDING_ID", help="Id of the recording.")]
MarkerId = Annotated[str, typer.Argument(metavar="MARKER_ID", help="Id of the marker.")]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="What to say of the moment.")]


def events(
    call: Call,
    recording_id: RecordingId,
    types: Annotated[
        str | None, typer.Option("--type", help="Of these types, with commas between.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help="With that text in them.")] = None,
    since: Annotated[
        float | None, typer.Option("--from", min=0, help="Seconds of recording time.")
    ] = None,
    until: Annotated[
        float | None, typer.Option("--to", min=0, help="Seconds of recording time.")
    ] = None,
) -> None:
    """List what happened in a recording."""
    found = list(
        call.client.recordings.events(
            recording_id,
            type=types,
            text=text,
            from_ms=None if since is None else round(since * 1000),
            to_ms=None if until is None else round(until * 1000),
        )
    )
    rows = [(_moment(one["atMs"]), one["type"], printable(_told(one))) for one in found]
    call.show(found, lambda: print_table(("AT", "EVENT", "WHAT"), rows))


@command(app, "list")
def list_markers(call: Call, recording_id: RecordingId) -> None:
    """List markers and comments of a recording."""
    items = call.client.recordings.markers.list(recording_id)["items"]
    rows = [
        (one["id"], _moment(one["atMs"]), one["kind"], one["author"], printable(one["text"]))
        for one in items
    ]
    call.show(items, lambda: print_table(("MARKER", "AT", "KIND", "AUTHOR", "TEXT"), rows))


@command(app, "add")
def add(
    call: Call,
    recording_id: RecordingId,
    text: Text,
    at: Annotated[
        float | None,
        typer.Option("--at", min=0, help="Seconds of recording time; by default now."),
    ] = None,
    comment: Annotated[bool, typer.Option("--comment", help="A comment, not a marker.")] = False,
) -> None:
    """Mark a moment of a recording."""
    made = call.client.recordings.markers.add(
        recording_id,
        text,
        at_ms=None if at is None else round(at * 1000),
        kind="comment" if comment else "marker",
    )
    call.show(made, lambda: say(f"{made['id']} at {_moment(made['atMs'])}"))


@command(app, "change")
def change(call: Call, recording_id: RecordingId, marker_id: MarkerId, text: Text) -> None:
    """Give a marker of one's own another text."""
    changed = call.client.recordings.markers.change(recording_id, marker_id, text)
    call.show(changed, lambda: say(f"{changed['id']} is changed"))


@command(app, "delete")
def delete(call: Call, recording_id: RecordingId, marker_id: MarkerId) -> None:
    """Remove a marker."""
    call.client.recordings.markers.delete(recording_id, marker_id)
    if not call.as_json:
        say(f"{marker_id} is deleted")


def _moment(at_ms: int) -> str:
    """1:02:03.4"""
    tenths = at_ms // 100
    return f"{tenths // 36000}:{tenths // 600 % 60:02}:{tenths // 10 % 60:02}.{tenths % 10}"


def _told(event: Mapping[str, Any]) -> str:
    """The members of an event in one line."""
    told = {name: value for name, value in event.items() if name not in ("type", "atMs")}
    return ", ".join(f"{name} {value}" for name, value in told.items() if value is not None)
