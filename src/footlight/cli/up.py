"""`footlight up`: the embedded site in the foreground."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from footlight.cli.call import end
from footlight.cli.exits import ExitCode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of all that the site keeps.")
    ] = None,
    listen: Annotated[str | None, typer.Option(help="HOST:PORT; port 0 picks a free one.")] = None,
    bus_listen: Annotated[
        str | None, typer.Option(help="HOST:PORT of the bus that hosts on other machines come to.")
    ] = None,
    tls: Annotated[str | None, typer.Option(help="auto, off (loopback only) or CERT,KEY.")] = None,
    ready_file: Annotated[Path | None, typer.Option(help="Written when the site is ready.")] = None,
    admin_password_file: Annotated[
        Path | None, typer.Option(help="Holds the administrator's password.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="postgresql://USER@HOST:PORT/NAME; else SQLite.")
    ] = None,
    database_password_file: Annotated[
        Path | None, typer.Option(help="Holds the database's password.")
    ] = None,
    sample_apps: Annotated[
        bool | None, typer.Option("--sample-apps/--no-sample-apps", help="Publish the samples.")
    ] = None,
    no_agent: Annotated[bool, typer.Option("--no-agent", help="Run no session host.")] = False,
    keep_sessions: Annotated[
        bool, typer.Option("--keep-sessions", help="Leave sessions running at a clean end.")
    ] = False,
    stand_in: Annotated[
        bool, typer.Option("--stand-in", help="Allow simulated hosts and faults on purpose.")
    ] = False,
    sim: Annotated[
        str | None,
        typer.Option(metavar="MACHINES,SESSIONS", help="Start with a simulated fleet."),
    ] = None,
    churn: Annotated[
        str | None, typer.Option(help="Session changes of the fleet, per second.")
    ] = None,
    sim_seed: Annotated[int | None, typer.Option(help="Seed of the simulated fleet.")] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A fault on purpose: throttle=0.1, delay=200."),
    ] = None,
    server_header: Annotated[str | None, typer.Option(help="Value of the Server header.")] = None,
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
    """Run the site: server, session host, database and recordings, until SIGINT or SIGTERM."""
    flags = {
        "data_dir": data_dir,
        "listen": listen,
        "bus_listen": bus_listen,
        "tls": tls,
        "ready_file": ready_file,
        "admin_password_file": admin_password_file,
        "database": database,
        "database_password_file": database_password_file,
        "sample_apps": sample_apps,
        "agent": False if no_agent else None,
        "keep_sessions": True if keep_sessions else None,
        "stand_in": True if stand_in else None,
        "sim": sim,
        "churn": churn,
        "sim_seed": sim_seed,
        "faults": ",".join(fault) if fault else None,
        "server_header": server_header,
        "rate_limit": rate_limit,
        "audit_file": audit_file,
        "audit_syslog": audit_syslog,
        "log_level": log_level,
    }

    def work() -> ExitCode:
        # Imported here: every other command does without the server.
        from footlight.config_sources import load_config
        from footlight.serve import run_site

        return ExitCode(run_site(load_config(config, os.environ, flags)))

    end(work)
