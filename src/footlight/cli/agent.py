"""`footlight agent`: this machine as a host of a site, and what is wrong with it."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footlight.cli.call import end
from footlight.cli.exits import ExitCode
from footlight.cli.output import print_json, print_line, say

if TYPE_CHECKING:  # every other command does without the agent
    from footlight.agent.finding import Finding
    from footlight.config import SiteConfig

app = typer.Typer(
    help="Run this machine as a host of a site.", invoke_without_command=True, no_args_is_help=False
)

DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", help="Folder of the host's keys and recordings that are not stored."
    ),
]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="TOML file of options.")]
Listen = Annotated[
    str,
    typer.Option("--listen", help="HOST:PORT where servers reach this host; off: it reaches them."),
]
_MARKS = {"good": "ok  ", "note": "note", "bad": "BAD "}


@app.callback()
def agent(
    context: typer.Context,
    server: Annotated[str, typer.Option("--server", help="Site, as https://HOST:PORT.")] = "",
    enroll: Annotated[
        str, typer.Option("--enroll", metavar="CODE", help="Code of `footlight hosts enroll`.")
    ] = "",
    name: Annotated[
        str, typer.Option("--name", help="What the site calls this host; else its host name.")
    ] = "",
    ca_file: Annotated[
        Path | None, typer.Option("--ca-file", help="Certificate that signs for the site.")
    ] = None,
    data_dir: DataFolder = None,
    listen: Listen = "off",
    ready_file: Annotated[
        Path | None, typer.Option("--ready-file", help="Written when the host serves sessions.")
    ] = None,
    end_sessions: Annotated[
        bool, typer.Option("--end-sessions", help="Log sessions off at a clean end.")
    ] = False,
    log_level: Annotated[
        str | None, typer.Option("--log-level", help="debug, info, warning or error.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Run this machine as a host of a site, until SIGINT or SIGTERM. Its sessions stay when it ends, and the next start
    takes them up. The first start needs --server and --enroll, later ones neither."""
    if context.invoked_subcommand is not None:
        return

    def work() -> ExitCode:
        from footlight.host_process import HostOptions, run_host

        flags = {"ready_file": ready_file, "log_level": log_level}
        options = HostOptions(
            site=_config(config, data_dir, flags),
            server=server,
            enroll=enroll,
            name=name,
            ca_file=ca_file,
            listen=listen,
            keep_sessions=not end_sessions,
        )
        return ExitCode(run_host(options))

    end(work)


@app.command("doctor")
def doctor(
    data_dir: DataFolder = None,
    listen: Listen = "off",
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="What was found, on one line.")] = False,
) -> None:
    """Say what is wrong with this host, and what to do about it. Changes nothing; exit code 1 when something keeps it
    from serving sessions."""

    def work() -> ExitCode:
        from importlib.metadata import version

        from footlight.agent.doctor import Patient, examine
        from footlight.clock import SystemClock

        site = _config(config, data_dir, {})
        patient = Patient(site.data_dir, listen, site.pam_service, version("footlight"))
        found = examine(patient, SystemClock())
        if as_json:
            print_json({"healthy": _is_well(found), "findings": [asdict(one) for one in found]})
        else:
            _print(found)
        return ExitCode.DONE if _is_well(found) else ExitCode.FAILED

    end(work)


def _print(found: list[Finding]) -> None:
    for one in found:
        print_line(f"{_MARKS[one.how]}  {one.check}: {one.says}")
        if one.do and one.how != "good":
            print_line(f"      -> {one.do}")
    say("This host is well." if _is_well(found) else "Something keeps this host from serving.")


def _is_well(found: list[Finding]) -> bool:
    return all(one.how != "bad" for one in found)


def _config(file: Path | None, data_dir: Path | None, flags: dict[str, Any]) -> SiteConfig:
    """The options that a host shares with a site; its data folder is another by default."""
    from footlight.config_sources import load_config
    from footlight.host_process import default_data_dir

    if data_dir is None and file is None and "FOOTLIGHT_DATA_DIR" not in os.environ:
        data_dir = default_data_dir()
    return load_config(file, os.environ, {**flags, "data_dir": data_dir})
