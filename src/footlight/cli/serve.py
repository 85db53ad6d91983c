"""`footlight serve`: one of a site's servers in the foreground."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from footlight.cli.call import end
from footlight.cli.exits import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    database: Annotated[
        str | None, typer.Option(help="postgresql://USER@HOST:PORT/NAME, which all servers share.")
    ] = None,
    database_password_file: Annotated[
        Path | None, typer.Option(help="Holds the database's password.")
    ] = None,
    bus_url: Annotated[
        str | None, typer.Option(help="HOST:PORT,...: the site's NATS servers.")
    ] = None,
    keys_dir: Annotated[
        Path | None, typer.Option(help="Folder of the site's keys, a copy of the first server's.")
    ] = None,
    objects: Annotated[
        str | None, typer.Option(help="s3://BUCKET/PREFIX, or a folder that all servers share.")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of this server's own: caches, its certificate.")
    ] = None,
    listen: Annotated[str | None, typer.Option(help="HOST:PORT; port 0 picks a free one.")] = None,
    tls: Annotated[str | None, typer.Option(help="auto, off (loopback only) or CERT,KEY.")] = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="Written when the server is ready.")
    ] = None,
    admin_password_file: Annotated[
        Path | None, typer.Option(help="Holds the administrator's password.")
    ] = None,
    rate_limit: Annotated[
        str | None, typer.Option(help="auto, off or PER_SECOND[,AT_ONCE] of one account.")
    ] = None,
    audit_file: Annotated[
        Path | None, typer.Option(help="Audit entries are appended to it as lines of JSON.")
    ] = None,
    audit_syslog: Annotated[
        str | None, typer.Option(help="udp://HOST:PORT or tcp://HOST:PORT: sends audit entries.")
    ] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file of options.")] = None,
) -> None:
    """Run one of a site's servers, any number of which share a database and a bus, until SIGINT or SIGTERM."""
    flags = {
        "database": database,
        "database_password_file": database_password_file,
        "bus_url": bus_url,
        "keys_dir": keys_dir,
        "objects": objects,
        "data_dir": data_dir,
        "listen": listen,
        "tls": tls,
        "ready_file": ready_file,
        "admin_password_file": admin_password_file,
        "rate_limit": rate_limit,
        "audit_file": audit_file,
        "audit_syslog": audit_syslog,
        "log_level": log_level,
    }

    def work() -> ExitCode:
        # Imported here: every other command does without the server.
        from footlight.config_sources import load_config
        from footlight.serve import run_server

        return ExitCode(run_server(load_config(config, os.environ, flags)))

    end(work)
