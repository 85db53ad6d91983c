"""The footlight command: its groups and its start."""

from __future__ import annotations

from typing import Annotated

import typer

from footlight.cli import (
    accounts,
    admin,
    agent,
    bus,
    connect,
    db,
    demo,
    hosts,
    inventory,
    jobs,
    launch,
    login,
    policies,
    record,
    recordings,
    samples,
    serve,
    sessions,
    site,
    stand_in,
    up,
)
from footlight.garbage import look_seldom

app = typer.Typer(
    name="footlight",
    help="Session broker and session recorder.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("footlight"))
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Session broker and session recorder."""


for part in (up, serve, bus, launch, connect, site, samples, demo, login):
    part.register(app)
for name, group in (
    ("sessions", sessions.app),
    ("record", record.app),
    ("recordings", recordings.app),
    ("policies", policies.app),
    ("site", site.site_app),
    ("resources", site.resources_app),
    ("jobs", jobs.app),
    ("hosts", hosts.app),
    ("agent", agent.app),
    ("accounts", accounts.app),
    ("simulation", stand_in.simulation_app),
    ("faults", stand_in.faults_app),
    ("admin", admin.app),
    ("db", db.app),
):
    app.add_typer(group, name=name)
inventory.register(app)


def main() -> None:
    """Entry point of the console script."""
    look_seldom()
    app()
