"""`footlight sessions`: list, search, show, logs, log off, disconnect, hide, message; `files` is session_files.py."""

from __future__ import annotations

import shlex
from enum import StrEnum
from typing import Annotated

import typer

from footlight.cli import policies, session_files
from footlight.cli.call import Call, command
from footlight.cli.collection import Group, add_commands
from footlight.cli.conditions import AnyOf, Sort, TimeZone, Where, Words, search_body
from footlight.cli.exits import ExitCode
from footlight.cli.output import print_line, print_members, print_table, printable, say
from footlight.sdk import NotFound, StatusError
from footlight.sdk.resources.sessions import Sessions
from footlight.sdk.types.own import Program, SessionRow
from footlight.sdk.types.session import MessageStyle, Session

app = typer.Typer(help="See sessions, act on them, end them.", no_args_is_help=True)
app.add_typer(session_files.app, name="files")

SessionId = Annotated[str, typer.Argument(metavar="SESSION_ID", help="Id of the session.")]
PageSize = Annotated[
    int | None, typer.Option("--page-size", min=1, max=1000, help="Items asked for at once.")
]

Title = Annotated[str, typer.Option("--title", help="At most 256 characters.")]
ViewOnly = Annotated[bool, typer.Option("--view-only", help="For watching only.")]
COLUMNS = ("Id", "User.Name", "State", "Name", "id", "userName", "state", "startedAt")
Text = Annotated[str, typer.Option("--text", help="1 to 4096 characters.")]


class _Style(StrEnum):
    """What the sign beside the text says."""

    CRITICAL = "critical"
    QUESTION = "question"
    WARNING = "exclamation"
    INFO = "information"


_STYLES: dict[_Style, MessageStyle] = {
    _Style.CRITICAL: "Critical",
    _Style.QUESTION: "Question",
    _Style.WARNING: "Exclamation",
    _Style.INFO: "Information",
}
Style = Annotated[_Style, typer.Option("--style", help="Its sign and colour.")]


@command(app, "list")
def list_sessions(call: Call, page_size: PageSize = None) -> None:
    """List all sessions."""
    _show_all(call, list(call.client.sessions.list(limit=page_size)))


@command(app, "search")
def search(
    call: Call,
    text: Words = None,
    where: Where = None,
    sort: Sort = None,
    any_of: AnyOf = False,
    time_zone: TimeZone = None,
    page_size: PageSize = None,
) -> None:
    """List the sessions that match TEXT (in a name or address) and every --where."""
    body = search_body(text, where, sort, any_of=any_of)
    found = call.client.sessions.search(
        body.get("BasicSearchString"),
        filters=body.get("SearchFilters", ()),
        groups=body.get("SearchFilterGroups", ()),
        sort=body.get("SortCriteriaItems", ()),
        time_zone=time_zone,
        limit=page_size,
    )
    _show_all(call, list(found))


@command(app, "rows")
def rows(
    call: Call,
    text: Words = None,
    where: Where = None,
    sort: Sort = None,
    any_of: AnyOf = False,
    time_zone: TimeZone = None,
    page_size: PageSize = None,
) -> None:
    """List the sessions that match as the console does, with how their recording goes: --where takes Recording and
    RecordingHealth too, such as RecordingHealth:In:delayed,failed,refused."""
    body = search_body(text, where, sort, any_of=any_of)
    found = list(
        call.client.sessions.rows(
            body.get("BasicSearchString"),
            filters=body.get("SearchFilters", ()),
            groups=body.get("SearchFilterGroups", ()),
            sort=body.get("SortCriteriaItems", ()),
            time_zone=time_zone,
            limit=page_size,
        )
    )

    def for_people() -> None:
        columns = ("SESSION", "USER", "MACHINE", "RESOURCE", "STATE", "RECORDING", "PROBLEM")
        print_table(columns, [_row_of_row(row) for row in found])

    call.show(found, for_people)


def _show_all(call: Call, sessions: list[Session]) -> None:
    def for_people() -> None:
        columns = ("SESSION", "USER", "MACHINE", "TYPE", "STATE", "SINCE", "STARTED")
        print_table(columns, [_row(session) for session in sessions])

    call.show(sessions, for_people)


@command(app, "show")
def show(call: Call, session_id: SessionId) -> ExitCode | None:
    """Show one session."""
    try:
        session = call.client.sessions.get(session_id)
    except NotFound:
        return _explain_end(call, session_id)
    call.show(session, lambda: print_members(session))
    return None


