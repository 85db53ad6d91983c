"""`footlight launch`: start a session, or take one up."""

from __future__ import annotations

from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.output import print_line, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "launch")(launch)


def launch(
    call: Call,
    resource: Annotated[str, typer.Argument(help="Name or id of a published resource.")],
    machine: Annotated[str | None, typer.Option("--machine", help="Run on this machine.")] = None,
    account: Annotated[str | None, typer.Option("--as", help="Launch for this account.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Never take up a running session.")] = False,
    wait: Annotated[
        int | None,
        typer.Option(
            "--wait",
            min=0,
            metavar="SECONDS",
            help="Wait so long for a machine when none is free; default: as the site has it.",
        ),
    ] = None,
) -> None:
    """Start a session of RESOURCE, or take up the running one; prints its id."""
    launched = call.client.launches.create(
        resource, machine=machine, user=account, new=new, wait_s=wait
    )

    def for_people() -> None:
        print_line(launched["sessionId"])
        say(f"on {launched['machine']}; open {call.client.base_url}{launched['displayPath']}")
        for note in launched.get("notes", []):
            say(note)

    call.show(launched, for_people)
