"""The groups of commands that are made from what the SDK declares."""

from __future__ import annotations

import typer

from footlight.cli.collection import Group, add_commands
from footlight.sdk.resources.machines import Applications, Machines
from footlight.sdk.resources.server import Server
from footlight.sdk.resources.sites import Sites

SESSION = ("Id", "User.Name", "Machine.Name", "SessionType", "State", "Name")

GROUPS = (
    Group("machines", "machines", Machines, "The site's machines.", SESSION),
    Group("applications", "applications", Applications, "Published applications.", SESSION),
    Group("sites", "sites", Sites, "The site."),
    Group("server", "server", Server, "The server itself."),
)


def register(app: typer.Typer) -> None:
    """Add the groups."""
    for group in GROUPS:
        made = typer.Typer(help=group.help, no_args_is_help=True)
        add_commands(made, group)
        app.add_typer(made, name=group.name)