@command(app, "logs")
def logs(call: Call, session_id: SessionId) -> None:
    """Print what each program of a session said, and how it ended; also for 24 h after the session's end."""
    found = call.client.sessions.logs(session_id)

    def for_people() -> None:
        for program in found["programs"]:
            print_line(printable(f"== {program['role']}: {_how_it_is(program)}"))
            if program["dropped"]:
                print_line(f"... {program['dropped']} characters before this are not kept")
            said = printable("".join(piece["text"] for piece in program["output"]))
            if said:
                print_line(said.removesuffix("\n"))

    call.show(found, for_people)


@command(app, "logoff")
def logoff(call: Call, session_id: SessionId) -> None:
    """Log a session off: its programs end, unsaved work is lost."""
    call.client.sessions.logoff(session_id)
    if not call.as_json:
        say(f"session {session_id} is logging off")


@command(app, "disconnect")
def disconnect(call: Call, session_id: SessionId) -> None:
    """Close a session's viewer; the session goes on."""
    session = call.client.sessions.disconnect(session_id)
    call.show(session, lambda: say(f"session {session_id} is {session['State'].lower()}"))


@command(app, "hide")
def hide(call: Call, session_id: SessionId) -> None:
    """Keep launches from taking a session up: they start a new one instead."""
    call.client.sessions.hide(session_id)
    if not call.as_json:
        say(f"session {session_id} is hidden")


@command(app, "unhide")
def unhide(call: Call, session_id: SessionId) -> None:
    """Let launches take a hidden session up again."""
    call.client.sessions.unhide(session_id)
    if not call.as_json:
        say(f"session {session_id} is no longer hidden")


@command(app, "message")
def message(
    call: Call, session_id: SessionId, text: Text, title: Title = "", style: Style = _Style.INFO
) -> None:
    """Show a message on a session's screen; returns once it is there."""
    session = call.client.sessions.send_message(session_id, title, text, _STYLES[style])
    call.show(session, lambda: say(f"session {session_id} shows the message"))


@command(app, "restart-window-manager")
def restart_window_manager(call: Call, session_id: SessionId) -> None:
    """Replace a session's window manager that hangs; programs and their windows stay."""
    view = call.client.sessions.restart_window_manager(session_id)
    call.show(view, lambda: say(f"session {session_id} has a new window manager"))


@command(app, "why-recorded")
def why_recorded(call: Call, session_id: SessionId) -> None:
    """Say why a session is recorded, or is not: what comes of each recording policy."""
    found = call.client.sessions.why_recorded(session_id)
    call.show(found, lambda: policies.print_decision(found))


@command(app, "ticket")
def ticket(call: Call, session_id: SessionId, view_only: ViewOnly = False) -> None:
    """Print a one-time ticket (60 s) for a session's display."""
    made = call.client.sessions.ticket(session_id, mode="view" if view_only else "interactive")
    call.show(made, lambda: print_line(made["ticket"]))


OPERATIONS = Group("sessions", "sessions", Sessions, "", COLUMNS)
add_commands(app, OPERATIONS)


def _explain_end(call: Call, session_id: str) -> ExitCode:
    """A session that has ended is not in the API any more, but our own view still knows why."""
    try:
        view = call.client.sessions.view(session_id)
    except StatusError:
        say(f"footlight: there is no session {session_id}")
        return ExitCode.REFUSED
    code = "" if view.get("exitCode") is None else f", exit code {view['exitCode']}"
    say(f"footlight: session {session_id} has ended: {view.get('endReason') or 'no reason'}{code}")
    return ExitCode.REFUSED


def _how_it_is(program: Program) -> str:
    command = shlex.join(program["command"])
    if program["pid"] is None:
        return f"{command} could not start"
    if program["endedAt"] is None:
        return f"{command} runs (pid {program['pid']})"
    if program["signal"] is not None:
        return f"{command} was killed by {program['signal']}"
    return f"{command} ended with exit code {program['exitCode']}"


def _row_of_row(row: SessionRow) -> tuple[object, ...]:
    health = row["recordingHealth"] or ("recording" if row["recording"] else None)
    return (
        row["id"],
        row["userName"],
        row["machineName"],
        row["resourceName"],
        row["state"],
        health,
        row["recordingProblem"],
    )


def _row(session: Session) -> tuple[object, ...]:
    return (
        session["Id"],
        session["User"]["Name"],
        session["Machine"]["Name"],
        session["SessionType"],
        session["State"],
        session["FormattedStateChangeTime"],
        session["FormattedStartTime"],
    )
