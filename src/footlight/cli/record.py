"""`footlight record`: start and stop recording a live session."""

from __future__ import annotations

from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.output import print_line, say
from footlight.cli.sessions import SessionId

app = typer.Typer(help="Record a session.", no_args_is_help=True)


@command(app, "start")
def start(
    call: Call,
    session_id: SessionId,
    notify: Annotated[
        bool, typer.Option("--notify/--no-notify", help="Tell the user on the screen.")
    ] = True,
) -> None:
    """Start recording; returns once the first picture is on disk."""
    session = call.client.sessions.start_recording(session_id, notify_user=notify)
    call.show(session, lambda: say(f"session {session_id} is being recorded"))


@command(app, "stop")
def stop(call: Call, session_id: SessionId) -> None:
    """Stop recording; returns once the last segment is sealed."""
    session = call.client.sessions.stop_recording(session_id)
    call.show(session, lambda: say(f"session {session_id} is no longer recorded"))


@command(app, "status")
def status(call: Call, session_id: SessionId) -> None:
    """Say whether a session is being recorded now."""
    recorded = call.client.sessions.recording_status(session_id)
    answer = {"IsSessionBeingRecorded": recorded}
    call.show(answer, lambda: print_line("recording" if recorded else "not recording"))
