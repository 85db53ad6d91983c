"""`footlight bus`: the site's NATS server in the foreground."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from footlight.cli.call import end
from footlight.cli.exits import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bus")(bus)


def bus(
    listen: Annotated[
        str | None, typer.Option(help="HOST:PORT where servers and hosts reach it.")
    ] = None,
    keys_dir: Annotated[
        Path | None, typer.Option(help="Folder of the site's keys, a copy of the first server's.")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Its own things are in the folder bus of it.")
    ] = None,
    posts_dir: Annotated[
        Path | None, typer.Option(help="Folder of what hosts report while no server runs.")
    ] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file of options.")] = None,
) -> None:
    """Run the site's NATS server, through which servers and hosts speak, until SIGINT or SIGTERM."""
    flags = {
        "bus_listen": listen,
        "keys_dir": keys_dir,
        "data_dir": data_dir,
        "bus_posts_dir": posts_dir,
        "log_level": log_level,
    }

    def work() -> ExitCode:
        # Imported here: every other command does without it.
        from footlight.bus_process import run_bus
        from footlight.config_sources import load_config

        return ExitCode(run_bus(load_config(config, os.environ, flags)))

    end(work)
